"""Exports on a real database and object store: each row once, whatever happens on the way."""

import csv
import io
import json
from typing import Any

import pytest

from content.bulk import actions, choosing, exporting, sweeping
from content.bulk.rules import BulkRefusal
from content.bulk.store import exports, imports
from content.bulk.views import NewExport
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from content.library.views import Listing
from content.models.actions import drafting, publishing
from content.models.views import NewModel, Publication
from infra.clock import now_ms
from schemas.accounts import PLATFORM, SYSTEM
from schemas.base import DAY_MS
from schemas.bulk import Export, ExportState, FileFormat, NounName
from schemas.library import Noun as Shelf
from schemas.models import Layer
from schemas.problems import CommonRefusal, Refused
from tests.content.bulk.conftest import Desk, quiet
from tests.content.bulk.test_importing import articles
from tests.content.models.making import field, model
from workers.nouns import nouns_of

N = NounName
DAYS = 7


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "PAGE", 4)
    monkeypatch.setattr(choosing, "LISTED", 4)
    monkeypatch.setattr(exporting, "PART_ROWS", 10)


async def ask(desk: Desk, **wanted: Any) -> Export:
    new = NewExport(
        **{"business": desk.business.id, "noun": N.CONTENTS, "format": FileFormat.JSONL, **wanted}
    )
    return await actions.begin_export(desk.db, nouns_of, desk.manager, new)


async def write(desk: Desk, export: Export, progress: Any = quiet) -> Export:
    await exporting.run(desk.db, desk.objects, nouns_of, export.id, progress, DAYS)
    return await exports.get(desk.db, export.id)


async def lines(desk: Desk, export: Export) -> list[dict[str, Any]]:
    body = await desk.objects.get(export.file)
    return [json.loads(line) for line in body.splitlines()]


class Killed(Exception):
    pass


async def test_a_killed_export_goes_on_with_the_next_part(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(45))
    ids = [doc["_id"] for doc in await desk.all("contents")]
    export = await ask(desk)
    told: list[float] = []

    async def die(part: float) -> None:
        told.append(part)
        if part > 0.4:
            raise Killed

    with pytest.raises(Killed):
        await write(desk, export, die)
    half = await exports.get(desk.db, export.id)
    assert (half.state, half.total, half.rows) == (ExportState.RUNNING, 45, 24)
    assert told == [12 / 45, 24 / 45]
    await desk.take(N.CONTENTS, articles(3, first=100))
    await desk.db.collection("contents").delete_one({"_id": ids[0]})
    before = len(await desk.objects.keys(exporting.parts_of(export)))

    done = await write(desk, export)

    assert (done.state, done.total, done.rows, before) == (ExportState.DONE, 45, 45, 2)
    assert [line["id"] for line in await lines(desk, done)] == ids
    assert await desk.objects.keys(exporting.place_of(export.id)) == [done.file]


async def test_what_a_run_wrote_that_was_overtaken_is_no_part_of_the_file(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(30))
    export = await ask(desk, format=FileFormat.CSV, bom=True)
    others: list[Export] = []

    async def another_run_begins(_part: float) -> None:
        if not others:
            others.append(export)
            others.append(await write(desk, export))

    done = await write(desk, export, another_run_begins)

    body = await desk.objects.get(done.file)
    table = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["id"] for row in table] == [doc["_id"] for doc in await desk.all("contents")]
    assert body.startswith(b"\xef\xbb\xbf")


async def test_a_stopped_export_writes_no_more_until_it_goes_on(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(45))
    export = await ask(desk)

    async def stop_now(_part: float) -> None:
        await actions.stop_export(desk.db, nouns_of, desk.manager, export.id)

    stopped = await write(desk, export, stop_now)
    assert (stopped.state, stopped.rows, len(stopped.parts)) == (ExportState.STOPPED, 12, 1)
    with pytest.raises(Refused) as wrong:
        await actions.stop_export(desk.db, nouns_of, desk.manager, export.id)
    assert wrong.value.code is CommonRefusal.WRONG_STATE

    await actions.resume_export(desk.db, nouns_of, desk.manager, export.id)
    waiting = await desk.db.collection("jobs").count({"kind": exporting.JOB})
    done = await write(desk, export)

    assert waiting == 2
    assert (done.state, done.rows) == (ExportState.DONE, 45)
    assert len({line["id"] for line in await lines(desk, done)}) == 45


async def test_a_list_is_exported_in_its_order_over_many_parts(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(30) + "\nz,picture_set,图集,")
    listing = Listing(business=desk.business.id, noun=Shelf.CONTENTS, words="文章")

    done = await write(desk, await ask(desk, listing=listing))

    newest = [doc["_id"] for doc in reversed(await desk.all("contents", {"kind": "article"}))]
    assert [line["id"] for line in await lines(desk, done)] == newest
    assert (done.total, done.rows) == (30, 30)


async def test_every_list_is_exported_as_it_is_narrowed(desk: Desk) -> None:
    await desk.take(N.TAGS, "name,category\n中秋,场景/节日\n日常,场景\n红,颜色\n")
    await desk.take(N.STORES, "name,address\n南京东路店,1 号\n徐汇店,2 号\n")
    scene = (await desk.all("tag_categories", {"name": "场景"}))[0]["_id"]

    below = await write(desk, await ask(desk, noun=N.TAGS, where={"category": scene}))
    found = await write(desk, await ask(desk, noun=N.STORES, where={"q": "徐汇"}))
    members = await write(desk, await ask(desk, noun=N.MEMBERS, where={"q": "anch"}))
    orders = await write(
        desk, await ask(desk, noun=N.ORDERS, where={"refund_asked": "true", "state": "paid"})
    )

    assert {line["category"] for line in await lines(desk, below)} == {"场景", "场景/节日"}
    assert [line["name"] for line in await lines(desk, found)] == ["徐汇店"]
    assert [line["login"] for line in await lines(desk, members)] == ["anchor"]
    assert (orders.state, orders.rows) == (ExportState.DONE, 0)
    with pytest.raises(Refused) as refused:
        await desk.bring(N.ORDERS, "state\npaid\n")
    assert refused.value.code is BulkRefusal.NOT_IMPORTED


async def test_all_businesses_are_exported_by_operators_of_the_platform(desk: Desk) -> None:
    other = await create_business(desk.db, SYSTEM, NewBusiness(name="书店", slug="books"))
    with pytest.raises(Refused):
        await ask(desk, noun=N.BUSINESSES, business=PLATFORM)

    own = await write(desk, await ask(desk, noun=N.BUSINESSES))
    new = NewExport(business=PLATFORM, noun=N.BUSINESSES, format=FileFormat.JSONL)
    whole = await write(desk, await actions.begin_export(desk.db, nouns_of, SYSTEM, new))

    assert [line["slug"] for line in await lines(desk, own)] == ["tea"]
    assert [line["id"] for line in await lines(desk, whole)] == [desk.business.id, other.id]


async def test_an_export_of_nothing_has_its_header(desk: Desk) -> None:
    done = await write(desk, await ask(desk, noun=N.STORES, format=FileFormat.CSV))

    assert (done.state, done.rows) == (ExportState.DONE, 0)
    assert (await desk.objects.get(done.file)).startswith(b"\xef\xbb\xbfid,external,rev,name")


async def test_values_of_older_versions_are_carried_to_the_newest(desk: Desk) -> None:
    begun = await drafting.create_model(
        desk.db, desk.manager, NewModel(business=desk.business.id, layer=Layer.ARTICLE)
    )
    first = model({"year": field("integer", "year"), "gone": field("text", "gone")})
    saved = await drafting.save_draft(desk.db, desk.manager, begun.id, first, rev=begun.rev)
    await publishing.publish_model(desk.db, desk.manager, begun.id, Publication(rev=saved.rev))
    await desk.take(N.CONTENTS, "external,kind,title,ext.year,ext.gone\nk1,article,a,2026,x\n")
    second = model({"since": field("integer", "year"), "fresh": field("text", "fresh")})
    rev = (await drafting.read_model(desk.db, desk.manager, begun.id)).rev
    saved = await drafting.save_draft(desk.db, desk.manager, begun.id, second, rev=rev)
    await publishing.publish_model(desk.db, desk.manager, begun.id, Publication(rev=saved.rev))

    done = await write(desk, await ask(desk, format=FileFormat.CSV))

    table = (await desk.objects.get(done.file)).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table))
    assert (row["ext.since"], row["ext.fresh"]) == ("2026", "")
    again = await desk.take(N.CONTENTS, table)
    assert (again.unchanged, again.failed) == (1, 0)
    more = await desk.take(N.CONTENTS, table.replace("2026", "2027"))
    assert (more.updated, more.failed) == (1, 0)
    [doc] = await desk.all("contents")
    assert doc["ext"] == {"since": 2027}


async def test_files_go_when_they_were_kept_long_enough(desk: Desk) -> None:
    brought = await desk.take(N.CONTENTS, articles(3) + "\nx,clip,,")
    done = await write(desk, await ask(desk))
    waiting = await desk.bring(N.CONTENTS, articles(3))
    await actions.run(desk.db, desk.manager, waiting.id)

    assert await sweeping.sweep(desk.db, desk.objects, now_ms(), DAYS) == 0
    later = now_ms() + (DAYS + 1) * DAY_MS
    assert await sweeping.sweep(desk.db, desk.objects, later, DAYS) == 2

    gone = await imports.get(desk.db, brought.id)
    assert (gone.file, (await exports.get(desk.db, done.id)).state) == ("", ExportState.EXPIRED)
    assert await desk.objects.keys("exp/") == []
    assert await desk.objects.keys("imp/") == [waiting.file]
    assert await desk.db.collection("import_errors").count({}) == 0
    assert (await desk.work(waiting.id)).unchanged == 3


async def test_one_business_exports_no_other_by_its_id(desk: Desk) -> None:
    other = await create_business(desk.db, SYSTEM, NewBusiness(name="other", slug="other-by-id"))
    export = await ask(desk, noun=N.BUSINESSES, ids=[other.id, desk.business.id])
    done = await write(desk, export)
    assert [one["id"] for one in await lines(desk, done)] == [desk.business.id]
