"""Reading a log: its tail, its batches in order and verified, its events of a time range."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from infra.mongo import Database
from schemas.room import RoomEvent
from streaming.live_room.log.collection import Batches, Document
from streaming.live_room.log.documents import (
    EMPTY,
    ROOM_EVENTS,
    Batch,
    LogBroken,
    Tail,
    batch_key,
    tail_of,
    unseal,
)

COLLECTION = "room_log"
"""Where the batches of all logs stand."""

CHUNK = 50
"""Batches read at once."""


async def ensure_indexes(db: Database) -> None:
    """Create the index of time ranges; everything else goes by `_id`."""
    await db.collection(COLLECTION).ensure_index([("log", 1), ("to_at", 1)], name="by_time")


async def read_tail(batches: Batches, log: str) -> Tail:
    """Find where a log stands; an unwritten log stands at 0."""
    last = await batches.find(_span(log, 0), sort=[("_id", -1)], limit=1)
    return tail_of(last[0]) if last else EMPTY


async def read_batches(
    batches: Batches,
    log: str,
    after: Tail = EMPTY,
    *,
    vocabulary: msgspec.json.Decoder[Any] = ROOM_EVENTS,
) -> AsyncIterator[Batch]:
    """Read all batches after a known place, each verified to continue the one before. Raises LogBroken."""
    previous = after
    while True:
        documents = await batches.find(_span(log, previous.seq + 1), sort=[("_id", 1)], limit=CHUNK)
        for document in documents:
            batch = unseal(document, vocabulary)
            continues(previous, batch)
            previous = batch.tail
            yield batch
        if len(documents) < CHUNK:
            return


async def batch_at(batches: Batches, log: str, seq: int) -> Document | None:
    """Find the batch document that holds a number."""
    found = await batches.find(
        {"_id": {"$gte": batch_key(log, 0), "$lte": batch_key(log, seq)}}, sort=[("_id", -1)], limit=1
    )
    return found[0] if found and found[0]["last_seq"] >= seq else None


async def events_after(
    batches: Batches,
    log: str,
    seq: int,
    *,
    limit: int = 5_000,
    vocabulary: msgspec.json.Decoder[Any] = ROOM_EVENTS,
) -> list[RoomEvent]:
    """Read the events with numbers above `seq`, whole batches at a time until there are `limit`."""
    holding = await batch_at(batches, log, seq + 1)
    if holding is None:
        return []
    first = unseal(holding, vocabulary)
    events = [event for event in first.events if event.seq > seq]
    async for batch in read_batches(batches, log, first.tail, vocabulary=vocabulary):
        if len(events) >= limit:
            break
        events += batch.events
    return events


async def events_between(batches: Batches, log: str, from_at: int, to_at: int) -> AsyncIterator[RoomEvent]:
    """Iterate the events of a time range, both ends included (epoch ms, the owner's clock).

    For timelines: replay chat, pins and shelf. Times never go back along a log.
    """
    seq = 0
    while True:
        documents = await batches.find(
            {"log": log, "to_at": {"$gte": from_at}, "_id": {"$gt": batch_key(log, seq)}},
            sort=[("_id", 1)],
            limit=CHUNK,
        )
        for document in documents:
            if document["from_at"] > to_at:
                return
            seq = document["first_seq"]
            for event in unseal(document).events:
                if from_at <= event.at <= to_at:
                    yield event
        if len(documents) < CHUNK:
            return


def continues(previous: Tail, batch: Batch) -> None:
    """Check that a batch follows a place in the log. Raises LogBroken."""
    if batch.first_seq != previous.seq + 1:
        raise LogBroken(f"{batch.log}: expected number {previous.seq + 1}, got {batch.first_seq}")
    if batch.prev_hash != previous.hash:
        raise LogBroken(f"{batch.log}: the chain breaks before number {batch.first_seq}")
    if batch.epoch < previous.epoch:
        raise LogBroken(
            f"{batch.log}: expected epoch >= {previous.epoch}, got {batch.epoch} at {batch.first_seq}"
        )


def _span(log: str, from_seq: int) -> dict[str, Any]:
    return {"_id": {"$gte": batch_key(log, from_seq), "$lt": f"{log};"}}
