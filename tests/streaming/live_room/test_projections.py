"""Marks and minutes from the log, exactly once whatever happens to the projector."""

import asyncio
from contextlib import suppress

import pytest

from infra.mongo import Database, from_doc
from infra.outbox import OUTBOX
from infra.outbox import ensure_indexes as outbox_indexes
from schemas.content import ProgramState
from schemas.jobs import Mark
from schemas.room import OfferUnpinned, PinOffer, SendChat, UnpinOffer
from streaming.live_room.interactions.crowd import CountLikes, SampleAudience
from streaming.live_room.interactions.program import SetProgram
from streaming.live_room.interactions.shelf import SetShelf
from streaming.live_room.log import reader
from streaming.live_room.log.reader import read_batches
from streaming.live_room.projections import projector as projecting
from streaming.live_room.projections.minutes import minutes_of
from streaming.live_room.projections.projector import MARKS, Fenced, Projector, unfinished
from streaming.live_room.room import Room
from tests.streaming.live_room.conftest import LOG, OpenRoom
from tests.streaming.live_room.people import CLERK, offer, someone


def projector(db: Database) -> Projector:
    return Projector(db, LOG, "prg_1", "biz_1")


async def explained(db: Database, opened: OpenRoom) -> Room:
    """A show in which two products were explained and five lines were said."""
    await outbox_indexes(db)
    room = await opened()
    await room.ask(SetShelf(offers=[offer(1), offer(2)]))
    for n in range(5):
        await room.ask(SendChat(text="x"), someone(f"v{n}"), 1)
    await room.ask(CountLikes(count=7))
    await room.ask(SampleAudience(viewers=3))
    await room.ask(PinOffer(offer="off_1"), CLERK, 1)
    await room.ask(PinOffer(offer="off_2"), CLERK, 2)
    await room.ask(UnpinOffer(offer="off_2"), CLERK, 3)
    return room


async def marks(db: Database) -> list[Mark]:
    return [from_doc(Mark, doc) for doc in await db.collection(MARKS).find({}, sort=[("from_seq", 1)])]


async def told(db: Database) -> list[str]:
    return [doc["event"]["mark"] for doc in await db.collection(OUTBOX).find({}, sort=[("at", 1)])]


async def check(db: Database) -> None:
    batches = db.collection(reader.COLLECTION)
    ends = [e async for b in read_batches(batches, LOG) for e in b.events if isinstance(e, OfferUnpinned)]
    found = await marks(db)
    assert [(mark.product, mark.from_seq, mark.to_seq) for mark in found] == [
        (end.product, end.since_seq, end.seq) for end in ends
    ]
    assert [(mark.from_at, mark.to_at) for mark in found] == [(end.since_at, end.at) for end in ends]
    assert sorted(await told(db)) == sorted(mark.id for mark in found)
    minutes = [minute for _, minute in await minutes_of(db, LOG)]
    assert sum(minute.lines for minute in minutes) == 5
    assert sum(minute.pins for minute in minutes) == 2
    assert (max(minute.likes for minute in minutes), max(minute.viewers for minute in minutes)) == (7, 3)


async def test_each_explanation_becomes_a_mark_that_is_told(db: Database, opened: OpenRoom) -> None:
    await explained(db, opened)
    await projector(db).catch_up()
    assert [mark.product for mark in await marks(db)] == ["prd_1", "prd_2"]
    await check(db)


async def test_projecting_again_changes_nothing(db: Database, opened: OpenRoom) -> None:
    await explained(db, opened)
    one = projector(db)
    await one.catch_up()
    await one.catch_up()
    await projector(db).catch_up()
    await check(db)


async def test_two_projectors_count_once(
    db: Database, opened: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting, "BATCHES_AT_ONCE", 2)
    await explained(db, opened)

    async def insist(one: Projector) -> None:
        for _ in range(20):
            with suppress(Fenced):
                await one.catch_up()
                return

    await asyncio.gather(*(insist(projector(db)) for _ in range(3)))
    await check(db)


async def test_a_stale_projector_is_fenced(db: Database, opened: OpenRoom) -> None:
    room = await explained(db, opened)
    stale, fresh = projector(db), projector(db)
    await stale.catch_up()
    await fresh.catch_up()
    await room.ask(PinOffer(offer="off_1"), CLERK, 4)
    await fresh.catch_up()
    await room.ask(UnpinOffer(offer="off_1"), CLERK, 5)
    with pytest.raises(Fenced):
        await stale.catch_up()
    await stale.catch_up()
    assert len(await marks(db)) == 3


async def test_a_log_is_finished_when_its_end_is_projected(db: Database, opened: OpenRoom) -> None:
    room = await explained(db, opened)
    await room.ask(SetProgram(state=ProgramState.LIVE))
    await projector(db).catch_up()
    assert await unfinished(db) == [(LOG, "prg_1", "biz_1")]
    await room.ask(SetProgram(state=ProgramState.ENDED))
    await projector(db).catch_up()
    assert await unfinished(db) == []
