"""Snapshots: caches of a room's state. Losing them all costs time, never truth."""

from typing import Any, Protocol

import msgspec

from infra.mongo.protocol import Doc, Filter
from streaming.live_room.log.collection import Batches
from streaming.live_room.log.documents import EMPTY, Tail, tail_of
from streaming.live_room.log.reader import batch_at

COLLECTION = "room_snapshots"


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The state after `upto_seq`, good only with the same batch there and the same `evolve_version`."""

    upto_seq: int
    batch_hash: bytes
    evolve_version: int
    states: dict[str, bytes]
    windows: bytes


class Snapshots(Protocol):
    """The small part of a collection that snapshots stand in, one document per log."""

    async def find_one(self, where: Filter) -> Doc | None:
        """Give the document that matches."""

    async def replace_one(self, where: Filter, doc: Doc, *, upsert: bool = False) -> int:
        """Replace the first match."""


async def save(snapshots: Snapshots, log: str, snapshot: Snapshot) -> None:
    """Keep the newest snapshot of a log."""
    fields: dict[str, Any] = msgspec.structs.asdict(snapshot)
    await snapshots.replace_one({"_id": log}, {"_id": log, **fields}, upsert=True)


async def load(
    snapshots: Snapshots, batches: Batches, log: str, evolve_version: int
) -> tuple[Snapshot, Tail] | None:
    """Give the snapshot and its place in the log, if it fits the log and the code."""
    found = await snapshots.find_one({"_id": log})
    if found is None or found["evolve_version"] != evolve_version:
        return None
    snapshot = Snapshot(**{name: found[name] for name in Snapshot.__struct_fields__})
    standing = await batch_at(batches, log, snapshot.upto_seq)
    tail = tail_of(standing) if standing is not None else EMPTY
    fits = tail.seq == snapshot.upto_seq and tail.hash == snapshot.batch_hash
    return (snapshot, tail) if fits else None
