"""kill -9 of the jobs process in the midst of an import or an export: every row is there once."""

import json
from collections.abc import AsyncIterator

import pytest

from content.bulk import actions
from content.bulk.store import exports, imports
from content.bulk.views import NewExport
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from infra.mongo import to_doc
from infra.settings import Settings
from schemas.accounts import SYSTEM, Role
from schemas.bulk import Export, ExportState, FileFormat, Import, ImportState, NounName
from schemas.content import Content, ContentKind
from schemas.ids import new_id
from tests.faults.test_orders import Worker
from tests.web.shop import person
from tests.workers.pay_sandbox.market import until
from workers.nouns import nouns_of
from workers.web.services import Services, open_services

pytestmark = [pytest.mark.faults, pytest.mark.slow]
COUNT = 6_000
EXPORTED = 40_000


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


async def test_killed_half_way_an_export_has_each_row_once(jobs: tuple[Services, Worker]) -> None:
    services, worker = jobs
    db = services.db
    business = await create_business(db, SYSTEM, NewBusiness(name="茶器", slug="tea"))
    manager = await person(services, "manager", {business.id: [Role.BUSINESS_OPERATOR]})
    made = [Content(id=new_id("cnt"), business=business.id, kind=ContentKind.ARTICLE, title=f"文章 {number}")
            for number in range(EXPORTED)]  # fmt: skip
    await db.collection("contents").insert_many([to_doc(one) for one in made])
    new = NewExport(business=business.id, noun=NounName.CONTENTS, format=FileFormat.JSONL)
    asked = await actions.begin_export(db, nouns_of, manager.actor, new)

    async def now() -> Export:
        return await exports.get(db, asked.id)

    async def on_its_way() -> bool:
        return (await now()).rows > 0

    async def over() -> bool:
        return (await now()).state is ExportState.DONE

    await worker.start()
    await until("rows on their way", on_its_way, 60)
    worker.kill()
    half = await now()
    assert half.state is ExportState.RUNNING, "killed too late to prove anything"
    kept = [await services.objects.head(part) for part in half.parts]
    await worker.start()
    await until("the export at its end", over, 90)

    done = await now()
    lines = (await services.objects.get(done.file)).splitlines()
    assert [json.loads(line)["id"] for line in lines] == sorted(one.id for one in made)
    assert (done.rows, done.total) == (EXPORTED, EXPORTED)
    assert done.parts[: len(kept)] == [one.key for one in kept], "what was written is not written again"
