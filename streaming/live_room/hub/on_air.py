"""One open room of this process: its engine, its people, its lease, its projections."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from infra.mongo import Database, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.content import Program
from schemas.room import AudienceSampled, ChatSent, LikesCounted, PacketGrabbed, RoomEvent, StockCounted
from streaming.live_room.audience import tell_audience
from streaming.live_room.hub.gathering import AUDIENCE_EVERY_S, RESUMED_MAX, Gathering
from streaming.live_room.hub.till import Till
from streaming.live_room.interactions.program import SetProgram
from streaming.live_room.interactions.shelf import SetShelf
from streaming.live_room.log import lease, reader, snapshots
from streaming.live_room.opening import open_room
from streaming.live_room.projections.projector import Fenced, Projector
from streaming.live_room.rains.desk import RainDesk
from streaming.live_room.rains.seeds import Seeds

SNAPSHOT_EVERY = 2_000
"""Events between two snapshots."""
PROJECT_EVERY_S = 1.0
"""How long projections may lag behind chat and grabs; pins and what ends are projected at once."""
LAST_WORK_S = 0.5
"""How long a stop waits for a snapshot, the projections, the lease: all can be done later as well."""
PROJECTION_RETRY_S = 10.0
COMMAND_S = 20.0
"""How long the platform waits for its own command to be durable."""

UNHURRIED = (ChatSent, LikesCounted, AudienceSampled, PacketGrabbed, StockCounted)
"""Events whose projections wait for the next round."""

log = get_logger("room")


class OnAir:
    """A room that this process owns and serves."""

    def __init__(self, db: Database, program: Program, gathering: Gathering, held: lease.Lease) -> None:
        self.program = program.id
        self.business = program.business
        self.gathering = gathering
        self.room = gathering.room
        self._db = db
        self._lease = held
        self._projector = Projector(db, program.log, program.id, program.business)
        self._project_now = asyncio.Event()
        self._project_now.set()
        self._snapshot_at = self.room.upto
        self._rains = gathering.rains
        self.till = Till(db, gathering)
        show = self.room.on_committed

        def committed(events: Sequence[RoomEvent]) -> None:
            show(events)
            self._rains.committed(events)
            if not all(isinstance(event, UNHURRIED) for event in events):
                self._project_now.set()

        self.room.on_committed = committed

    @classmethod
    async def open(cls, db: Database, program: Program, owner: lease.Owner, seeds: Seeds) -> "OnAir":
        """Take the room of a program over. Raises HeldElsewhere, SteppedDown, LogBroken, Unavailable."""
        held = lease.Lease(db.collection(lease.COLLECTION), program.log, owner)
        await held.take()
        batches = db.collection(reader.COLLECTION)
        kept = db.collection(snapshots.COLLECTION)
        room = await open_room(batches, kept, program.log, owns=lambda: held.valid)

        async def older(seq: int) -> list[RoomEvent]:
            return await reader.events_after(batches, program.log, seq, limit=RESUMED_MAX)

        rains = RainDesk(db, room, program, seeds)
        await rains.open()
        return cls(db, program, Gathering(room, program.id, program.title, older, rains), held)

    async def run(self) -> None:
        """Serve until cancelled; raises the reason when the room must be given up."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.room.run())
            tasks.create_task(self.gathering.run())
            tasks.create_task(self._lease.keep())
            tasks.create_task(self._rains.run())
            tasks.create_task(self.till.run())
            tasks.create_task(self._project())
            tasks.create_task(self._tell_audience())
            tasks.create_task(self._keep_snapshots())

    async def follow(self, program: Program) -> None:
        """Bring the room to where content has the program; telling it again changes nothing."""
        async with asyncio.timeout(COMMAND_S):
            await self.room.ask(SetShelf(offers=program.shelf))
            await self.room.ask(
                SetProgram(state=program.state, grace_until=program.grace_until, reason=program.end_reason)
            )
        self.till.look()

    async def close(self) -> None:
        """Finish what was taken, keep a snapshot, project, show everything, say that the room moves."""
        self.gathering.log_likes()
        await self.room.close()
        await self.gathering.flush()
        with suppress(Fenced, Unavailable, Unknown, TimeoutError):
            async with asyncio.timeout(LAST_WORK_S):
                kept = self._db.collection(snapshots.COLLECTION)
                await snapshots.save(kept, self.room.writer.log, self.room.snapshot())
                await self._projector.catch_up()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORK_S):
                await self._lease.release()

    def idle_s(self) -> float:
        """How long nobody has been here; while it rains, somebody may still come."""
        return (
            0.0 if self.gathering.viewers or self._rains.on else time.monotonic() - self.gathering.empty_since
        )

    async def _project(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(PROJECT_EVERY_S):
                    await self._project_now.wait()
            self._project_now.clear()
            try:
                await self._projector.catch_up()
            except (Fenced, Unavailable, Unknown) as error:
                log.warning("projection_waits", log=self.room.writer.log, reason=str(error)[:200])
                await asyncio.sleep(PROJECT_EVERY_S)
            except Exception:  # the room outlives what is derived from it
                log.exception("projection_failed", log=self.room.writer.log)
                await asyncio.sleep(PROJECTION_RETRY_S)

    async def _tell_audience(self) -> None:
        while True:
            with suppress(Unavailable, Unknown):
                await tell_audience(self._db, self.program, self.gathering.audience)
            await asyncio.sleep(AUDIENCE_EVERY_S)

    async def _keep_snapshots(self) -> None:
        while True:
            await asyncio.sleep(PROJECT_EVERY_S)
            if self.room.upto - self._snapshot_at >= SNAPSHOT_EVERY:
                snapshot = self.room.snapshot()
                with suppress(Unavailable, Unknown):
                    kept = self._db.collection(snapshots.COLLECTION)
                    await snapshots.save(kept, self.room.writer.log, snapshot)
                    self._snapshot_at = snapshot.upto_seq
