"""The rooms this process owns: opened when somebody comes or something happens, closed when empty."""

import asyncio
from contextlib import suppress

from content.programs.store import programs
from infra.mongo import Database, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.content import ProgramState
from schemas.events import (
    Event,
    ProgramCancelled,
    ProgramEnded,
    ProgramInterrupted,
    ProgramWentLive,
    ShelfChanged,
)
from streaming.live_room.hub.gathering import MOVED_RETRY_S
from streaming.live_room.hub.metrics import ROOMS
from streaming.live_room.hub.on_air import OnAir
from streaming.live_room.log.lease import HeldElsewhere, Owner
from streaming.live_room.log.writer import SteppedDown
from streaming.live_room.projections.projector import Projector, unfinished

EMPTY_S = 300.0
"""How long a room stays open with nobody in it."""
LOOK_S = 15.0
OPEN_S = 20.0

log = get_logger("room")
Happened = ProgramWentLive | ProgramInterrupted | ProgramEnded | ProgramCancelled | ShelfChanged
FOLLOWED: tuple[type[Event], ...] = (
    ProgramWentLive,
    ProgramInterrupted,
    ProgramEnded,
    ProgramCancelled,
    ShelfChanged,
)


class Rooms:
    """Opens each room once, serves it, and gives it up when it fails."""

    def __init__(self, db: Database, owner: Owner) -> None:
        self._db = db
        self._owner = owner
        self._opening: dict[str, asyncio.Task[OnAir]] = {}
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._open: dict[str, OnAir] = {}
        self._closing = False

    async def enter(self, program_id: str) -> OnAir:
        """Give the open room of a program. Raises Refused(not_found), HeldElsewhere, Unavailable."""
        if self._closing:
            raise HeldElsewhere(program_id)
        if program_id in self._open:
            return self._open[program_id]
        opening = self._opening.get(program_id)
        if opening is None:
            opening = self._opening[program_id] = asyncio.create_task(self._enter(program_id))
            opening.add_done_callback(lambda _: self._opening.pop(program_id, None))
        async with asyncio.timeout(OPEN_S):
            return await asyncio.shield(opening)

    async def follow(self, event: Happened) -> None:
        """Something happened to a program: bring its room to where the program now is."""
        on_air = await self.enter(event.program)
        await on_air.follow(await programs.get(self._db, event.program))

    async def run(self) -> None:
        """Finish what an earlier process left, open what is on air, close what is empty."""
        await self._finish_projections()
        for state in (ProgramState.LIVE, ProgramState.INTERRUPTED):
            for found in await self._db.collection(programs.name).find(
                {"state": state}, projection={"_id": 1}
            ):
                with suppress(HeldElsewhere, SteppedDown):
                    await self.enter(found["_id"])
        while True:
            await asyncio.sleep(LOOK_S)
            for program_id, on_air in list(self._open.items()):
                if on_air.idle_s() > EMPTY_S:
                    await self._close(program_id)

    async def close(self) -> None:
        """Close all rooms; their people are told that the room moved."""
        self._closing = True
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        await asyncio.gather(*(self._close(program_id) for program_id in list(self._open)))

    async def _enter(self, program_id: str) -> OnAir:
        program = await programs.get(self._db, program_id)
        on_air = await OnAir.open(self._db, program, self._owner)
        self._open[program_id] = on_air
        ROOMS.set(len(self._open))
        self._serving[program_id] = asyncio.create_task(self._serve(program_id, on_air))
        await on_air.follow(program)
        log.info("room_opened", program=program_id, upto=on_air.room.upto, epoch=on_air.room.writer.epoch)
        return on_air

    async def _serve(self, program_id: str, on_air: OnAir) -> None:
        try:
            await on_air.run()
        except* (SteppedDown, HeldElsewhere):
            log.warning("room_moved", program=program_id)
        except* Exception:
            log.exception("room_failed", program=program_id)
        finally:
            if self._open.get(program_id) is on_air:
                del self._open[program_id]
                ROOMS.set(len(self._open))
            await on_air.gathering.dismiss_all("moved", MOVED_RETRY_S)

    async def _close(self, program_id: str) -> None:
        on_air = self._open.pop(program_id, None)
        if on_air is None:
            return
        ROOMS.set(len(self._open))
        await on_air.close()
        serving = self._serving.pop(program_id)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        log.info("room_closed", program=program_id, upto=on_air.room.upto)

    async def _finish_projections(self) -> None:
        for log_id, program, business in await unfinished(self._db):
            with suppress(Unavailable, Unknown):
                await Projector(self._db, log_id, program, business).catch_up()
