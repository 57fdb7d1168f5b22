import asyncio
import random
import threading
from contextlib import suppress
from contextvars import ContextVar

import msgspec
import pytest

from infra.mongo import (
    Database,
    DuplicateKey,
    Session,
    Unavailable,
    Unknown,
    connect,
    database,
    from_doc,
    to_doc,
)
from infra.settings import Settings
from schemas.audit import Change, Entry
from schemas.content import Business, Room


async def test_a_struct_is_stored_and_read_back(db: Database) -> None:
    business = Business(id="biz_1", name="云店", slug="cloud")
    await db.collection("things").insert_one(to_doc(business))
    found = await db.collection("things").find_one({"_id": "biz_1"})
    assert found is not None
    assert from_doc(Business, found) == business


async def test_large_integers_in_untyped_fields_come_back_as_plain_ones(db: Database) -> None:
    ext = {"n": 1 << 40, "in": [{"n": -(1 << 40)}], "small": 1, "yes": True, "half": 0.5}
    room = Room(id="rm_1", business="biz_1", anchor="acc_1", title="t", ext=ext)
    await db.collection("things").insert_one(to_doc(room))
    found = await db.collection("things").find_one({"_id": "rm_1"})
    assert found is not None
    assert type(found["ext"]["n"]) is not int  # the driver's own kind
    assert msgspec.json.encode(from_doc(Room, found)) == msgspec.json.encode(room)


async def test_large_integers_deep_in_a_struct_come_back_as_plain_ones_too(db: Database) -> None:
    change = Change(document="rm_1", after={"starts_at": 1 << 40})
    entry = Entry(
        id="aud_1", action="a", target="rm_1", business="biz_1", actor="a", actor_name="n", also=[change]
    )
    await db.collection("audit").insert_one(to_doc(entry))
    found = await db.collection("audit").find_one({"_id": "aud_1"})
    assert found is not None
    assert msgspec.json.encode(from_doc(Entry, found)) == msgspec.json.encode(entry)


async def test_a_duplicate_key_says_which(db: Database) -> None:
    things = db.collection("things")
    await things.insert_one({"_id": "a"})
    with pytest.raises(DuplicateKey) as caught:
        await things.insert_one({"_id": "a"})
    assert caught.value.key == {"_id": "a"}


async def test_an_aborted_transaction_leaves_nothing(db: Database) -> None:
    things = db.collection("things")
    await things.insert_one({"_id": "before"})

    async def work(session: Session) -> None:
        await things.insert_one({"_id": "a"}, session=session)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await db.transact(work)
    assert [doc["_id"] for doc in await things.find({})] == ["before"]


async def test_colliding_transactions_are_run_again_until_both_are_done(db: Database) -> None:
    counters = db.collection("counters")
    await counters.insert_one({"_id": "n", "n": 0})

    async def count_up(session: Session) -> None:
        doc = await counters.find_one({"_id": "n"}, session=session)
        assert doc is not None
        await counters.update_one({"_id": "n"}, {"$set": {"n": doc["n"] + 1}}, session=session)

    await asyncio.gather(*(db.transact(count_up) for _ in range(8)))
    assert await counters.find_one({"_id": "n"}) == {"_id": "n", "n": 8}


async def test_changes_are_followed_and_resumed(db: Database) -> None:
    things = db.collection("things")
    await things.insert_one({"_id": "old"})
    opened = asyncio.Event()

    async def first_two() -> list[tuple[str, dict[str, object]]]:
        seen = []
        async for change in db.watch("things", ready=lambda _: opened.set()):
            seen.append((change.key, change.token))
            if len(seen) == 2:
                break
        return seen

    watching = asyncio.create_task(first_two())
    await asyncio.wait_for(opened.wait(), 5)
    for name in ("a", "b", "c"):
        await things.insert_one({"_id": name})
    seen = await asyncio.wait_for(watching, 5)
    assert [key for key, _ in seen] == ["a", "b"]
    async for change in db.watch("things", resume_token=seen[-1][1]):
        assert change.key == "c"
        break


async def test_no_server_is_said_at_once(settings: Settings) -> None:
    with pytest.raises(Unavailable):
        await asyncio.wait_for(connect(settings, uri="mongodb://127.0.0.1:1/"), 10)


async def test_conflicts_at_the_commit_are_tried_again(db: Database) -> None:
    """Transactions that create the same collection meet each other only when they commit."""

    async def create(number: int) -> None:
        async def work(session: Session) -> None:
            await db.collection("new").insert_one({"_id": number}, session=session)

        await db.transact(work)

    await asyncio.gather(*(create(number) for number in range(12)))
    assert await db.collection("new").count({}) == 12


async def test_a_crowd_at_one_document_does_not_stay_in_its_own_way(db: Database) -> None:
    counters = db.collection("counters")
    await counters.insert_one({"_id": "n", "n": 0})
    runs = 0

    async def count_up(session: Session) -> None:
        nonlocal runs
        runs += 1
        doc = await counters.find_one({"_id": "n"}, session=session)
        for _ in range(5):  # it takes its time, as actions do
            await counters.find_one({"_id": "other"}, session=session)
        assert doc is not None
        await counters.update_one({"_id": "n"}, {"$set": {"n": doc["n"] + 1}}, session=session)

    await asyncio.gather(*(db.transact(count_up) for _ in range(60)))
    assert await counters.find_one({"_id": "n"}) == {"_id": "n", "n": 60}
    assert runs <= 3 * 60


async def test_who_finds_no_way_in_time_is_told_that_nothing_was_done(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRANSACT_S", 0.3)
    things = db.collection("things")
    await things.insert_one({"_id": "a", "n": 0})
    held, done = threading.Event(), threading.Event()

    async def holds(session: Session) -> None:
        await things.update_one({"_id": "a"}, {"$inc": {"n": 1}}, session=session)
        held.set()
        assert done.wait(20)

    async def comes_after(session: Session) -> None:
        await things.insert_one({"_id": "b"}, session=session)
        await things.update_one({"_id": "a"}, {"$inc": {"n": 10}}, session=session)

    holding = asyncio.create_task(db.transact(holds))
    assert await asyncio.to_thread(held.wait, 20)
    try:
        with pytest.raises(Unavailable):
            await db.transact(comes_after)
    finally:
        done.set()
        await holding
    assert await things.find({}) == [{"_id": "a", "n": 1}]


async def test_who_waits_for_others_in_conflict_waits_no_longer_than_for_its_own(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRANSACT_S", 0.3)
    things = db.collection("things")
    await things.insert_one({"_id": "a", "n": 0})
    runs = 0

    async def collides(session: Session) -> None:
        nonlocal runs
        runs += 1
        await things.find_one({"_id": "a"}, session=session)
        if runs == 1:
            changed = asyncio.run_coroutine_threadsafe(
                things.update_one({"_id": "a"}, {"$inc": {"n": 1}}), loop
            )
            assert changed.result(20) == 1
        await things.update_one({"_id": "a"}, {"$inc": {"n": 10}}, session=session)

    loop = asyncio.get_running_loop()
    db._again.acquire()
    try:
        async with asyncio.timeout(5):
            with pytest.raises(Unavailable):
                await db.transact(collides)
        runs = 0
        monkeypatch.setattr(database, "TRANSACT_S", 20.0)
        left = asyncio.create_task(db.transact(collides))
        while runs == 0:
            await asyncio.sleep(0.01)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
    finally:
        db._again.release()
    while db._left_behind:
        await asyncio.sleep(0.01)
    assert runs == 1
    assert await things.find_one({"_id": "a"}) == {"_id": "a", "n": 2}


async def test_a_call_without_an_answer_leaves_nothing_unknown_before_the_commit(db: Database) -> None:
    things = db.collection("things")

    async def work(session: Session) -> None:
        await things.insert_one({"_id": "a"}, session=session)
        raise Unknown("no answer in time")

    with pytest.raises(Unavailable):
        await db.transact(work)
    assert await things.find({}) == []


async def test_a_cancelled_transaction_is_cancelled_and_nothing_else(db: Database) -> None:
    counters = db.collection("counters")
    await counters.insert_one({"_id": "n", "n": 0})
    rng = random.Random(7)

    async def count_up(session: Session) -> None:
        for _ in range(3):
            await counters.update_one({"_id": "n"}, {"$inc": {"n": 1}}, session=session)

    for _ in range(150):
        task = asyncio.create_task(db.transact(count_up))
        await asyncio.sleep(rng.uniform(0, 0.012))
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)
    counted = await counters.find_one({"_id": "n"})
    assert counted is not None
    assert counted["n"] % 3 == 0


async def test_a_transaction_that_waits_for_something_else_is_refused_and_undone(db: Database) -> None:
    things = db.collection("things")
    await things.insert_one({"_id": "before"})

    async def work(session: Session) -> None:
        await things.insert_one({"_id": "a"}, session=session)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="got another await"):
        await db.transact(work)
    assert [doc["_id"] for doc in await things.find({})] == ["before"]


async def test_a_transaction_knows_in_whose_request_it_runs(db: Database) -> None:
    request: ContextVar[str] = ContextVar("request")
    request.set("req_1")

    async def work(_session: Session) -> str:
        return request.get()

    assert await db.transact(work) == "req_1"
