"""Drafts beside what is published: two editors, direct edits, publishing, revisions."""

import asyncio
from contextlib import suppress

import pytest

from content.contents.actions import create_content
from content.contents.views import NewContent
from content.creators.actions import admit_creator, edit_creator
from content.creators.views import CreatorEdit, NewCreator
from content.models.actions import extending
from content.programs.actions import create_program
from content.programs.views import NewProgram
from content.publishing.actions import drafting, revising
from content.publishing.rules import PublishingRefusal as No
from content.publishing.rules.merge import merge
from content.publishing.store import drafts
from content.publishing.views import DraftEdit
from content.rooms.actions import edit_room
from content.rooms.store import rooms
from content.rooms.views import RoomEdit
from schemas.accounts import SYSTEM, Role
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import DraftState, Referred, RevisionOrigin
from tests.content.models.making import field, model
from tests.content.models.office import Office
from tests.content.publishing.desk import Hand, asked, person

SCHEMA = model({"tier": field("choice", "tier", note={"filterable": True}), "size": field("integer", "size")})


async def test_a_draft_is_seen_by_nobody_until_it_is_published(office: Office) -> None:
    room = await office.room()
    editor = Hand(office, person(office, "e", Role.EDITOR), room.id)
    first = await editor.look()
    assert (first.state, first.rev, first.face["title"], first.number) == (DraftState.CLEAN, 1, "茶室", 0)

    saved = await editor.save(title="新茶室", intro="开张")
    assert (saved.state, saved.rev, saved.face["title"]) == (DraftState.EDITING, 2, "新茶室")
    assert saved.published["title"] == "茶室"
    assert (await rooms.get(office.db, room.id)).title == "茶室"

    chief = Hand(office, office.manager, room.id)
    await chief.look()
    done = await chief.publish()
    assert (done.state, done.number, done.face) == (DraftState.CLEAN, 2, done.published)
    now = await rooms.get(office.db, room.id)
    assert (now.title, now.intro, now.rev) == ("新茶室", "开张", 2)

    listed = await revising.list_revisions(office.db, office.manager, room.id, cursor="", limit=1)
    rest = await revising.list_revisions(
        office.db, office.manager, room.id, cursor=listed.next_cursor or "", limit=5
    )
    assert [(one.number, one.title, one.origin) for one in (*listed.items, *rest.items)] == [
        (2, "新茶室", RevisionOrigin.PUBLISHED),
        (1, "茶室", RevisionOrigin.FOUND),
    ]
    assert rest.next_cursor is None


async def test_of_two_editors_at_once_one_is_told_what_the_other_wrote(office: Office) -> None:
    room = await office.room()
    lin, wang = (Hand(office, person(office, name, Role.EDITOR), room.id) for name in ("lin", "wang"))
    await lin.look()
    await wang.look()
    outcomes = await asyncio.gather(
        lin.save(title="林的茶室"), wang.save(title="王的茶室"), return_exceptions=True
    )
    [refused] = [one for one in outcomes if isinstance(one, Refused)]
    [saved] = [one for one in outcomes if not isinstance(one, BaseException)]
    assert refused.code is CommonRefusal.PRECONDITION_FAILED
    told = refused.data["draft"]
    assert (told.rev, told.face) == (saved.rev, saved.face)

    loser = lin if lin.seen and lin.seen.state is DraftState.CLEAN else wang
    loser.seen = told
    merged = await loser.save(intro="一起写的")
    assert merged.face["title"] == saved.face["title"]
    assert {one.name for one in merged.authors} == {"lin", "wang"}


async def test_a_revision_of_a_draft_never_comes_twice(office: Office) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    stale = await chief.look()
    await chief.save(title="一")
    await chief.publish()
    await chief.save(title="二")
    await chief.discard()
    assert chief.seen and chief.seen.rev > stale.rev
    late = Hand(office, office.manager, room.id)
    late.seen = stale
    with pytest.raises(Refused) as caught:
        await late.save(intro="late")
    assert caught.value.code is CommonRefusal.PRECONDITION_FAILED


async def test_what_was_edited_in_place_meanwhile_is_in_the_draft(office: Office) -> None:
    room = await office.room()
    editor = Hand(office, person(office, "e", Role.EDITOR), room.id)
    await editor.save(title="草稿的题目")
    await edit_room(office.db, office.manager, room.id, RoomEdit(intro="直接改的"), rev=0)
    with pytest.raises(Refused) as caught:
        await editor.save(title="草稿的题目!")
    assert caught.value.data["draft"].face["intro"] == "直接改的"

    seen = await editor.look()
    assert (seen.face["title"], seen.face["intro"], seen.conflicts) == ("草稿的题目", "直接改的", [])
    chief = Hand(office, office.manager, room.id)
    await chief.look()
    await chief.publish()
    now = await rooms.get(office.db, room.id)
    assert (now.title, now.intro) == ("草稿的题目", "直接改的")


async def test_a_conflict_is_settled_before_publishing(office: Office) -> None:
    room = await office.room()
    editor = Hand(office, office.manager, room.id)
    await editor.save(title="草稿")
    await edit_room(office.db, office.manager, room.id, RoomEdit(title="直接"), rev=0)
    seen = await editor.look()
    [conflict] = seen.conflicts
    assert (conflict.pointer, conflict.base, conflict.mine, conflict.theirs) == (
        "/title",
        "茶室",
        "草稿",
        "直接",
    )
    for step in (editor.publish, editor.submit):
        with pytest.raises(Refused) as caught:
            await step()
        assert caught.value.code is No.DRAFT_OUTDATED
    assert (await editor.save(intro="别的")).conflicts
    assert not (await editor.save(title="都要", resolves=True)).conflicts
    await editor.publish()
    assert (await rooms.get(office.db, room.id)).title == "都要"


async def test_extension_fields_are_checked_when_they_are_published(office: Office) -> None:
    room = await office.room()
    version = await office.publish(await office.model(), SCHEMA)
    editor = Hand(office, office.manager, room.id)
    saved = await editor.save(ext={"tier": "紫"}, cover="nowhere")
    assert [one.pointer for one in saved.problems] == ["/face/cover", "/face/ext/tier"]
    with pytest.raises(Refused) as caught:
        await editor.publish()
    assert caught.value.code is No.DRAFT_NOT_SOUND
    await editor.save(ext={"tier": "红"}, cover="pic/biz_other/aa.jpg")
    with pytest.raises(Refused) as caught:
        await editor.publish()
    assert [one.pointer for one in caught.value.data["errors"]] == ["/face/cover"]
    assert (await rooms.get(office.db, room.id)).rev == 1

    await editor.save(cover=None)
    await editor.publish()
    now = await rooms.get(office.db, room.id)
    assert (now.ext, now.model) == ({"tier": "红"}, version.id)
    assert await office.db.collection("facets").count({"_id": room.id, "model": version.id}) == 1


async def test_a_revision_is_made_a_draft_again_under_the_newest_model(office: Office) -> None:
    room = await office.room()
    made = await office.model()
    await office.publish(made, SCHEMA)
    for tier in ("红", "green"):
        await extending.write_extension(office.db, {}, office.manager, room.id, {"tier": tier}, rev=0)
    await edit_room(office.db, office.manager, room.id, RoomEdit(title="后来"), rev=0)
    renamed = model({"grade": field("choice", "tier"), "size": field("integer", "size")})
    await office.publish(made, renamed)

    chief = Hand(office, office.manager, room.id)
    await chief.look()
    draft = await revising.restore(office.db, office.manager, room.id, 2, rev=chief.rev)
    assert (draft.state, draft.face["title"], draft.face["ext"]) == (
        DraftState.EDITING,
        "茶室",
        {"grade": "红"},
    )
    chief.seen = draft
    await chief.publish()
    now = await rooms.get(office.db, room.id)
    assert (now.title, now.ext) == ("茶室", {"grade": "红"})
    newest = await revising.read_revision(office.db, office.manager, room.id, 5)
    assert newest.restored == 2

    shown = await revising.compare(office.db, asked(office.db), office.manager, room.id, "4", "5")
    assert [(one.pointer, one.was_pointer) for one in shown.changes] == [
        ("/title", "/title"),
        ("/ext/grade", "/ext/tier"),
    ]
    assert [(str(one.op), one.text) for one in shown.changes[0].words] == [
        ("removed", "后来"),
        ("added", "茶室"),
    ]


async def test_a_revision_never_changes(office: Office) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    for title in ("一", "二"):
        await chief.save(title=title)
        await chief.publish()
    before = await office.db.collection("revisions").find({"document": room.id, "number": {"$lte": 2}})
    await edit_room(office.db, office.manager, room.id, RoomEdit(title="三"), rev=0)
    assert (
        await office.db.collection("revisions").find({"document": room.id, "number": {"$lte": 2}}) == before
    )
    assert await drafts.collection(office.db).count({"document": room.id}) == 1


async def test_nothing_is_published_twice(office: Office) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    with pytest.raises(Refused) as caught:
        await chief.publish()
    assert caught.value.code is No.NOTHING_TO_PUBLISH
    assert await office.db.collection("revisions").count({"document": room.id}) == 0


async def test_of_what_nobody_has_seen_all_is_new(office: Office) -> None:
    new = NewContent(business=office.business.id, kind="article", title="第一泡", body="<p>洗茶</p>")
    story = await create_content(office.db, office.manager, new)
    chief = Hand(office, office.manager, story.id)

    async def changed() -> list[str]:
        told = await revising.compare(
            office.db, asked(office.db), office.manager, story.id, "published", "draft"
        )
        return [one.pointer for one in told.changes]

    assert sorted(await changed()) == ["/body", "/title"]
    await chief.save(intro="热水")
    await chief.publish()
    assert await changed() == []


async def test_a_revision_knows_the_versions_of_what_it_refers_to(office: Office) -> None:
    db = office.db
    who = await admit_creator(db, SYSTEM, NewCreator(business=office.business.id, name="老李"))
    program = await create_program(db, SYSTEM, NewProgram(room=(await office.room()).id, title="夜场"))
    chief = Hand(office, office.manager, program.id)
    await chief.save(guests=[who.id], visibility="unlisted")
    shown = await revising.compare(db, asked(db), office.manager, program.id, "published", "draft")
    assert {value: label.zh for value, label in shown.names.items()} == {
        who.id: "老李",
        "public": "所有人",
        "unlisted": "有链接的人",
    }
    first = await chief.publish()
    await edit_creator(db, SYSTEM, who.id, CreatorEdit(name="李老师"))
    await chief.save(title="夜场（二）")
    second = await chief.publish()
    for number, version in ((first.number, 1), (second.number, 2)):
        revision = await revising.read_revision(db, office.manager, program.id, number)
        assert revision.refers == [Referred(kind="creator", id=who.id, pointer="/guests/0", version=version)]


async def test_a_draft_follows_the_model_it_was_written_under(office: Office) -> None:
    room, made = await office.room(), await office.model()
    await office.publish(made, SCHEMA)
    chief = Hand(office, office.manager, room.id)
    await chief.save(ext={"tier": "红"})
    renamed = model({"grade": field("choice", "tier"), "size": field("integer", "size")})
    newest = await office.publish(made, renamed)
    seen = await chief.look()
    assert (seen.face["ext"], seen.model, seen.problems) == ({"grade": "红"}, newest.id, [])
    await chief.publish()
    now = await rooms.get(office.db, room.id)
    assert (now.ext, now.model) == ({"grade": "红"}, newest.id)

    await office.publish(made, model({"size": field("integer", "size")}))
    await chief.look()
    await chief.save(title="只改题目", ext=now.ext)
    await chief.publish()
    later = await rooms.get(office.db, room.id)
    assert (later.title, later.ext, later.model) == ("只改题目", {"grade": "红"}, newest.id)


async def test_whoever_works_at_once_no_edit_is_lost(office: Office) -> None:
    """Two editors who merge when they are late, one who edits in place, one who publishes."""
    room = await office.room()
    rounds = 6

    async def edit(name: str, fieldname: str) -> None:
        hand = Hand(office, person(office, name, Role.EDITOR), room.id)
        for number in range(rounds):
            mine = {**(await hand.look()).face, fieldname: f"{name}{number}"}
            while True:
                loaded = hand.seen
                assert loaded is not None
                try:
                    edit = DraftEdit(face=mine)
                    await drafting.save_draft(office.db, hand.who, room.id, edit, rev=loaded.rev)
                    break
                except Refused as refused:
                    assert refused.code is CommonRefusal.PRECONDITION_FAILED
                    hand.seen = refused.data["draft"]
                    mine = merge(loaded.face, mine, hand.seen.face).face

    async def edit_in_place() -> None:
        for number in range(rounds):
            change = RoomEdit(avatar=f"pic/{office.business.id}/a{number}.jpg")
            await edit_room(office.db, office.manager, room.id, change, rev=0)

    async def publish() -> None:
        hand = Hand(office, office.manager, room.id)
        for _ in range(rounds):
            await hand.look()
            with suppress(Refused):  # nothing to publish, or somebody was faster
                await hand.publish()

    await asyncio.gather(edit("lin", "title"), edit("wang", "intro"), edit_in_place(), publish())
    chief = Hand(office, office.manager, room.id)
    if (await chief.look()).state is not DraftState.CLEAN:
        await chief.publish()
    now = await rooms.get(office.db, room.id)
    assert (now.title, now.intro, now.avatar) == (
        f"lin{rounds - 1}",
        f"wang{rounds - 1}",
        f"pic/{office.business.id}/a{rounds - 1}.jpg",
    )
    kept = await office.db.collection("revisions").find({"document": room.id}, sort=[("number", 1)])
    assert [one["number"] for one in kept] == list(range(1, len(kept) + 1))
    assert kept[-1]["face"]["title"] == now.title
