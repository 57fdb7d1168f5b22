"""Brings one log's projections forward, fenced by their checkpoint.

Some batches and the checkpoint behind them are one transaction, and the checkpoint moves only from
where this projector found it: two projectors of one log can't count anything twice.
"""

from collections.abc import Sequence
from typing import Any

from infra import outbox
from infra.mongo import Database, DuplicateKey, Session, to_doc
from schemas.content import ProgramState
from schemas.events import ExplanationEnded
from schemas.jobs import Mark
from schemas.room import OfferUnpinned, StateChanged
from streaming.live_room.log import reader
from streaming.live_room.log.documents import EMPTY, Batch, Tail
from streaming.live_room.projections import minutes, rains

CHECKPOINTS = "room_projections"
MARKS = "marks"
BATCHES_AT_ONCE, EVENTS_AT_ONCE = 50, 500
"""A transaction takes some batches, and no further one once it has so many events."""


class Fenced(Exception):
    """Another projector moved the checkpoint: it does the work now."""


class Projector:
    """The projections of one program's log."""

    def __init__(self, db: Database, log: str, program: str, business: str) -> None:
        self._db, self._log, self._program, self._business = db, log, program, business
        self._at: Tail | None = None

    async def catch_up(self) -> None:
        """Project everything that is committed. Raises Fenced, Unavailable, Unknown."""
        at = self._at or await self._checkpoint()
        gathered: list[Batch] = []
        events = 0
        async for batch in reader.read_batches(self._db.collection(reader.COLLECTION), self._log, at):
            gathered.append(batch)
            events += len(batch.events)
            if len(gathered) == BATCHES_AT_ONCE or events >= EVENTS_AT_ONCE:
                at = await self._project(at, gathered)
                gathered, events = [], 0
        if gathered:
            at = await self._project(at, gathered)
        self._at = at

    async def _project(self, at: Tail, batches: Sequence[Batch]) -> Tail:
        to = batches[-1].tail

        async def work(session: Session) -> None:
            await self._move_checkpoint(session, at, to, over=any(_ends(batch) for batch in batches))
            for batch in batches:
                for event in batch.events:
                    if isinstance(event, OfferUnpinned):
                        await self._mark(session, event)
            events = [event for batch in batches for event in batch.events]
            await rains.project(self._db, session, self._log, self._program, self._business, events)
            counted = minutes.count(events)
            await minutes.add(self._db, session, self._log, self._program, counted)

        self._at = None  # unless the transaction is known to be done, the checkpoint is read again
        await self._db.transact(work)
        return to

    async def _mark(self, session: Session, event: OfferUnpinned) -> None:
        mark = Mark(
            id=f"mrk_{self._log.partition('_')[2]}_{event.since_seq}",
            created_at=event.at,
            updated_at=event.at,
            program=self._program,
            business=self._business,
            log=self._log,
            product=event.product,
            offer=event.offer,
            from_at=event.since_at,
            to_at=event.at,
            from_seq=event.since_seq,
            to_seq=event.seq,
        )
        await self._db.collection(MARKS).insert_one(to_doc(mark), session=session)
        told = ExplanationEnded(
            mark=mark.id, program=self._program, business=self._business, product=event.product
        )
        await outbox.publish(self._db, session, told)

    async def _checkpoint(self) -> Tail:
        kept = await self._db.collection(CHECKPOINTS).find_one({"_id": self._log})
        if kept is None:
            start = {"_id": self._log, "program": self._program, "business": self._business, "over": False}
            try:
                await self._db.collection(CHECKPOINTS).insert_one({**start, **EMPTY._asdict()})
            except DuplicateKey:
                return await self._checkpoint()
            return EMPTY
        return Tail(*(kept[name] for name in Tail._fields))

    async def _move_checkpoint(self, session: Session, at: Tail, to: Tail, *, over: bool) -> None:
        fields: dict[str, Any] = to._asdict() | ({"over": True} if over else {})
        moved = await self._db.collection(CHECKPOINTS).update_one(
            {"_id": self._log, "seq": at.seq, "hash": at.hash}, {"$set": fields}, session=session
        )
        if not moved:
            raise Fenced(self._log)


async def unfinished(db: Database) -> list[tuple[str, str, str]]:
    """Give (log, program, business) of all logs whose end is not projected yet."""
    found = await db.collection(CHECKPOINTS).find({"over": False})
    return [(kept["_id"], kept["program"], kept["business"]) for kept in found]


def _ends(batch: Batch) -> bool:
    over = {ProgramState.ENDED, ProgramState.CANCELLED}
    return any(isinstance(event, StateChanged) and event.state in over for event in batch.events)
