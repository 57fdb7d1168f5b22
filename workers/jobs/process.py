"""The jobs process from start to stop."""

import asyncio
import os
import signal
import threading

import commerce.indexes
import content.indexes
from commerce.orders.rounds import make_rounds
from commerce.payments.providers import providers_of
from commerce.stock import allotting
from content.audit import sealing
from content.bulk import exporting, importing, sweeping
from content.models import migration
from content.publishing import work as publishing
from content.uses import filling
from infra import jobs, outbox
from infra.mongo import connect_unless
from infra.objects import ObjectStore
from infra.outbox import Consumer
from infra.processes import calm_collector
from infra.retention import Retention
from infra.settings import Settings
from infra.telemetry import get_logger
from streaming.media.http import HttpServer
from streaming.media.recorder.store import RecordStore
from streaming.replay import store
from streaming.replay.workshop import Workshop
from workers.jobs.eviction import Evictor
from workers.jobs.health import Health
from workers.jobs.uploader import Uploader
from workers.jobs.work import handlers, listeners
from workers.nouns import nouns_of
from workers.references import references

AT_ONCE = 16
"""Jobs in hand: most only wait for the recorder; the workshop bounds the ffmpegs."""
PLANNED = 2
"""Planned work in hand, many jobs at once: nothing long keeps it from its time in a runner of its own."""
PLANNED_LEASE_MS = 3_000
"""It is short, so what a killed process had in hand is taken up soon."""
BULK = 2
"""Imports and exports in hand: each keeps a thread busy."""
GB = 1_000_000_000

log = get_logger("jobs")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    asyncio.run(_serve(settings))
    if any(thread.name.startswith("s3") and thread.is_alive() for thread in threading.enumerate()):
        # A thread may wait half a minute for a silent object store. What it does is done again anyway.
        os._exit(0)


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    db = await connect_unless(stop, settings)
    if db is None:
        return
    retention = Retention(db)
    objects = ObjectStore(settings, retention.until_of_key)
    shop = Workshop(db, objects, settings)
    await asyncio.to_thread(shop.tidy)
    for floor in (content.indexes, commerce.indexes, outbox, jobs, store):
        await floor.ensure_indexes(db)
    await RecordStore(db).ensure_indexes()
    await retention.ensure_indexes()

    await filling.ask(db)

    consumer = Consumer(db, "jobs", listeners(shop))
    calm_collector()
    health = HttpServer(Health(db, objects, consumer).handle)
    await health.start(settings.host, settings.jobs_port)
    limit_bytes = int(settings.media_limit_gb * GB)
    bulk = {
        **importing.handlers(db, objects, references(db).kinds, nouns_of),
        **exporting.handlers(db, objects, nouns_of, settings.file_days),
    }
    work = (
        consumer.run(),
        jobs.Runner(db, {**handlers(shop), **migration.handlers(db), **filling.handlers(db)}, AT_ONCE).run(),
        jobs.Runner(db, bulk, BULK).run(),
        sweeping.make_rounds(db, objects, settings.file_days),
        jobs.Runner(db, publishing.handlers(db, references(db)), PLANNED, PLANNED_LEASE_MS).run(),
        Uploader(db, objects, settings.recordings_dir).run(),
        Evictor(db, objects, settings.recordings_dir, limit_bytes).run(),
        make_rounds(db, providers_of(settings)),
        allotting.make_rounds(db),
        sealing.make_rounds(db),
    )
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
            log.info("started", port=settings.jobs_port)
            await stop.wait()
            for task in tasks:
                task.cancel()
    finally:
        await health.close()
        objects.close()
        db.close()
        log.info("stopped")
