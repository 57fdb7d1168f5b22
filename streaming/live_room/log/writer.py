"""The writer of a log: takeover, and appending with one insert in flight."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from infra.mongo import DuplicateKey, Unavailable, Unknown
from schemas.room import OwnerChanged, RoomEvent
from streaming.live_room.log.collection import Batches, Document
from streaming.live_room.log.documents import EMPTY, Origin, Tail, batch_key, seal, tail_of
from streaming.live_room.log.reader import read_tail

T = TypeVar("T")
Pause = Callable[[int], Awaitable[None]]


class SteppedDown(Exception):
    """Another process took the log over; this writer must never write again."""


async def pause(attempt: int) -> None:
    """Wait before the same request is sent again: 10 ms doubling to 1 s, with jitter."""
    await asyncio.sleep(min(0.01 * 2**attempt, 1.0) * random.uniform(0.5, 1.0))


class LogWriter:
    """One owner's hand on one log.

    Safety needs only the unique `_id`: a batch is named by its first number, one insert is in
    flight, an insert without an answer is unknown and sent again unchanged until answered, and a
    collision is settled by reading who wrote that document.
    """

    def __init__(self, batches: Batches, log: str, *, between_tries: Pause = pause) -> None:
        self.log = log
        self.epoch = 0
        self.tail = EMPTY
        self.stepped_down = False
        self._batches = batches
        self._pause = between_tries
        self._in_flight = False

    async def take_over(self, now_ms: int) -> Tail:
        """Become the owner: append `owner_changed` of a new epoch behind whatever is there."""
        while True:
            tail = await self._answered(lambda: read_tail(self._batches, self.log))
            epoch = tail.epoch + 1
            event = OwnerChanged(seq=tail.seq + 1, at=max(now_ms, tail.at), epoch=epoch)
            document = seal(self.log, tail, epoch, [event], [])
            if await self._land(document):
                self.epoch, self.tail = epoch, tail_of(document)
                return self.tail

    async def append(self, events: Sequence[RoomEvent], origins: Sequence[Origin]) -> Tail:
        """Write one batch; durable on a majority when this returns. Raises SteppedDown."""
        if self.stepped_down or not self.epoch:
            raise SteppedDown(self.log)
        if self._in_flight:
            raise RuntimeError("expected no insert in flight, got one: a log takes one batch at a time")
        self._in_flight = True
        document = seal(self.log, self.tail, self.epoch, events, origins)
        if not await self._land(document):
            self.stepped_down = True
            raise SteppedDown(self.log)
        self.tail = tail_of(document)
        self._in_flight = False
        return self.tail

    async def _land(self, document: Document) -> bool:
        """Insert until answered; tell whether this very document is the one that stands."""
        attempt = 0
        while True:
            try:
                await self._batches.insert_one(document)
                return True
            except DuplicateKey:
                key = batch_key(self.log, document["first_seq"])
                standing = await self._standing(key)
                return bool(standing["batch"] == document["batch"])
            except (Unknown, Unavailable):
                await self._pause(attempt)
                attempt += 1

    async def _standing(self, key: str) -> Document:
        async def read() -> Document:
            document = await self._batches.find_one({"_id": key})
            if document is None:
                raise Unavailable(f"{key} is taken but a majority does not show it yet")
            return document

        return await self._answered(read)

    async def _answered(self, read: Callable[[], Awaitable[T]]) -> T:
        attempt = 0
        while True:
            try:
                return await read()
            except (Unknown, Unavailable):
                await self._pause(attempt)
                attempt += 1
