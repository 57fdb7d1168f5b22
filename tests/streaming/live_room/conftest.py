"""Rooms on a real mongod."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from infra.mongo import Database
from streaming.live_room.interactions.registry import ROOM, Registry
from streaming.live_room.log import reader, snapshots
from streaming.live_room.log.writer import SteppedDown
from streaming.live_room.opening import open_room
from streaming.live_room.room import Room

LOG = "prg_1.1"
OpenRoom = Callable[..., Awaitable[Room]]


@pytest.fixture
async def opened(db: Database) -> AsyncIterator[OpenRoom]:
    """Opens and runs rooms of the log `LOG`; each call is another owner."""
    running: list[asyncio.Task[None]] = []

    async def serve(room: Room) -> None:
        with suppress(SteppedDown):
            await room.run()

    async def open_one(registry: Registry = ROOM) -> Room:
        room = await open_room(
            db.collection(reader.COLLECTION),
            db.collection(snapshots.COLLECTION),
            LOG,
            registry=registry,
        )
        running.append(asyncio.create_task(serve(room)))
        return room

    yield open_one
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
