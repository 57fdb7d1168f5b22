"""100 000 articles out of a CSV file: from `run` until the last one is there, journaled on the majority.

Each row has a title, a text and six extension fields (two filterable, one searchable) and goes through the
actions of the API: rights, rules, cleaned text, validation, what it is found by, audit, external key. Real
jobs process, real object store, real mongod (w: majority, j: true). `BENCH_ROWS` takes another number.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec

from benchmarks.harness import Goal, Report
from benchmarks.order import child, spent, worker
from benchmarks.references import DiskSyncs, journaled_insert
from content.bulk import actions
from content.bulk.store import imports
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from content.models.actions import drafting, publishing
from content.models.views import NewModel, Publication
from infra.embedded import (
    find_mongod,
    initiate,
    mongod_command,
    mongod_environment,
    store_command,
    store_environment,
    wait_for_store,
)
from infra.mongo import Database
from infra.settings import Settings, to_environ
from schemas.accounts import SYSTEM, Actor, Role
from schemas.bulk import Import, ImportState, NounName
from schemas.models import Layer
from tests.conftest import fresh_settings
from tests.content.models.making import field, model
from tests.web.shop import person
from tests.workers.pay_sandbox.market import until
from workers.nouns import nouns_of
from workers.web.services import Services, open_services

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
GOAL_S = Goal("<=", 60)
PATIENCE_S = 900.0
LOOK_S = 0.25
SCENES = ["红", "green", "b l u e"]
WORDS = "春茶 新品 上市 直播 专场 好物 推荐 秋冬 白瓷 铁壶 手工 产地 直供 限时 优惠 门店 自提"
EXTENSION = {
    "tier": field("choice", "tier", note={"filterable": True}),
    "year": field("integer", "year", note={"filterable": True}),
    "summary": field("text", "summary", note={"searchable": True}, maxLength=200),
    "fresh": field("boolean", "fresh"),
    "since": field("date", "since"),
    "weight": field("number", "weight"),
}


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        settings = msgspec.structs.replace(fresh_settings(Path(folder)), log_level="warning")
        async with running(settings) as (services, processes):
            business = await create_business(services.db, SYSTEM, NewBusiness(name="茶器", slug="tea"))
            await publish_articles(services.db, business.id)
            operator = await person(services, "operator", {business.id: [Role.BUSINESS_OPERATOR]})
            body = table()
            reference = await journaled_insert(services.db)
            brought = await actions.upload(
                *(services.db, services.objects, nouns_of, operator.actor),
                *(business.id, NounName.CONTENTS, "articles.csv.gz", body),
            )
            before = spent(processes)
            disk = DiskSyncs(settings.data)
            with disk.watched():
                took_s, done = await imported(services, operator.actor, brought)
            after = spent(processes)
            for name in ("contents", "facets", "external_keys"):
                count = await services.db.collection(name).count({})
                assert count == ROWS, f"{count} of {ROWS} in {name}"
            assert (done.created, done.failed) == (ROWS, 0), done
    each = {name: (after[name] - before[name]) * 1000 / ROWS for name in after}
    report.note(
        f"{ROWS} rows, {len(body) / 1e6:.1f} MB packed: {ROWS / took_s:.0f} a second; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    report.note(f"CPU ms a row: {', '.join(f'{name} {ms:.2f}' for name, ms in each.items())}")
    report.note(f"{disk}")
    report.absolute("bulk-import-100k", took_s * 100_000 / ROWS, "s", GOAL_S, reference)


async def imported(services: Services, actor: Actor, brought: Import) -> tuple[float, Import]:
    """Run an import to its end; gives how long it took, s."""
    began = time.perf_counter()
    await actions.run(services.db, actor, brought.id)
    while time.perf_counter() - began < PATIENCE_S:
        current = await imports.get(services.db, brought.id)
        if current.state is not ImportState.RUNNING:
            return time.perf_counter() - began, current
        await asyncio.sleep(LOOK_S)
    raise TimeoutError(f"{current.cursor} rows after {PATIENCE_S} s")


async def publish_articles(db: Database, business: str) -> None:
    """Publish what articles hold besides their base fields."""
    begun = await drafting.create_model(db, SYSTEM, NewModel(business=business, layer=Layer.ARTICLE))
    saved = await drafting.save_draft(db, SYSTEM, begun.id, model(EXTENSION), rev=begun.rev)
    await publishing.publish_model(db, SYSTEM, begun.id, Publication(rev=saved.rev))


def table() -> bytes:
    """Make the file."""
    chance, words = random.Random(4), WORDS.split()
    out = io.StringIO()
    header = ["external", "kind", "title", "intro", "body", *(f"ext.{name}" for name in EXTENSION)]
    writer = csv.writer(out)
    writer.writerow(header)
    for number in range(ROWS):
        said = [" ".join(chance.choices(words, k=length)) for length in (4, 12, 60, 10)]
        body = f"<h2>{said[1]}</h2><p>{said[2]}</p>"
        own = [chance.choice(SCENES), chance.randrange(2000, 2030), said[3], "true", "2026-03-08", 1.5]
        writer.writerow([f"a{number}", "article", f"{said[0]} {number}", said[1], body, *own])
    return gzip.compress(out.getvalue().encode(), 6)


async def listens(port: int) -> bool:
    """Tell whether something of this machine listens."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[Services, dict[str, int]]]:
    """Start the servers and the jobs worker; gives their process ids."""
    processes = {}
    async with AsyncExitStack() as stack:
        mongod = mongod_command(settings, find_mongod(settings))
        processes["mongod"] = stack.enter_context(child(mongod, mongod_environment(settings.run_dir)))
        stack.enter_context(child(store_command(settings), store_environment(settings)))
        await asyncio.gather(initiate(settings), wait_for_store(settings))
        services = await stack.enter_async_context(open_services(settings))
        environment = {**os.environ, **to_environ(settings)}
        processes["jobs"] = stack.enter_context(child(worker("jobs"), environment))
        await until("the jobs worker", partial(listens, settings.jobs_port), 60)
        yield services, processes
