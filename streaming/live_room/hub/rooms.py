"""The rooms this process owns: opened when somebody comes or something happens, closed when empty."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from commerce.wallets.store import open_escrows
from content.programs.store import programs
from infra.mongo import Database, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.content import ProgramState
from schemas.events import (
    Event,
    OrderMoved,
    ProgramCancelled,
    ProgramEnded,
    ProgramInterrupted,
    ProgramWentLive,
    ShelfChanged,
    StockChanged,
)
from schemas.problems import Refused
from streaming.live_room.hub.gathering import MOVED_RETRY_S
from streaming.live_room.hub.metrics import ROOMS
from streaming.live_room.hub.on_air import OnAir
from streaming.live_room.log.lease import HeldElsewhere, Owner
from streaming.live_room.log.writer import SteppedDown
from streaming.live_room.projections.projector import Fenced, Projector, unfinished
from streaming.live_room.rains.seeds import Seeds

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

    def __init__(self, db: Database, owner: Owner, seeds: Seeds) -> None:
        self._db = db
        self._owner = owner
        self._seeds = seeds
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
        try:
            await self._follow(event.program)
        except HeldElsewhere:
            log.info("room_elsewhere", program=event.program)  # its owner heard of it too
        except Refused:
            log.info("program_gone", program=event.program)

    async def order_moved(self, event: OrderMoved) -> None:
        """An order came to a new state: its room looks, if it is open here."""
        if on_air := self._open.get(event.program):
            on_air.till.moved(event)

    async def stock_changed(self, event: StockChanged) -> None:
        """A product has other units, here or there: all open rooms that show it look."""
        for on_air in self._open.values():
            if on_air.business == event.business and on_air.till.shows(event.product):
                on_air.till.look()

    async def run(self) -> None:
        """Finish what an earlier process left, open what is on air; then look after what is open."""
        await self._again(self._resume)
        while True:
            await asyncio.sleep(LOOK_S)
            for program_id in list(self._open):
                await self._again(partial(self._look_after, program_id))

    async def close(self) -> None:
        """Close all rooms; their people are told that the room moved."""
        self._closing = True
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        await asyncio.gather(*(self._close(program_id) for program_id in list(self._open)))

    async def _enter(self, program_id: str) -> OnAir:
        program = await programs.get(self._db, program_id)
        on_air = await OnAir.open(self._db, program, self._owner, self._seeds)
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
            if self._serving.get(program_id) is asyncio.current_task():
                del self._serving[program_id]
            await on_air.gathering.dismiss_all("moved", MOVED_RETRY_S)

    async def _close(self, program_id: str) -> None:
        on_air = self._open.pop(program_id, None)
        if on_air is None:
            return
        ROOMS.set(len(self._open))
        await on_air.close()
        if serving := self._serving.pop(program_id, None):
            serving.cancel()
            await asyncio.wait({serving})
        log.info("room_closed", program=program_id, upto=on_air.room.upto)

    async def _follow(self, program_id: str) -> None:
        on_air = await self.enter(program_id)
        await on_air.follow(await programs.get(self._db, program_id))

    async def _resume(self) -> None:
        for state in (ProgramState.LIVE, ProgramState.INTERRUPTED):
            for found in await self._db.collection(programs.name).find(
                {"state": state}, projection={"_id": 1}
            ):
                await self.enter(found["_id"])
        for log_id, program, business in await unfinished(self._db):
            if program not in self._open:
                await Projector(self._db, log_id, program, business).catch_up()
        for program in sorted({escrow.program for escrow in await open_escrows(self._db)}):
            with suppress(Refused, HeldElsewhere):
                await self.enter(program)  # its rain goes on, or is settled, or its credit goes back

    async def _look_after(self, program_id: str) -> None:
        """Close a room that is long empty; bring the others to their program, should an event be lost."""
        if self._open[program_id].idle_s() > EMPTY_S:
            await self._close(program_id)
        else:
            await self._follow(program_id)

    async def _again(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what the next round may do as well."""
        try:
            await work()
        except (HeldElsewhere, SteppedDown, Fenced, Refused, Unavailable, Unknown, TimeoutError) as error:
            log.warning("rooms_wait", reason=f"{type(error).__name__}: {error}"[:200])
