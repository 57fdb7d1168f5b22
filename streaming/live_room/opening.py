"""Opening a room: take its log over, then rebuild its state from snapshot and log."""

from collections.abc import Callable

import msgspec

from infra.clock import now_ms
from infra.telemetry import get_logger
from streaming.live_room.interactions.registry import EVOLVE_VERSION, ROOM, Registry
from streaming.live_room.log.collection import Batches
from streaming.live_room.log.reader import events_after, read_batches
from streaming.live_room.log.snapshots import Snapshots, load
from streaming.live_room.log.windows import Windows
from streaming.live_room.log.writer import LogWriter, SteppedDown
from streaming.live_room.ring import Ring
from streaming.live_room.room import Room
from streaming.live_room.state import RoomState

REMEMBERED = 500
"""Events read back into the ring when a room is opened."""

log = get_logger("room")


async def open_room(
    batches: Batches,
    snapshots: Snapshots,
    log_id: str,
    *,
    registry: Registry = ROOM,
    owns: Callable[[], bool] = lambda: True,
    clock: Callable[[], int] = now_ms,
) -> Room:
    """Become the owner of a log and stand at its end. Raises SteppedDown, LogBroken."""
    writer = LogWriter(batches, log_id)
    tail = await writer.take_over(clock())
    state = await rebuild(batches, snapshots, log_id, registry=registry)
    if state.tail != tail:
        raise SteppedDown(log_id)
    newest = await events_after(
        batches, log_id, max(0, tail.seq - REMEMBERED), vocabulary=registry.vocabulary
    )
    return Room(writer, state, Ring(newest), owns=owns, clock=clock)


async def rebuild(
    batches: Batches, snapshots: Snapshots, log_id: str, *, registry: Registry = ROOM
) -> RoomState:
    """Give the state at the end of a log, verified batch by batch from the last snapshot on."""
    state = await _from_snapshot(batches, snapshots, log_id, registry)
    async for batch in read_batches(batches, log_id, state.tail, vocabulary=registry.vocabulary):
        state.apply(batch.events, batch.origins)
        state.tail = batch.tail
    return state


async def _from_snapshot(
    batches: Batches, snapshots: Snapshots, log_id: str, registry: Registry
) -> RoomState:
    loaded = await load(snapshots, batches, log_id, EVOLVE_VERSION)
    if loaded is None:
        return RoomState(registry)
    snapshot, tail = loaded
    try:
        states = registry.load(snapshot.states)
        windows = msgspec.msgpack.decode(snapshot.windows, type=Windows)
    except (msgspec.DecodeError, KeyError) as error:
        log.warning("snapshot_not_used", log=log_id, reason=str(error))
        return RoomState(registry)
    state = RoomState(registry, states, windows)
    state.tail = tail
    return state
