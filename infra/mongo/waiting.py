"""A connection for a process that starts before its database."""

import asyncio
from contextlib import suppress

from infra.mongo.database import Database, connect
from infra.mongo.errors import Unavailable, Unknown
from infra.settings import Settings
from infra.telemetry import get_logger

RETRY_S = 1.0

log = get_logger("mongo")


async def connect_unless(stop: asyncio.Event, settings: Settings) -> Database | None:
    """Connect, however long the database takes to come; None if we are told to stop first."""
    while not stop.is_set():
        try:
            return await connect(settings)
        except (Unavailable, Unknown) as away:
            log.warning("database_away", why=str(away)[:200])
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RETRY_S)
    return None
