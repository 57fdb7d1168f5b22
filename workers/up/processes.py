"""The processes of a copy, in the order in which they stop."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

from infra.settings import Settings, to_environ
from workers.up.health import reachable, until_ready
from workers.up.process import Spec

STOP_ORDER = (
    ("demo", "gate"),
    ("whip",),
    ("media",),
    ("web", "live", "jobs", "pay_sandbox"),
    ("objects", "database"),
)
"""Those of one row stop together; a row begins when the one before it is gone."""


def servers(settings: Settings) -> list[Spec]:
    """The database and the object store, where the settings don't name existing ones."""
    from infra.embedded import (
        find_mongod,
        initiate,
        mongod_command,
        mongod_environment,
        store_command,
        store_environment,
        wait_for_store,
    )

    logs = settings.data / "logs"
    found = []
    if not settings.mongodb_uri:
        found.append(
            Spec(
                "database",
                mongod_command(settings, find_mongod(settings)),
                mongod_environment(settings.run_dir),
                logs / "database.log",
                _patiently(initiate, settings),
                stop_within_s=30.0,
            )
        )
    if not settings.s3_endpoint:
        found.append(
            Spec(
                "objects",
                store_command(settings),
                store_environment(settings),
                logs / "objects.log",
                _patiently(wait_for_store, settings),
            )
        )
    return found


def workers(settings: Settings) -> list[Spec]:
    """Our own processes; each answers /readyz on its port."""
    ports = {
        "web": settings.web_port,
        "live": settings.live_port,
        "media": settings.media_port,
        "whip": settings.whip_port,
        "jobs": settings.jobs_port,
    }
    if settings.sandbox:
        ports["pay_sandbox"] = settings.pay_port
    if settings.lan:
        ports["gate"] = settings.https_port
    return [_worker(settings, name, _ready_on(settings, port)) for name, port in ports.items()]


def demo(settings: Settings) -> Spec:
    """The demo: its shop, its broadcaster and its audience."""
    return _worker(settings, "demo", _at_once)


def _worker(settings: Settings, name: str, ready: Callable[[], Awaitable[None]]) -> Spec:
    return Spec(
        name,
        [sys.executable, "-m", "workers.up.child", name],
        {**os.environ, **to_environ(settings)},
        settings.data / "logs" / f"{name}.log",
        ready,
        gated=True,
    )


def _ready_on(settings: Settings, port: int) -> Callable[[], Awaitable[None]]:
    return lambda: until_ready(reachable(settings.host), port)


def _patiently(
    wait: Callable[[Settings], Awaitable[None]], settings: Settings
) -> Callable[[], Awaitable[None]]:
    """The supervisor has its own time-out, so one of the wait itself only means: ask again."""

    async def ready() -> None:
        while True:
            try:
                return await wait(settings)
            except TimeoutError:
                await asyncio.sleep(0.1)

    return ready


async def _at_once() -> None:
    return None
