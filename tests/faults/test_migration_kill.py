"""kill -9 of the jobs process in the midst of a migration, and in the midst of undoing it."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from content.models.actions import drafting, migrating
from content.models.moving import found_by
from content.models.store import befores
from infra.mongo import Database, plain, to_doc
from infra.settings import Settings
from schemas.content import Room
from schemas.ids import new_id
from schemas.models import Migration, MigrationState, ModelVersion
from tests.content.models.making import field, model
from tests.content.models.office import Office, open_office
from tests.faults.test_orders import Worker
from tests.workers.pay_sandbox.market import until
from workers.web.services import open_services

pytestmark = [pytest.mark.faults, pytest.mark.slow]
COUNT = 3_000
OLD = model({"tier": field("choice", "tier"), "size": field("integer", "size")})
NEW = model({"grade": field("choice", "tier", note={"filterable": True}), "size": field("text", "size")})


@pytest.fixture
async def jobs(settings: Settings) -> AsyncIterator[tuple[Database, Worker]]:
    async with open_services(settings) as services:
        worker = Worker(settings, "jobs", settings.jobs_port)
        yield services.db, worker
        worker.kill()
        await services.db.drop()


async def fill(office: Office, version: ModelVersion) -> None:
    """Many rooms written under a version."""
    rooms, found = [], []
    for number, tier in zip(range(COUNT), itertools.cycle(["红", "green"]), strict=False):
        ext = {"tier": tier, "size": number}
        room = Room(
            id=new_id("rm"),
            business=office.business.id,
            anchor=office.anchor.id,
            title="茶室",
            ext=ext,
            model=version.id,
        )
        rooms.append(to_doc(room))
        found.append(to_doc(found_by(version, room.id, ext)))
    await office.db.collection("rooms").insert_many(rooms)
    await office.db.collection("facets").insert_many(found)


async def held(db: Database) -> dict[str, tuple[bytes, int]]:
    """What every room holds, as bytes, and its revision."""
    docs = await db.collection("rooms").find({})
    return {doc["_id"]: (msgspec.json.encode(plain([doc["ext"], doc["model"]])), doc["rev"]) for doc in docs}


async def found(db: Database) -> dict[str, Any]:
    return {doc["_id"]: doc["fx"] for doc in await db.collection("facets").find({})}


async def killed_half_way(office: Office, worker: Worker, migration: Migration) -> Migration:
    """Let it go on for some documents, kill it, then let it end."""
    begun = await migrating.read(office.db, office.manager, migration.id)
    await worker.start()

    async def on_its_way() -> bool:
        now = await migrating.read(office.db, office.manager, migration.id)
        return now.moved != begun.moved

    await until("documents on their way", on_its_way, 60)
    worker.kill()
    half = await migrating.read(office.db, office.manager, migration.id)
    assert half.state in (MigrationState.RUNNING, MigrationState.UNDOING), "killed too late to prove anything"
    await worker.start()

    async def over() -> bool:
        now = await migrating.read(office.db, office.manager, migration.id)
        return now.state in (MigrationState.DONE, MigrationState.UNDONE)

    await until("the migration at its end", over, 90)
    worker.kill()
    return await migrating.read(office.db, office.manager, migration.id)


async def test_killed_half_way_each_document_is_moved_once_and_given_back(
    jobs: tuple[Database, Worker],
) -> None:
    db, worker = jobs
    office = await open_office(db)
    first = await office.publish(await office.model(), OLD)
    await fill(office, first)
    before, found_before = await held(db), await found(db)
    current = await drafting.read_model(db, office.manager, first.model)
    second = await office.publish(current, NEW, accept_breaking=True)

    begun = await migrating.start(db, office.manager, first.model)
    done = await killed_half_way(office, worker, begun)
    assert (done.state, done.moved, done.failed) == (MigrationState.DONE, COUNT, 0)
    assert await db.collection("rooms").count({"model": second.id, "rev": 2}) == COUNT
    assert await befores.collection(db).count({}) == COUNT

    undone = await killed_half_way(office, worker, await migrating.undo(db, office.manager, begun.id))
    assert (undone.state, undone.moved, undone.kept) == (MigrationState.UNDONE, 0, 0)
    after = await held(db)
    assert {room: ext for room, (ext, _) in after.items()} == {room: ext for room, (ext, _) in before.items()}
    assert {rev for _, rev in after.values()} == {3}
    assert await found(db) == found_before
