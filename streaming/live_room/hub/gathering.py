"""The people of one room: joining, the tick that fans events out, likes and audience merged.

One ordered stream goes to everybody. Committed events are gathered until the next tick; the tick never
overlaps its own sweep, so a crowd only makes it longer (measured: 0.12-0.18 s of a core per frame to
13 000 viewers). Events that cannot wait flush it at once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import cast

from infra.clock import now_ms
from schemas.problems import Refusal
from schemas.room import (
    Ack,
    AnyRoomEvent,
    AudienceSampled,
    Bought,
    ChatSent,
    Cmd,
    Events,
    Grab,
    Like,
    LikesCounted,
    PacketGrabbed,
    Rain,
    RoomEvent,
    RoomRefusal,
    RoomView,
    Sales,
    StockCounted,
    Welcome,
)
from streaming.live_room.hub.frames import SharedFrame
from streaming.live_room.hub.metrics import FRAMES, SKIPPED, SWEEP, VIEWERS
from streaming.live_room.hub.viewer import ABORT_ABOVE, SKIP_ABOVE, Viewer
from streaming.live_room.interactions.crowd import LIKES, CountLikes, SampleAudience
from streaming.live_room.interactions.interaction import SYSTEM
from streaming.live_room.rains.desk import RainDesk
from streaming.live_room.room import MOVED, Answer, Room

CHUNK = 256
"""Viewers swept before others on the loop get their turn."""
TICK_PER_VIEWER_S, TICK_MIN_S, TICK_MAX_S = 40e-6, 0.05, 0.5
CHAT_SHOWN_PER_S = 20.0
LIKES_EVERY_S, AUDIENCE_EVERY_S, NUMBERS_EVERY_S = 3.0, 5.0, 1.0
RESUMED_MAX = 2_000
"""Most events a client is given to catch up; more would be slower than starting anew."""
MOVED_RETRY_S = 0.5
"""When those should come back whose room moved."""
CATCH_UP_EVENTS = 200
"""Most events of one frame to a viewer that was passed over: it must fit the buffer of a slow one."""
BOUGHT_AT_ONCE = 3
"""Most buyers named with the numbers, the last of them; a ticker is for the eye, not for the record."""
LINES_AT_START = 30
"""Lines of chat a client sees that starts anew."""
PATIENT = (ChatSent, LikesCounted, AudienceSampled, PacketGrabbed, StockCounted)
"""Events that wait for the tick."""
UNSEEN = PacketGrabbed
"""Events that are never shown: thousands in a second, each of one viewer only."""
UNSEEN_MAX = 1_000
"""So many of them may pass before viewers are told where the log stands, even if nothing else happens."""

Older = Callable[[int], Awaitable[list[RoomEvent]]]


class Gathering:
    """Everybody in one room, and what they have been shown."""

    def __init__(self, room: Room, program: str, title: str, older: Older, rains: RainDesk) -> None:
        self.room = room
        self.rains = rains
        self.program = program
        self.title = title
        self.viewers: dict[tuple[str, str], Viewer] = {}
        self.audience = 0
        """Viewers connected now; those who run the show are not counted."""
        self.on_host: Callable[[], None] = lambda: None
        """Called when somebody who runs the show comes."""
        self.empty_since = time.monotonic()
        self._older = older
        self._shown = room.upto
        self._urgent = asyncio.Event()
        self._something = asyncio.Event()
        self._likes = 0
        self._known: set[str] = set()
        self._arrived = 0
        self._numbers: tuple[int, int, int | None] = (0, 0, None)
        self._bought: deque[Bought] = deque(maxlen=BOUGHT_AT_ONCE)
        self._numbers_due: asyncio.TimerHandle | None = None
        self._farewells: set[asyncio.Task[None]] = set()
        self._chat_allowance = CHAT_SHOWN_PER_S
        self._chat_at = time.monotonic()
        room.on_committed = self._committed

    # --- coming and going -----------------------------------------------------------------------

    async def join(self, viewer: Viewer, cursor: int | None) -> None:
        """Welcome a viewer with what it missed, or afresh; from then on it is in the stream."""
        missed = await self._missed(cursor)
        # Nothing is awaited from here on: view, cursor and membership are of one moment.
        if missed is not None:
            tail = self.room.ring.after(missed[-1].seq if missed else cursor or 0)
            missed = None if tail is None else [*missed, *tail]
        recovered = missed is not None
        events = missed if missed is not None else self.room.ring.newest(LINES_AT_START, ChatSent)
        viewer.cursor = self.room.upto
        replaced = self.viewers.pop(viewer.key, None)
        self.viewers[viewer.key] = viewer
        VIEWERS.inc(replaced is None)
        self.audience += viewer.counts - (replaced is not None and replaced.counts)
        if viewer.counts:
            self._note_arrival(viewer.visitor, new=cursor is None)
        viewer.send_large(
            Welcome(
                epoch=self.room.writer.epoch,
                upto=self.room.upto,
                recovered=recovered,
                view=self.view(),
                mine=self.room.registry.mine(self.room.committed.states, viewer.speaker.user.id),
                events=_wire(events),
                server_at=now_ms(),
                role=viewer.speaker.role,
                you=viewer.speaker.user,
                last_n=self.room.committed.windows.highest(viewer.speaker.user.id, viewer.speaker.client),
            )
        )
        self._something.set()
        if viewer.speaker.hosts:
            self.on_host()
        if replaced is not None:
            self._see_off(replaced, "replaced")

    def leave(self, viewer: Viewer) -> None:
        """Forget a viewer whose socket is gone; another socket of the same client stays."""
        if self.viewers.get(viewer.key) is viewer:
            del self.viewers[viewer.key]
            VIEWERS.dec()
            self.audience -= viewer.counts
            if not self.viewers:
                self.empty_since = time.monotonic()
            self._something.set()

    def _note_arrival(self, visitor: str, *, new: bool) -> None:
        """Count a device once; one that resumes was counted before this process took the room over."""
        if visitor not in self._known:
            self._known.add(visitor)
            self._arrived += new

    def view(self) -> RoomView:
        """Give the public picture at the committed boundary."""
        fields = {**self.room.committed.view(), "viewers": self.audience, "likes": self.likes}
        return RoomView(program=self.program, title=self.title, **fields)

    @property
    def hosts(self) -> list[Viewer]:
        """Those who run the show."""
        return [viewer for viewer in self.viewers.values() if not viewer.counts]

    def tell_hosts(self, sales: Sales) -> None:
        """Show those who run the show what it has sold."""
        for viewer in self.hosts:
            viewer.send(sales)

    def bought(self, bought: Bought) -> None:
        """Name a buyer with the next numbers."""
        self._bought.append(bought)
        self._something.set()

    # --- commands -------------------------------------------------------------------------------

    def command(self, viewer: Viewer, command: Cmd, size: int) -> None:
        """Pass a viewer's command on to the engine; likes are only counted."""
        if not viewer.commands.take():
            viewer.refuse(command.n, Refusal(RoomRefusal.TOO_FAST, {"retry_after": 1.0}))
        elif isinstance(command.c, Like):
            if command.n > viewer.likes_n:
                viewer.likes_n = command.n
                self._likes += command.c.count
                self._something.set()
            viewer.send(Ack(n=command.n))
        else:
            answered = partial(self._answer, viewer, command)
            match command.c:
                case Rain() as rain:
                    self.rains.rain(rain, viewer.speaker, command.n, answered)
                case Grab() as grab:
                    self.room.submit(self.rains.take(grab), viewer.speaker, command.n, answered, size)
                case other:
                    self.room.submit(other, viewer.speaker, command.n, answered, size)

    def _answer(self, viewer: Viewer, command: Cmd, answer: Answer) -> None:
        """Tell a viewer the answer; `moved` is none: it keeps its command and sends it to the next owner."""
        if answer == MOVED:
            self._see_off(viewer, "moved")
        else:
            viewer.answer(command, answer)

    def _see_off(self, viewer: Viewer, code: str) -> None:
        farewell = asyncio.create_task(viewer.dismiss(code, MOVED_RETRY_S if code == "moved" else None))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)

    # --- the stream -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Fan out and sample until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fan_out())
            tasks.create_task(self._sample_likes())
            tasks.create_task(self._sample_audience())

    async def flush(self) -> None:
        """Show everything that is committed."""
        await self._sweep(self._next_frame())

    async def dismiss_all(self, code: str, retry_after: float) -> None:
        """Say goodbye to everybody."""
        leaving = list(self.viewers.values())
        await asyncio.gather(
            *(viewer.dismiss(code, retry_after) for viewer in leaving), return_exceptions=True
        )

    async def _missed(self, cursor: int | None) -> list[RoomEvent] | None:
        if cursor is None or not 0 <= self.room.upto - cursor <= RESUMED_MAX:
            return None
        missed = self.room.ring.after(cursor)
        return await self._older(cursor) if missed is None else missed

    def _committed(self, events: Sequence[RoomEvent]) -> None:
        self._something.set()
        if not all(isinstance(event, PATIENT) for event in events):
            self._urgent.set()

    async def _fan_out(self) -> None:
        ended = 0.0
        while True:
            await self._something.wait()
            pause = ended + self._tick_s() - time.monotonic()
            if pause > 0:
                try:
                    async with asyncio.timeout(pause):
                        await self._urgent.wait()
                except TimeoutError:
                    pass
            self._something.clear()
            self._urgent.clear()
            began = time.monotonic()
            await self._sweep(self._next_frame())
            ended = time.monotonic()
            SWEEP.observe(ended - began)

    def _tick_s(self) -> float:
        return min(TICK_MAX_S, max(TICK_MIN_S, len(self.viewers) * TICK_PER_VIEWER_S))

    def _next_frame(self) -> Events | None:
        after, upto = self._shown, self.room.upto
        numbers = self._new_numbers()
        if after == upto and numbers is None:
            return None
        events = self._displayed(_seen(self.room.ring.after(after) or []))
        if not events and numbers is None and upto - after < UNSEEN_MAX:
            return None
        self._shown = upto
        likes, viewers, grabbed = numbers or (None, None, None)
        bought = list(self._bought) if numbers else []
        if numbers:
            self._bought.clear()
        return Events(
            epoch=self.room.writer.epoch,
            after=after,
            upto=upto,
            events=_wire(events),
            likes=likes,
            viewers=viewers,
            grabbed=grabbed,
            bought=bought,
        )

    def _new_numbers(self) -> tuple[int, int, int | None] | None:
        """Give likes, viewers and grabbed packets when they changed or somebody bought.

        At most once in `NUMBERS_EVERY_S`.
        """
        numbers = (self.likes, self.audience, self.rains.grabbed)
        if (numbers == self._numbers and not self._bought) or self._numbers_due is not None:
            return None
        self._numbers = numbers
        self._numbers_due = asyncio.get_running_loop().call_later(NUMBERS_EVERY_S, self._numbers_again)
        return numbers

    def _numbers_again(self) -> None:
        self._numbers_due = None
        self._something.set()

    @property
    def likes(self) -> int:
        """All likes, counted in the log or still gathered."""
        total: int = self.room.committed.states[LIKES.name].total
        return total + self._likes

    def _displayed(self, events: list[RoomEvent]) -> list[RoomEvent]:
        """Leave chat out above what a person can read; those who run the show are always shown."""
        now = time.monotonic()
        refilled = self._chat_allowance + (now - self._chat_at) * CHAT_SHOWN_PER_S
        self._chat_allowance, self._chat_at = min(CHAT_SHOWN_PER_S, refilled), now
        lines = [event for event in events if _is_sampled(event)]
        room_for = int(self._chat_allowance)
        self._chat_allowance -= min(room_for, len(lines))
        if len(lines) <= room_for:
            return events
        kept = {lines[n * len(lines) // room_for].seq for n in range(room_for)} if room_for else set()
        return [event for event in events if not _is_sampled(event) or event.seq in kept]

    async def _sweep(self, message: Events | None) -> None:
        """Write a frame to everybody whose cursor it continues, flat on purpose: ~10 µs per viewer."""
        frame = None if message is None else SharedFrame(message)
        after, upto = self._shown if message is None else message.after, self._shown
        for place, viewer in enumerate(list(self.viewers.values()), start=1):
            waiting = viewer.open_for()
            if waiting > ABORT_ABOVE + viewer.large:
                viewer.abort()
            elif waiting > SKIP_ABOVE:
                SKIPPED.inc()
                self._something.set()
            elif waiting >= 0:
                viewer.large = 0
                if viewer.cursor == after and frame is not None:
                    viewer.write_shared(frame)
                    viewer.cursor = upto
                elif viewer.cursor < upto:
                    self._catch_up(viewer, upto)
            if place % CHUNK == 0:
                await asyncio.sleep(0)
        FRAMES.inc(len(self.viewers))

    def _catch_up(self, viewer: Viewer, upto: int) -> None:
        """Give a viewer that was passed over, or came between two ticks, the next piece of what it missed."""
        events = self.room.ring.after(viewer.cursor)
        if events is None or len(events) > RESUMED_MAX:
            viewer.abort()  # it comes back and starts anew
            return
        piece = [event for event in events[:CATCH_UP_EVENTS] if event.seq <= upto]
        epoch, to = self.room.writer.epoch, piece[-1].seq
        viewer.send(Events(epoch=epoch, after=viewer.cursor, upto=to, events=_wire(piece)))
        viewer.cursor = to
        if to < upto:
            self._something.set()

    # --- samples --------------------------------------------------------------------------------

    async def _sample_likes(self) -> None:
        while True:
            await asyncio.sleep(LIKES_EVERY_S)
            self.log_likes()

    def log_likes(self) -> None:
        """Log the likes gathered so far; they stay counted until they are durable."""
        gathered = self._likes

        def counted(answer: Answer) -> None:
            if not isinstance(answer, Refusal):
                self._likes -= gathered

        if gathered:
            self.room.submit(CountLikes(count=gathered), SYSTEM, 0, counted)

    async def _sample_audience(self) -> None:
        while True:
            await asyncio.sleep(AUDIENCE_EVERY_S)
            arrived = self._arrived
            answer = await self.room.ask(SampleAudience(viewers=self.audience, arrived=arrived), SYSTEM)
            if not isinstance(answer, Refusal):
                self._arrived -= arrived


def _is_sampled(event: RoomEvent) -> bool:
    return isinstance(event, ChatSent) and event.badge in ("", "demo")


def _seen(events: list[RoomEvent]) -> list[RoomEvent]:
    return [event for event in events if not isinstance(event, UNSEEN)]


def _wire(events: list[RoomEvent]) -> list[AnyRoomEvent]:
    """Rooms of clients have only interactions whose events are part of the wire."""
    return cast(list[AnyRoomEvent], _seen(events))
