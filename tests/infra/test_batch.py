"""Many actions in one transaction see what the others did, and are written together."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from infra.mongo import Batch, Database, Session
from infra.mongo.collection import MotorCollection

Doc = dict[str, Any]
Work = Callable[[Batch], Awaitable[None]]


class Calls:
    """Counts what the driver is asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[str] = []
        for name in ("_do", "_all"):
            monkeypatch.setattr(MotorCollection, name, self._counted(getattr(MotorCollection, name)))

    def _counted(self, call: Any) -> Any:
        async def counted(collection: Any, session: Any, verb: str, *given: Any, **options: Any) -> Any:
            self.made.append(verb)
            return await call(collection, session, verb, *given, **options)

        return counted


async def batched(db: Database, work: Work) -> None:
    async def whole(session: Session) -> None:
        batch = Batch(db, session)
        await work(batch)
        await batch.flush()

    await db.transact(whole)


async def stored(db: Database) -> list[Doc]:
    return await db.collection("things").find({}, sort=[("_id", 1)])


@pytest.fixture
async def things(db: Database) -> None:
    await db.collection("things").delete_many({})
    await db.collection("things").insert_many([{"_id": one, "n": 1} for one in "abc"])


async def test_what_was_read_ahead_is_found_changed_and_deleted_in_one_call_each(
    db: Database, things: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(batch: Batch) -> None:
        collection = batch.collection("things")
        await collection.read_ahead(["a", "b", "c", "d"])
        calls.made.clear()
        assert await collection.find({"_id": {"$in": ["a", "d"]}}) == [{"_id": "a", "n": 1}]
        assert await collection.find_one_and_replace({"_id": "b"}, {"_id": "b", "n": 2}) is not None
        assert await collection.delete_many({"_id": {"$in": ["a", "d"]}}) == 1
        assert await collection.delete_many({"_id": {"$in": ["a"]}}) == 0
        assert await collection.find_one({"_id": "a"}) is None
        await collection.insert_one({"_id": "a", "n": 3})
        await collection.insert_one({"_id": "d", "n": 4})
        found = await collection.find({"_id": {"$in": ["a", "b", "d"]}})
        assert [doc["n"] for doc in found] == [3, 2, 4]
        assert calls.made == []

    calls = Calls(monkeypatch)
    await batched(db, work)
    assert calls.made == ["delete_many", "insert_many", "bulk_write"]
    assert [(doc["_id"], doc["n"]) for doc in await stored(db)] == [("a", 3), ("b", 2), ("c", 1), ("d", 4)]


async def test_what_was_gathered_and_then_deleted_is_never_written(db: Database, things: None) -> None:
    async def work(batch: Batch) -> None:
        collection = batch.collection("things")
        await collection.read_ahead(["b", "e"])
        await collection.insert_one({"_id": "e"})
        await collection.find_one_and_replace({"_id": "b"}, {"_id": "b", "n": 9})
        assert await collection.delete_many({"_id": {"$in": ["b", "e"]}}) == 2

    await batched(db, work)
    assert [doc["_id"] for doc in await stored(db)] == ["a", "c"]


async def test_ids_that_are_not_known_are_asked_for(db: Database, things: None) -> None:
    async def work(batch: Batch) -> None:
        collection = batch.collection("things")
        await collection.read_ahead(["a"])
        await collection.insert_one({"_id": "e"})
        found = await collection.find({"_id": {"$in": ["a", "b", "e"]}}, sort=[("_id", 1)])
        assert [doc["_id"] for doc in found] == ["a", "b", "e"]
        assert await collection.delete_many({"_id": {"$in": ["b", "e", "z"]}}) == 2

    await batched(db, work)
    assert [doc["_id"] for doc in await stored(db)] == ["a", "c"]


async def test_other_questions_see_what_was_gathered(db: Database, things: None) -> None:
    async def work(batch: Batch) -> None:
        collection = batch.collection("things")
        await collection.read_ahead(["a", "b"])
        await collection.delete_many({"_id": {"$in": ["a"]}})
        await collection.find_one_and_replace({"_id": "b"}, {"_id": "b", "n": 5})
        assert await collection.count({}) == 2
        assert await collection.count({"n": 5}) == 1

    await batched(db, work)
