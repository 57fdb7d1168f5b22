"""Imports on a real database: the rules of the API, all or nothing with the cursor, whatever happens."""

import asyncio
from typing import Any

import pytest

from content.bulk import actions, carrying, importing
from content.bulk.rules import BulkRefusal
from content.bulk.store import errors_of, imports
from content.creators.actions import admit_creator
from content.creators.views import NewCreator
from content.models.actions import drafting, publishing
from content.models.views import NewModel, Publication
from infra.mongo.collection import MotorCollection
from schemas.accounts import Actor, Role
from schemas.bulk import ImportState, NounName
from schemas.models import Layer
from schemas.problems import CommonRefusal, Refused
from tests.content.bulk.conftest import Desk, quiet
from tests.content.models.making import field, model
from workers.nouns import nouns_of

N = NounName


def articles(count: int, first: int = 0) -> str:
    lines = [f"k{number},article,文章 {number},<p>{number}</p>" for number in range(first, first + count)]
    return "\n".join(["external,kind,title,body", *lines])


async def test_rows_become_documents_by_the_rules_of_the_api(desk: Desk) -> None:
    done = await desk.take(
        N.CONTENTS, 'kind,标题,body\narticle,春茶,"<p>好<script>x</script></p>"\nreplay,a,\n,b,\n'
    )

    assert (done.state, done.created, done.failed, done.cursor) == (ImportState.DONE, 1, 2, 3)
    (made,) = await desk.all("contents")
    assert (made["title"], made["body"], made["state"]) == ("春茶", "<p>好</p>", "preparing")
    (entry,) = await desk.all("audit", {"action": "contents.create"})
    assert (entry["actor"], entry["target"], entry["request"]) == (desk.manager.id, made["_id"], done.id)
    assert entry["after"]["title"] == "春茶"
    wrong = await errors_of(desk.db, done, 0, 9)
    assert [(one.row, one.errors[0].pointer) for one in wrong] == [(2, "/kind"), (3, "/kind")]


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(7))
    before = await desk.all("contents")

    again = await desk.take(N.CONTENTS, articles(7))
    more = await desk.take(N.CONTENTS, articles(7).replace("文章 3", "新的") + "\nk99,article,多,")

    assert (again.unchanged, again.created, again.updated) == (7, 0, 0)
    assert (more.unchanged, more.created, more.updated) == (6, 1, 1)
    assert [doc["title"] for doc in await desk.all("contents") if doc["title"] == "新的"]
    assert len(await desk.all("contents")) == len(before) + 1


async def test_a_killed_import_goes_on_behind_the_last_row_that_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(importing, "TOLD_EVERY_S", 0)
    brought = await desk.bring(N.CONTENTS, articles(45))
    await actions.run(desk.db, desk.manager, brought.id)

    class Killed(Exception):
        pass

    async def die(part: float) -> None:
        if part > 0.4:
            raise Killed

    with pytest.raises(Killed):
        await desk.work(brought.id, die)
    half = await imports.get(desk.db, brought.id)
    assert (half.state, half.cursor) == (ImportState.RUNNING, len(await desk.all("contents")))
    assert 0 < half.cursor < 45

    both = await asyncio.gather(desk.work(brought.id), desk.work(brought.id))

    assert {(one.state, one.created, one.cursor) for one in both} == {(ImportState.DONE, 45, 45)}
    titles = [doc["title"] for doc in await desk.all("contents")]
    assert len(titles) == len(set(titles)) == 45


async def test_stop_ends_it_before_the_next_rows_and_resume_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(importing, "TOLD_EVERY_S", 0)
    brought = await desk.bring(N.CONTENTS, articles(45))
    await actions.run(desk.db, desk.manager, brought.id)

    async def stop_now(_part: float) -> None:
        await actions.stop(desk.db, desk.manager, brought.id)

    stopped = await desk.work(brought.id, stop_now)
    assert (stopped.state, stopped.cursor) == (ImportState.STOPPED, 10)
    with pytest.raises(Refused) as wrong:
        await actions.run(desk.db, desk.manager, brought.id)
    assert wrong.value.code is CommonRefusal.WRONG_STATE

    await actions.resume(desk.db, desk.manager, brought.id)
    done = await desk.work(brought.id)
    assert (done.state, done.created) == (ImportState.DONE, 45)


async def test_one_row_that_collides_spoils_no_other(desk: Desk) -> None:
    """An account is one creator of a business: that only the index can tell."""
    new = NewCreator(business=desk.business.id, name="小林", account=desk.anchor.id)
    await desk.db.collection("creators").ensure_index(
        [("account", 1), ("business", 1)], name="account", unique=True, partial={"account": {"$gt": ""}}
    )
    await admit_creator(desk.db, desk.manager, new)
    rows = [f"创作者 {number}," for number in range(20)]
    rows[13] = f"又一个,{desk.anchor.id}"

    done = await desk.take(N.CREATORS, "\n".join(["name,account", *rows]))

    assert (done.created, done.failed) == (19, 1)
    (wrong,) = await errors_of(desk.db, done, 0, 9)
    assert (wrong.row, wrong.code) == (14, "already_applied")
    assert len(await desk.all("creators")) == 20
    assert len(await desk.all("audit", {"action": "creators.admit"})) == 20


async def test_a_preview_tells_what_would_be_and_leaves_nothing(desk: Desk) -> None:
    await desk.take(N.CONTENTS, articles(2))
    brought = await desk.bring(N.CONTENTS, articles(4).replace("文章 1", "别的") + "\nk9,article,,")
    counts = {name: await desk.db.collection(name).count({}) for name in ("contents", "audit", "outbox")}

    told = await actions.preview(desk.db, desk.objects, {}, nouns_of, desk.manager, brought.id)

    assert (told.created, told.updated, told.unchanged, told.failed) == (2, 1, 1, 1)
    assert [one.becomes for one in told.first] == ["unchanged", "updated", "created", "created", "failed"]
    assert {name: await desk.db.collection(name).count({}) for name in counts} == counts
    assert {"external", "title", "kind"} <= {one.name for one in told.columns}


async def test_who_may_not_by_the_api_may_not_by_a_file(desk: Desk) -> None:
    editor = Actor(id=desk.manager.id, name="e", roles={desk.business.id: [Role.EDITOR]})
    stranger = Actor(id="acc_x", name="x", roles={"biz_other": [Role.BUSINESS_OPERATOR]})
    with pytest.raises(Refused):
        await desk.bring(N.CONTENTS, articles(1), stranger)
    brought = await desk.bring(N.CREATORS, "name\n小林", editor)

    told = await actions.preview(desk.db, desk.objects, {}, nouns_of, editor, brought.id)

    assert (told.failed, told.first[0].code) == (1, CommonRefusal.NOT_ALLOWED)


async def test_an_import_ends_when_who_started_it_is_gone(desk: Desk) -> None:
    brought = await desk.bring(N.CONTENTS, articles(3))
    await actions.run(desk.db, desk.manager, brought.id)
    await desk.db.collection("accounts").update_one({"_id": desk.manager.id}, {"$set": {"disabled": True}})

    ended = await desk.work(brought.id)

    assert (ended.state, ended.reason, ended.cursor) == (ImportState.FAILED, "not_signed_in", 0)
    assert await desk.all("contents") == []


async def test_what_is_told_of_errors_can_be_mended_and_brought_again(desk: Desk) -> None:
    done = await desk.take(N.CONTENTS, "external,kind,title\nk1,article,=HYPERLINK(1)\nk2,clip,b\n")
    _, table = await actions.error_file(desk.db, desk.manager, done.id)

    mended = await desk.take(N.CONTENTS, table.decode("utf-8-sig").replace("clip", "article"))

    assert (done.created, done.failed) == (1, 1)
    assert (mended.created, mended.failed) == (1, 0)
    assert [doc["title"] for doc in await desk.all("contents")] == ["=HYPERLINK(1)", "b"]


async def test_names_and_numbers_that_no_database_takes_are_errors_of_their_rows(desk: Desk) -> None:
    huge = 10**40
    rows = [
        '{"title":"a","kind":"article","$set":{"x":1},"a.b":2}',
        f'{{"title":{huge},"kind":"article","$where":"1"}}',
        f'{{"title":"b","kind":"article","expires_at":{huge}}}',
        '{"title":"c","kind":"article","ext":{"$gt":""},"\\u0001":"x"}',
        '{"title":{"$ne":""},"kind":"article"}',
    ]
    done = await desk.take(N.CONTENTS, "\n".join(rows))

    assert (done.state, done.created, done.failed) == (ImportState.DONE, 1, 4)
    assert [doc["title"] for doc in await desk.all("contents")] == ["a"]
    _, table = await actions.error_file(desk.db, desk.manager, done.id)
    assert str(huge) in table.decode()
    with pytest.raises(Refused) as refused:
        await desk.bring(N.CONTENTS, '{"a\\u0000b":1}')
    assert refused.value.code is BulkRefusal.NOT_A_TABLE


async def test_extension_fields_come_as_columns_or_as_one(desk: Desk) -> None:
    begun = await drafting.create_model(
        desk.db, desk.manager, NewModel(business=desk.business.id, layer=Layer.ARTICLE)
    )
    schema = model(
        {
            "tier": field("choice", "tier", note={"filterable": True}),
            "year": field("integer", "year"),
            "phone": field("text", "phone", note={"personal": True}),
        }
    )
    saved = await drafting.save_draft(desk.db, desk.manager, begun.id, schema, rev=begun.rev)
    await publishing.publish_model(desk.db, desk.manager, saved.id, Publication(rev=saved.rev))

    table = "external,kind,title,ext.tier,ext.year,ext.phone\nk1,article,a,红,2026,138\nk2,article,b,蓝,x,\n"
    done = await desk.take(N.CONTENTS, table)
    lines = '{"external":"k1","title":"a","ext":{"tier":"green","year":2027}}'
    again = await desk.take(N.CONTENTS, lines)

    assert (done.created, done.failed, again.updated) == (1, 1, 1)
    (made,) = await desk.all("contents")
    assert made["ext"] == {"tier": "green", "year": 2027, "phone": "138"}
    assert await desk.db.collection("facets").count({"_id": made["_id"]}) == 1
    told = await desk.all("audit", {"target": made["_id"]})
    assert told[0]["after"]["ext"] == {"tier": "红", "year": 2026, "phone": "…"}
    assert told[1]["before"]["ext"]["tier"] == "红"
    assert "138" not in str(told)
    (wrong,) = await errors_of(desk.db, done, 0, 9)
    assert {one.pointer for one in wrong.errors} == {"/ext/tier", "/ext/year"}


async def test_members_tags_and_products_are_taken_too(desk: Desk) -> None:
    roles = await desk.take(N.MEMBERS, "login,roles\nanchor,anchor|assistant\nnobody,anchor\n")
    tags = await desk.take(N.TAGS, "name,category\n中秋,场景/节日\n春节,场景/节日\n")
    tags_again = await desk.take(N.TAGS, "name,category\n中秋,场景/节日\n")
    sold = await desk.take(N.PRODUCTS, "title,price.amount\n白瓷杯,3900\n铁壶,贵\n")

    assert (roles.updated, roles.failed) == (1, 1)
    assert (tags.created, tags_again.unchanged) == (2, 1)
    assert len(await desk.all("tag_categories")) == 2
    assert (sold.created, sold.failed) == (1, 1)


async def test_rows_that_change_documents_share_their_calls(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    do_one, do_all = MotorCollection._do, MotorCollection._all

    async def one(self: MotorCollection, session: Any, verb: str, *given: Any, **options: Any) -> Any:
        asked.append(f"{verb} {self.name}")
        return await do_one(self, session, verb, *given, **options)

    async def several(self: MotorCollection, session: Any, verb: str, *given: Any, **options: Any) -> Any:
        asked.append(f"{verb} {self.name}")
        return await do_all(self, session, verb, *given, **options)

    await desk.take(N.CONTENTS, articles(40))
    for changed in ("一改", "再改"):  # there are no drafts and revisions, then there are
        monkeypatch.setattr(MotorCollection, "_do", one)
        monkeypatch.setattr(MotorCollection, "_all", several)
        asked.clear()
        done = await desk.take(N.CONTENTS, articles(40).replace("文章", changed))
        monkeypatch.undo()
        assert (done.updated, done.failed) == (40, 0)
        assert len(asked) < 40, asked
    revisions = await desk.db.collection("revisions").find({}, sort=[("_id", 1)])
    assert len(revisions) == len({(one["document"], one["number"]) for one in revisions}) == 80


async def test_a_batch_that_stalls_is_not_written_twice(desk: Desk) -> None:
    """Another run has taken over: what the first one still holds is not written any more."""
    brought = await desk.bring(N.CONTENTS, articles(5))
    running = await actions.run(desk.db, desk.manager, brought.id)
    await actions.stop(desk.db, desk.manager, brought.id)
    await actions.resume(desk.db, desk.manager, brought.id)
    nouns = await nouns_of(desk.db, desk.business.id)
    target = carrying.Target(
        noun=nouns[N.CONTENTS], name=N.CONTENTS, business=desk.business.id, actor=desk.manager
    )

    await importing._Run(desk.db, desk.objects, {}, running, target).run(quiet)

    assert await desk.all("contents") == []
