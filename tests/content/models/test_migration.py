"""Migrations over real documents: whole when stopped, killed or undone."""

import asyncio
from typing import Any

import msgspec
import pytest

from content.models import migration as work
from content.models.actions import extending, migrating
from content.models.rules import ModelRefusal
from content.models.store import befores, facets, migrations
from content.rooms.actions import edit_room
from content.rooms.store import rooms
from content.rooms.views import RoomEdit
from infra.clock import now_ms
from infra.jobs import JOBS, Progress, Runner
from infra.jobs import ensure_indexes as job_indexes
from infra.mongo import Database, plain
from schemas.accounts import SYSTEM
from schemas.models import Migration, MigrationState, ModelVersion
from schemas.problems import CommonRefusal, Refused
from tests.content.models.making import Schema, field, model
from tests.content.models.office import Office

S = MigrationState
OLD = model(
    {
        "tier": field("choice", "tier"),
        "size": field("integer", "size"),
        "gone": field("boolean", "gone"),
        "big": field("integer", "big"),
    }
)
NEW = model(
    {
        "grade": field("choice", "tier", note={"filterable": True}),
        "size": field("text", "size", maxLength=5),
        "big": field("integer", "big"),
        "fresh": field("boolean", "fresh", default=True),
    }
)
EXT = {"tier": "红", "size": 7, "gone": True, "big": 1 << 50}
MOVED = {"grade": "红", "size": "7", "big": 1 << 50, "fresh": True}


async def nothing(_part: float) -> None:
    pass


def stopping(office: Office, migration: Migration) -> Progress:
    """Stop the migration when its first batch is done."""

    async def stop(part: float) -> None:
        current = await migrating.read(office.db, office.manager, migration.id)
        if current.state is S.RUNNING:
            await migrating.stop(office.db, office.manager, migration.id)

    return stop


async def raw(db: Database) -> dict[str, bytes]:
    """The extension fields and versions of all rooms, as bytes."""
    found = await db.collection("rooms").find({}, sort=[("_id", 1)])
    return {doc["_id"]: msgspec.json.encode(plain([doc["ext"], doc["model"]])) for doc in found}


async def found_by(db: Database) -> dict[str, Any]:
    docs = await db.collection("facets").find({}, sort=[("_id", 1)])
    return {doc["_id"]: (doc["model"], doc["fx"]) for doc in docs}


async def filled(
    office: Office, count: int, exts: list[Schema] | None = None
) -> tuple[ModelVersion, ModelVersion]:
    """Rooms with extension fields of a first version, and a second version published."""
    room_model = await office.model()
    first = await office.publish(room_model, OLD)
    for number in range(count):
        room = await office.room()
        ext = exts[number] if exts else {**EXT, "size": number}
        await extending.write_extension(office.db, {}, office.manager, room.id, ext, rev=0)
    return first, await office.publish(room_model, NEW, accept_breaking=True)


async def run(office: Office, migration: Migration) -> Migration:
    await work.run(office.db, migration.id, nothing)
    return await migrating.read(office.db, office.manager, migration.id)


async def test_documents_are_moved_and_given_back_byte_by_byte(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    first, second = await filled(office, 5)
    before, found_before = await raw(office.db), await found_by(office.db)

    begun = await migrating.start(office.db, office.manager, first.model)
    assert (begun.version, begun.total, begun.state) == (second.id, 5, S.RUNNING)
    done = await run(office, begun)
    assert (done.state, done.moved, done.failed) == (S.DONE, 5, 0)
    for number, room in enumerate((await rooms.page(office.db, {}, cursor="", limit=9)).items[::-1]):
        assert (room.ext, room.model) == ({**MOVED, "size": str(number)}, second.id)
        assert (await facets.get(office.db, room.id)).model == second.id
    moved = await raw(office.db)

    undone = await run(office, await migrating.undo(office.db, office.manager, begun.id))
    assert (undone.state, undone.moved, undone.kept) == (S.UNDONE, 0, 0)
    assert await raw(office.db) == before
    assert await found_by(office.db) == found_before

    again = await run(office, await migrating.start(office.db, office.manager, first.model))
    assert (again.state, again.moved) == (S.DONE, 5)
    assert await raw(office.db) == moved


async def test_documents_that_do_not_fit_stay_and_are_named(office: Office) -> None:
    exts: list[Schema] = [{"size": 7}, {"size": 1_234_567}, {"tier": "红"}]
    first, second = await filled(office, 3, exts)
    done = await run(office, await migrating.start(office.db, office.manager, first.model))
    assert (done.state, done.moved, done.failed) == (S.DONE, 2, 1)
    [left] = done.left_behind
    assert [(error.pointer, error.got) for error in left.errors] == [("/size", "1234567")]
    stayed = await rooms.get(office.db, left.document)
    assert (stayed.ext, stayed.model, stayed.rev) == ({"size": 1_234_567}, first.id, 2)
    assert await office.db.collection("rooms").count({"model": second.id}) == 2


async def test_stopped_half_way_it_goes_on_where_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    first, second = await filled(office, 5)
    begun = await migrating.start(office.db, office.manager, first.model)

    await work.run(office.db, begun.id, stopping(office, begun))
    half = await migrating.read(office.db, office.manager, begun.id)
    assert (half.state, half.moved) == (S.STOPPED, 2)
    assert await office.db.collection("rooms").count({"model": first.id}) == 3
    with pytest.raises(Refused) as caught:
        await migrating.start(office.db, office.manager, first.model)
    assert caught.value.code is ModelRefusal.MIGRATION_RUNNING

    done = await run(office, await migrating.resume(office.db, office.manager, begun.id))
    assert (done.state, done.moved, done.run) == (S.DONE, 5, 2)
    assert await office.db.collection("rooms").count({"model": second.id}) == 5
    assert await befores.collection(office.db).count({}) == 5


async def test_half_of_it_can_be_undone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    first, _ = await filled(office, 5)
    before = await raw(office.db)
    begun = await migrating.start(office.db, office.manager, first.model)

    await work.run(office.db, begun.id, stopping(office, begun))
    assert await raw(office.db) != before
    undone = await run(office, await migrating.undo(office.db, office.manager, begun.id))
    assert undone.state is S.UNDONE
    assert await raw(office.db) == before


async def test_what_was_edited_since_is_not_undone(office: Office) -> None:
    first, second = await filled(office, 3)
    begun = await run(office, await migrating.start(office.db, office.manager, first.model))
    edited, retitled, _ = (await rooms.page(office.db, {}, cursor="", limit=9)).items
    await extending.write_extension(office.db, {}, office.manager, edited.id, {"size": "new"}, rev=0)
    await edit_room(office.db, SYSTEM, retitled.id, RoomEdit(title="新名"))

    undone = await run(office, await migrating.undo(office.db, office.manager, begun.id))
    assert (undone.state, undone.kept) == (S.UNDONE, 1)
    kept = await rooms.get(office.db, edited.id)
    assert (kept.ext, kept.model) == ({"size": "new", "fresh": True}, second.id)
    back = await rooms.get(office.db, retitled.id)
    assert (back.title, back.model, back.ext) == ("新名", first.id, {**EXT, "size": 1})


async def test_two_runs_at_once_move_each_document_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    first, _ = await filled(office, 9)
    begun = await migrating.start(office.db, office.manager, first.model)
    await asyncio.gather(*(work.run(office.db, begun.id, nothing) for _ in range(3)))
    done = await migrating.read(office.db, office.manager, begun.id)
    assert (done.state, done.moved) == (S.DONE, 9)
    assert {room.rev for room in (await rooms.page(office.db, {}, cursor="", limit=9)).items} == {3}


async def test_an_editor_meanwhile_loses_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH", 3)
    first, second = await filled(office, 12)
    ids = sorted(await raw(office.db))
    begun = await migrating.start(office.db, office.manager, first.model)

    async def edit(room: str) -> None:
        await extending.write_extension(office.db, {}, office.manager, room, {"size": "mine"}, rev=0)

    await asyncio.gather(work.run(office.db, begun.id, nothing), *(edit(room) for room in ids[::-1]))
    for room in (await rooms.page(office.db, {}, cursor="", limit=20)).items:
        assert (room.ext, room.model) == ({"size": "mine", "fresh": True}, second.id)


async def test_old_values_are_kept_for_a_time_only(office: Office) -> None:
    first, _ = await filled(office, 1)
    begun = await run(office, await migrating.start(office.db, office.manager, first.model))
    [kept] = await befores.collection(office.db).find({})
    assert kept["expires"].timestamp() * 1000 == begun.undo_until
    past = {"$set": {"undo_until": now_ms() - 1}}
    await migrations.collection(office.db).update_one({"_id": begun.id}, past)
    with pytest.raises(Refused) as caught:
        await migrating.undo(office.db, office.manager, begun.id)
    assert caught.value.code is ModelRefusal.NOTHING_TO_UNDO


async def test_what_is_not_running_is_not_stopped(office: Office) -> None:
    first, _ = await filled(office, 1)
    begun = await run(office, await migrating.start(office.db, office.manager, first.model))
    for verb in (migrating.stop, migrating.resume):
        with pytest.raises(Refused) as caught:
            await verb(office.db, office.manager, begun.id)
        assert caught.value.code is CommonRefusal.WRONG_STATE


async def test_a_job_does_it_and_tells_how_far_it_is(office: Office) -> None:
    await job_indexes(office.db)
    first, _ = await filled(office, 3)
    begun = await migrating.start(office.db, office.manager, first.model)
    runner = asyncio.create_task(Runner(office.db, work.handlers(office.db)).run())
    try:
        async with asyncio.timeout(20):
            while (await office.db.collection(JOBS).find({"state": "done"})) == []:
                await asyncio.sleep(0.05)
    finally:
        runner.cancel()
        await asyncio.gather(runner, return_exceptions=True)
    [job] = await office.db.collection(JOBS).find({})
    assert (job["kind"], job["business"], job["progress"]) == (migrating.JOB, office.business.id, 1.0)
    assert job["result"] == {"state": "done", "moved": 3, "failed": 0}
    assert (await migrating.read(office.db, office.manager, begun.id)).state is S.DONE
