"""A room's engine: commands in, one batch at a time into the log, answers out.

Commands that come within a few milliseconds are decided one after the other on the state ahead
of the log and appended as one batch. While its insert is in flight the next batch is decided.
Nobody is answered, and nothing is shown, before the batch that a decision stands on is durable.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from infra.clock import now_ms
from infra.telemetry import get_logger
from schemas.problems import CommonRefusal, Refusal
from schemas.room import RoomEvent, RoomRefusal
from streaming.live_room import metrics
from streaming.live_room.interactions.interaction import SYSTEM, Ask, Speaker
from streaming.live_room.interactions.registry import EVOLVE_VERSION
from streaming.live_room.log.documents import Origin, Tail
from streaming.live_room.log.snapshots import Snapshot
from streaming.live_room.log.writer import LogWriter, SteppedDown
from streaming.live_room.ring import Ring
from streaming.live_room.state import RoomState

GATHER_S, QUIET_S = 0.005, 0.001
"""How long the first command of a batch waits for company, and after which silence it does not."""
BATCH_COMMANDS, BATCH_BYTES = 500, 1 << 20
QUEUE_COMMANDS, QUEUE_BYTES = 20_000, 8 << 20
RETRY_AFTER_S = 1.0
"""What a command is told to wait when the queue is full."""

log = get_logger("room")


class Accepted(msgspec.Struct, frozen=True):
    """A command is durable at `seq` (0: it changed nothing); `result` is for its sender."""

    seq: int
    result: dict[str, Any] = {}


Answer = Accepted | Refusal
Answered = Callable[[Answer], None]

MOVED = Refusal(RoomRefusal.MOVED)
BUSY = Refusal(RoomRefusal.BUSY, {"retry_after": RETRY_AFTER_S})


class _Waiting(NamedTuple):
    command: Any
    by: Speaker
    n: int
    answered: Answered
    size: int


class _Prepared(NamedTuple):
    events: list[RoomEvent]
    origins: list[Origin]
    answers: list[tuple[Answered, Answer]]


class Room:
    """The one owner of a room's log. `run` must be running for commands to be answered."""

    def __init__(
        self,
        writer: LogWriter,
        committed: RoomState,
        ring: Ring,
        *,
        owns: Callable[[], bool] = lambda: True,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self.writer = writer
        self.registry = committed.registry
        self.committed = committed
        self.ring = ring
        self.on_committed: Callable[[Sequence[RoomEvent]], None] = lambda _events: None
        self._ahead = committed.copy()
        self._ahead_seq, self._ahead_at = committed.tail.seq, committed.tail.at
        self._owns = owns
        self._clock = clock
        self._queue: deque[_Waiting] = deque()
        self._queue_bytes = 0
        self._arrived = asyncio.Event()
        self._prepared: asyncio.Queue[_Prepared] = asyncio.Queue()
        self._places = asyncio.Semaphore(2)
        """One batch in flight, one decided and ready to follow it."""
        self._unsettled: deque[_Prepared] = deque()
        self._idle = asyncio.Event()
        self._idle.set()
        self.closed = False

    @property
    def upto(self) -> int:
        """The last committed number."""
        return self.committed.tail.seq

    @property
    def backlog(self) -> int:
        """Commands that wait for their batch."""
        return len(self._queue)

    def submit(self, command: Any, by: Speaker, n: int, answered: Answered, size: int = 256) -> None:
        """Ask for a command; `answered` is called once, when the decision is durable.

        `n` counts up per client and makes the command exactly-once; 0 is for the platform's own.
        `size` (bytes) is what it weighs against the queue's limit.
        """
        if self.closed:
            answered(MOVED)
            return
        if len(self._queue) >= QUEUE_COMMANDS or self._queue_bytes + size > QUEUE_BYTES:
            metrics.BUSY.inc()
            answered(BUSY)
            return
        self._queue.append(_Waiting(command, by, n, answered, size))
        self._queue_bytes += size
        self._idle.clear()
        self._arrived.set()

    async def ask(self, command: Any, by: Speaker = SYSTEM, n: int = 0) -> Answer:
        """Ask for a command and wait for its answer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.submit(command, by, n, lambda given: None if answer.done() else answer.set_result(given))
        return await answer

    async def run(self) -> None:
        """Serve until cancelled or stepped down (raises SteppedDown); what waits is then told `moved`."""
        deciding = asyncio.create_task(self._decide_batches())
        appending = asyncio.create_task(self._append_batches())
        try:
            done, _ = await asyncio.wait({deciding, appending}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.closed = True
            for task in (deciding, appending):
                task.cancel()
            await asyncio.gather(deciding, appending, return_exceptions=True)
            self._turn_all_away()

    async def close(self, timeout_s: float = 2.0) -> None:
        """Take no more commands and wait until what was taken is answered."""
        self.closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()

    def snapshot(self) -> Snapshot:
        """Give the committed state as a snapshot."""
        return Snapshot(
            upto_seq=self.committed.tail.seq,
            batch_hash=self.committed.tail.hash,
            evolve_version=EVOLVE_VERSION,
            states=self.registry.dump(self.committed.states),
            windows=msgspec.msgpack.encode(self.committed.windows),
        )

    async def _decide_batches(self) -> None:
        while True:
            await self._arrived.wait()
            await self._gather()
            await self._places.acquire()
            prepared = self._decide(self._take())
            self._unsettled.append(prepared)
            self._prepared.put_nowait(prepared)
            if not self._queue:
                self._arrived.clear()

    async def _gather(self) -> None:
        waited, seen = 0.0, 0
        while waited < GATHER_S and seen < len(self._queue) < BATCH_COMMANDS:
            seen = len(self._queue)
            await asyncio.sleep(QUIET_S)
            waited += QUIET_S

    async def _append_batches(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            prepared = await self._prepared.get()
            if prepared.events:
                with metrics.APPEND.time():
                    await self.writer.append(prepared.events, prepared.origins)
                metrics.EVENTS.inc(len(prepared.events))
            self._places.release()
            # Soon, not now: the next insert is on its way before this batch's callers are answered.
            loop.call_soon(self._settle, self.writer.tail)

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        size = 0
        queue = self._queue
        while queue and len(taken) < BATCH_COMMANDS and (not taken or size + queue[0].size <= BATCH_BYTES):
            waiting = queue.popleft()
            size += waiting.size
            taken.append(waiting)
        self._queue_bytes -= size
        return taken

    def _decide(self, batch: list[_Waiting]) -> _Prepared:
        """Decide a batch on the state ahead. Flat on purpose: this loop runs for every command."""
        registry, ahead = self.registry, self._ahead
        states, windows = ahead.states, ahead.windows
        at = self._ahead_at = max(self._ahead_at, self._clock())
        seq = self._ahead_seq
        events: list[RoomEvent] = []
        origins: list[Origin] = []
        answers: list[tuple[Answered, Answer]] = []
        for command, by, n, answered, _ in batch:
            user = by.user.id
            if n:
                try:
                    place = windows.place_of(user, by.client, n)
                except LookupError:
                    answers.append((answered, Refusal(RoomRefusal.TOO_OLD)))
                    continue
                if place is not None:
                    answers.append((answered, Accepted(place, registry.result(states, command, user))))
                    continue
            try:
                decision = registry.decide(states, command, Ask(by, at, seq + 1))
            except Exception:
                log.exception("command_failed", log=self.writer.log, command=type(command).__name__)
                decision = Refusal(CommonRefusal.INTERNAL)
            if isinstance(decision, Refusal):
                answers.append((answered, decision))
                continue
            if decision:
                registry.evolve(states, decision)
                events += decision
                if n:
                    origin = Origin(user, by.client, n, seq + 1)
                    windows.accept((origin,))
                    origins.append(origin)
            place = seq + 1 if decision else 0
            answers.append((answered, Accepted(place, registry.result(states, command, user))))
            seq += len(decision)
        self._ahead_seq = seq
        return _Prepared(events, origins, answers)

    def _settle(self, tail: Tail) -> None:
        """Bring the committed state forward, show the events, answer the callers."""
        prepared = self._unsettled.popleft()
        if prepared.events:
            self.committed.apply(prepared.events, prepared.origins)
            self.committed.tail = tail
            self.ring.extend(prepared.events)
            self.on_committed(prepared.events)
        # An owner whose lease ran out may be wrong about what it refuses: it says only that it moved.
        owns = self._owns()
        for answered, answer in prepared.answers:
            answered(answer if owns else MOVED)
        if not self._unsettled and not self._queue:
            self._idle.set()

    def _turn_all_away(self) -> None:
        while self._unsettled:
            for answered, _ in self._unsettled.popleft().answers:
                answered(MOVED)
        while self._queue:
            self._queue.popleft().answered(MOVED)
        self._idle.set()


__all__ = ["BUSY", "MOVED", "Accepted", "Answer", "Room", "SteppedDown"]
