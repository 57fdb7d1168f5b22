"""Simulated viewers: real connections that chat and like; the room badges them as demo."""

import asyncio
import random

from content.programs.store import programs
from infra.telemetry import get_logger
from schemas.content import ProgramState
from schemas.room import Like, Nak, RoomRefusal, SendChat
from workers.demo import catalogue
from workers.demo.door import Caller, DoorClosed, Seat
from workers.demo.show import Studio

BETWEEN_ACTS_S = (4.0, 14.0)
LINES_SHARE = 0.4
ABOUT_SHARE = 0.6
"""Of the lines, how many are about what is explained."""
COME_BACK_S = 5.0
log = get_logger("demo.audience")


class Audience:
    """Follows the show: `hear` tells it where it is and what is explained."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._program = ""
        self._drawing = ""
        self._changed = asyncio.Event()

    def hear(self, program: str, drawing: str) -> None:
        """Another product is explained, perhaps in another program."""
        self._program, self._drawing = program, drawing
        self._changed.set()

    async def look_for_show(self) -> None:
        """Follow the room by looking, when the show runs in another process."""
        room = self._studio.shop.rooms[catalogue.ANCHORS[0].login].id
        while True:
            program = await programs.find(self._studio.db, {"room": room, "state": ProgramState.LIVE})
            if program is not None and program.id != self._program:
                self.hear(program.id, "")
            await asyncio.sleep(COME_BACK_S)

    async def watch(self) -> None:
        """All viewers, until cancelled."""
        await self._changed.wait()
        async with asyncio.TaskGroup() as group:
            for login, _ in catalogue.AUDIENCE:
                group.create_task(self._view(self._studio.caller(login)))

    async def _view(self, caller: Caller) -> None:
        """One viewer: comes in, talks and likes, follows to the next program."""
        mood = random.Random(caller.client)
        while True:
            await asyncio.sleep(mood.uniform(0.5, COME_BACK_S))
            program = self._program
            try:
                seat = await caller.enter(program)
                try:
                    await self._take_part(seat, mood, program)
                finally:
                    await seat.leave()
            except DoorClosed as closed:
                log.info("door_closed", program=program, reason=str(closed)[:200])

    async def _take_part(self, seat: Seat, mood: random.Random, program: str) -> None:
        """Likes now and then, a line more rarely; returns when the program is over."""
        while program == self._program:
            await asyncio.sleep(mood.uniform(*BETWEEN_ACTS_S))
            if mood.random() < LINES_SHARE:
                answer = await seat.do(SendChat(text=self._line(mood)))
            else:
                answer = await seat.do(Like(count=mood.randint(1, 6)))
            if isinstance(answer, Nak) and answer.code == RoomRefusal.PROGRAM_OVER:
                return

    def _line(self, mood: random.Random) -> str:
        about = catalogue.TALK_ABOUT.get(self._drawing, ())
        return mood.choice(about if about and mood.random() < ABOUT_SHARE else catalogue.TALK)
