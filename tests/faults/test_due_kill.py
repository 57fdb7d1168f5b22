"""kill -9 of the jobs process while drafts come due: each is published once, none is forgotten."""

from collections.abc import AsyncIterator

import pytest

from content.publishing.actions import drafting, publishing
from content.publishing.ports import References
from content.publishing.together import MOST
from content.publishing.views import DraftEdit
from infra.clock import now_ms
from infra.mongo import Database
from infra.settings import Settings
from tests.content.models.office import open_office
from tests.faults.test_orders import Worker
from tests.workers.pay_sandbox.market import until
from workers.web.services import open_services

pytestmark = [pytest.mark.faults, pytest.mark.slow]
COUNT = 4 * MOST


@pytest.fixture
async def jobs(settings: Settings) -> AsyncIterator[tuple[Database, Worker]]:
    async with open_services(settings) as services:
        worker = Worker(settings, "jobs", settings.jobs_port)
        yield services.db, worker
        worker.kill()
        await services.db.drop()


async def test_killed_while_drafts_come_due_each_is_published_once(jobs: tuple[Database, Worker]) -> None:
    db, worker = jobs
    office = await open_office(db)
    made = [await office.room() for _ in range(COUNT)]
    edit = DraftEdit(face={"title": "准点"})
    saved = [await drafting.save_draft(db, office.manager, room.id, edit, rev=0) for room in made]
    at = now_ms() + 20_000
    for draft in saved:
        await publishing.schedule_draft(db, References(), office.manager, draft.document, at, rev=draft.rev)
    assert now_ms() < at, "planned too slowly to prove anything"

    async def some() -> bool:
        return await db.collection("rooms").count({"title": "准点"}) >= 3

    await worker.start()
    assert await db.collection("rooms").count({"title": "准点"}) == 0 or now_ms() >= at
    await until("some drafts published", some, 60)
    worker.kill()
    half = await db.collection("rooms").count({"title": "准点"})
    assert half < COUNT, "killed too late to prove anything"
    await worker.start()

    async def all_of_them() -> bool:
        return await db.collection("rooms").count({"title": "准点"}) == COUNT

    await until("all drafts published", all_of_them, 60)

    async def settled() -> bool:
        return await db.collection("jobs").count({"kind": "publish", "state": "done"}) == COUNT

    await until("all jobs done", settled, 60)
    assert await db.collection("rooms").count({"rev": 2}) == COUNT
    assert await db.collection("revisions").count({"origin": "scheduled"}) == COUNT
    assert await db.collection("revisions").count({}) == 2 * COUNT
    assert await db.collection("audit").count({"action": "drafts.publish", "data.revision": 2}) == COUNT
    assert await db.collection("drafts").count({"state": "clean"}) == COUNT
    first = await db.collection("rooms").find({}, sort=[("updated_at", 1)], limit=1)
    assert first[0]["updated_at"] >= at
