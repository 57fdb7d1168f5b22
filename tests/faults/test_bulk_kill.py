"""kill -9 of the jobs process in the midst of an import: every row is there once, and in the trail once."""

from collections.abc import AsyncIterator

import pytest

from content.bulk import actions
from content.bulk.store import imports
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from infra.settings import Settings
from schemas.accounts import SYSTEM, Role
from schemas.bulk import Import, ImportState, NounName
from tests.faults.test_orders import Worker
from tests.web.shop import person
from tests.workers.pay_sandbox.market import until
from workers.nouns import nouns_of
from workers.web.services import Services, open_services

pytestmark = [pytest.mark.faults, pytest.mark.slow]
COUNT = 6_000


@pytest.fixture
async def jobs(settings: Settings) -> AsyncIterator[tuple[Services, Worker]]:
    async with open_services(settings) as services:
        worker = Worker(settings, "jobs", settings.jobs_port)
        yield services, worker
        worker.kill()
        await services.db.drop()


async def test_killed_half_way_each_row_is_taken_once(jobs: tuple[Services, Worker]) -> None:
    services, worker = jobs
    db = services.db
    business = await create_business(db, SYSTEM, NewBusiness(name="茶器", slug="tea"))
    manager = await person(services, "manager", {business.id: [Role.BUSINESS_OPERATOR]})
    rows = [f"article,文章 {number}" if number % 50 else "clip,不行" for number in range(COUNT)]
    body = "\n".join(["kind,title", *rows]).encode()
    brought = await actions.upload(
        db, services.objects, nouns_of, manager.actor, business.id, NounName.CONTENTS, "a.csv", body
    )
    await actions.run(db, manager.actor, brought.id)

    async def now() -> Import:
        return await imports.get(db, brought.id)

    async def on_its_way() -> bool:
        return (await now()).cursor > 0

    async def over() -> bool:
        return (await now()).state is ImportState.DONE

    await worker.start()
    await until("rows on their way", on_its_way, 60)
    worker.kill()
    half = await now()
    assert half.state is ImportState.RUNNING, "killed too late to prove anything"
    assert half.created == await db.collection("contents").count({})
    assert half.failed == await db.collection("import_errors").count({})
    await worker.start()
    await until("the import at its end", over, 90)

    done = await now()
    wrong = COUNT // 50
    assert (done.created, done.failed, done.cursor) == (COUNT - wrong, wrong, COUNT)
    titles = [doc["title"] for doc in await db.collection("contents").find({}, projection={"title": 1})]
    assert len(titles) == len(set(titles)) == COUNT - wrong
    entries = await db.collection("audit").find({"action": "contents.create"}, projection={"target": 1})
    assert len({one["target"] for one in entries}) == len(entries) == COUNT - wrong
    assert await db.collection("import_errors").count({}) == wrong
