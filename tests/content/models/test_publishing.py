import asyncio
from typing import Any

import msgspec
import pytest

from content.audit import COLLECTION as AUDIT
from content.models.actions import drafting, extending, publishing
from content.models.references import own_kinds
from content.models.rules import ModelRefusal
from content.models.store import facets, models, versions
from content.models.views import NewModel, Publication
from schemas.accounts import Actor, Role
from schemas.models import ChangeKind, Effect, Layer
from schemas.problems import CommonRefusal, Refused
from tests.content.models.making import LABEL, Schema, field, model
from tests.content.models.office import Office

FIRST = model({"tier": field("choice", "tier"), "size": field("integer", "size", maximum=100)})


async def write(office: Office, room: str, ext: Schema, rev: int = 0) -> Any:
    return await extending.write_extension(
        office.db, own_kinds(office.db), office.manager, room, ext, rev=rev
    )


def refused(caught: pytest.ExceptionInfo[Refused]) -> tuple[Any, list[str]]:
    return caught.value.code, [error.pointer for error in caught.value.data.get("errors", [])]


async def test_a_version_is_published_once_and_stays(office: Office) -> None:
    room_model = await office.model()
    first = await office.publish(room_model, FIRST, note="begin")
    assert (first.id, first.number, first.note) == (f"{room_model.id}.1", 1, "begin")
    assert msgspec.json.decode(first.text) == FIRST
    assert [change.kind for change in first.changes] == [ChangeKind.ADDED, ChangeKind.ADDED]

    with pytest.raises(Refused) as caught:
        await office.publish(room_model, FIRST)
    assert caught.value.code is ModelRefusal.MODEL_UNCHANGED
    second = await office.publish(room_model, model({"tier": field("choice", "tier")}))
    assert second.number == 2
    assert await versions.get(office.db, first.id) == first
    page = await drafting.list_versions(office.db, office.manager, room_model.id, cursor="", limit=1)
    assert ([one.number for one in page.items], page.next_cursor) == ([2], "2")
    page = await drafting.list_versions(office.db, office.manager, room_model.id, cursor="2", limit=1)
    assert ([one.number for one in page.items], page.next_cursor) == ([1], None)


async def test_one_model_for_each_layer(office: Office) -> None:
    await office.model()
    await office.model(Layer.CLIP)
    with pytest.raises(Refused) as caught:
        await office.model()
    assert caught.value.code is ModelRefusal.MODEL_EXISTS
    assert await models.collection(office.db).count({}) == 2


async def test_a_draft_that_is_not_sound_is_kept_and_not_published(office: Office) -> None:
    room_model = await office.model()
    unsound = model({"size": field("integer", "size", minimum=9, maximum=1)})
    with pytest.raises(Refused) as caught:
        await office.publish(room_model, unsound)
    assert refused(caught) == (ModelRefusal.MODEL_NOT_SOUND, ["/properties/size/minimum"])
    kept = await drafting.read_model(office.db, office.manager, room_model.id)
    assert msgspec.json.decode(kept.draft) == unsound
    assert kept.latest == 0
    assert await versions.collection(office.db).count({}) == 0


async def test_a_draft_that_loops_is_not_even_kept(office: Office) -> None:
    room_model = await office.model()
    loop = {"$defs": {"a": {"$ref": "#/$defs/a"}}, "properties": {"x": {"$ref": "#/$defs/a"}}}
    with pytest.raises(Refused) as caught:
        await drafting.save_draft(office.db, office.manager, room_model.id, loop, rev=1)
    assert refused(caught) == (CommonRefusal.INVALID, ["/schema/properties/x/$ref"])
    assert await drafting.read_model(office.db, office.manager, room_model.id) == room_model


async def test_two_editors_at_once_lose_nothing(office: Office) -> None:
    room_model = await office.model()

    async def save(key: str) -> bool:
        try:
            await drafting.save_draft(
                office.db, office.manager, room_model.id, model({key: field("boolean", key)}), rev=1
            )
        except Refused as no:
            assert no.code is CommonRefusal.PRECONDITION_FAILED
            return False
        return True

    assert sorted(await asyncio.gather(save("a"), save("b"))) == [False, True]


async def test_two_publish_at_once_and_one_does(office: Office) -> None:
    room_model = await office.model()
    saved = await drafting.save_draft(office.db, office.manager, room_model.id, FIRST, rev=1)

    async def publish() -> bool:
        try:
            await publishing.publish_model(
                office.db, office.manager, room_model.id, Publication(rev=saved.rev)
            )
        except Refused as no:
            assert no.code is CommonRefusal.PRECONDITION_FAILED
            return False
        return True

    assert sorted(await asyncio.gather(publish(), publish())) == [False, True]
    assert await versions.collection(office.db).count({}) == 1


async def test_extension_fields_keep_their_version_and_what_they_are_found_by(office: Office) -> None:
    room = await office.room()
    with pytest.raises(Refused) as caught:
        await write(office, room.id, {"tier": "红"})
    assert caught.value.code is ModelRefusal.NO_MODEL

    room_model = await office.model()
    version = await office.publish(room_model, FIRST)
    shown = await write(office, room.id, {"tier": "红"}, rev=1)
    assert (shown.ext, shown.model, shown.latest, shown.rev) == ({"tier": "红"}, version.id, version.id, 2)
    found = await facets.get(office.db, room.id)
    assert (found.model, found.layer) == (version.id, Layer.ROOM)

    with pytest.raises(Refused) as caught:
        await write(office, room.id, {"tier": "green"}, rev=1)
    assert caught.value.code is CommonRefusal.PRECONDITION_FAILED
    with pytest.raises(Refused) as caught:
        await write(office, room.id, {"tier": "pink", "size": 101, "x": 1}, rev=2)
    assert refused(caught) == (ModelRefusal.VALUES_DO_NOT_FIT, ["/ext/size", "/ext/tier", "/ext/x"])
    again = await extending.read_extension(office.db, office.manager, room.id)
    assert (again.ext, again.rev) == ({"tier": "红"}, 2)


async def test_what_a_value_names_must_be_there_and_ones_own(office: Office) -> None:
    room, room_model = await office.room(), await office.model()
    await office.publish(
        room_model,
        model({"shown": field("image", "shown"), "by": field("creator", "by"), "doc": field("file", "doc")}),
    )
    own = f"pic/{office.business.id}/a.jpg"
    await write(office, room.id, {"shown": own})
    with pytest.raises(Refused) as caught:
        await write(office, room.id, {"shown": "pic/biz_other/a.jpg", "by": "crt_nobody", "doc": "file/a/b"})
    assert refused(caught)[1] == ["/ext/shown", "/ext/by", "/ext/doc"]


async def test_history_tells_what_became_of_the_fields(office: Office) -> None:
    room, room_model = await office.room(), await office.model()
    first = await office.publish(room_model, FIRST)
    await write(office, room.id, {"tier": "红", "size": 7})
    await office.publish(
        room_model,
        model({"grade": field("choice", "tier"), "fresh": field("boolean", "fresh", default=True)}),
    )
    shown = await extending.read_extension(office.db, office.manager, room.id)
    assert (shown.model, shown.ext) == (first.id, {"tier": "红", "size": 7})
    assert shown.carried == {"grade": "红", "fresh": True}
    assert [(one.kind, one.was, one.now) for one in shown.changes] == [
        (ChangeKind.RENAMED, "tier", "grade"),
        (ChangeKind.ADDED, "", "fresh"),
        (ChangeKind.DELETED, "size", ""),
    ]
    assert shown.unknown == []
    await office.db.collection("rooms").update_one({"_id": room.id}, {"$set": {"ext.stray": 1}})
    assert (await extending.read_extension(office.db, office.manager, room.id)).unknown == ["stray"]


async def test_a_rehearsal_counts_real_documents_and_writes_nothing(office: Office) -> None:
    room_model = await office.model()
    await office.publish(room_model, FIRST)
    rooms = [await office.room() for _ in range(4)]
    for room, size in zip(rooms, (5, 50, 80, None), strict=True):
        await write(office, room.id, {"tier": "红"} if size is None else {"size": size})
    narrower = model({"tier": field("choice", "tier"), "size": field("integer", "size", maximum=60)})
    draft = await drafting.read_model(office.db, office.manager, room_model.id)
    saved = await drafting.save_draft(office.db, office.manager, room_model.id, narrower, rev=draft.rev)

    told = await publishing.rehearse(office.db, office.manager, room_model.id)
    assert (told.documents, told.complete) == (4, True)
    assert (told.unchanged, told.changed, told.failing) == (3, 0, 1)
    assert told.effect is Effect.BREAKS
    assert told.holding == {"size": 3, "tier": 1}
    [left] = told.left_behind
    assert (left.document, [error.pointer for error in left.errors]) == (rooms[2].id, ["/size"])

    wanted = Publication(rev=saved.rev)
    with pytest.raises(Refused) as caught:
        await publishing.publish_model(office.db, office.manager, room_model.id, wanted)
    assert (caught.value.code, caught.value.data["failing"]) == (ModelRefusal.MODEL_BREAKS, 1)
    assert await versions.collection(office.db).count({}) == 1
    accepted = msgspec.structs.replace(wanted, accept_breaking=True)
    version = await publishing.publish_model(office.db, office.manager, room_model.id, accepted)
    assert version.number == 2


async def test_a_field_id_is_never_given_to_another_field(office: Office) -> None:
    room_model = await office.model()
    await office.publish(room_model, FIRST)
    await office.publish(room_model, model({"size": field("integer", "size", maximum=100)}))
    nameless = {"type": "boolean", "kaibo": {"type": "boolean", "label": LABEL}}
    version = await office.publish(room_model, model({"tier": nameless}))
    assert msgspec.json.decode(version.text)["properties"]["tier"]["kaibo"]["id"] == "tier_2"


async def test_personal_data_is_not_told_in_the_audit_trail(office: Office) -> None:
    room, room_model = await office.room(), await office.model()
    phone = field("text", "phone", note={"personal": True})
    await office.publish(room_model, model({"phone": phone, "tier": field("choice", "tier")}))
    await write(office, room.id, {"phone": "13800000000", "tier": "红"})
    [entry] = await office.db.collection(AUDIT).find({"action": "extensions.write"})
    assert entry["after"]["ext"] == {"phone": "…", "tier": "红"}
    assert "13800000000" not in str(entry)


async def test_others_find_no_model(office: Office) -> None:
    room, room_model = await office.room(), await office.model()
    await office.publish(room_model, FIRST)
    stranger = Actor(id="acc_x", name="x", roles={"biz_other": [Role.BUSINESS_OPERATOR]})
    assistant = Actor(id="acc_y", name="y", roles={office.business.id: [Role.ASSISTANT]})
    tries = [
        drafting.read_model(office.db, stranger, room_model.id),
        extending.read_extension(office.db, stranger, room.id),
        extending.write_extension(office.db, {}, stranger, room.id, {}, rev=0),
        drafting.create_model(office.db, stranger, NewModel(business=office.business.id, layer=Layer.CLIP)),
    ]
    for attempt in tries:
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code is CommonRefusal.NOT_FOUND
    with pytest.raises(Refused) as caught:
        await extending.write_extension(office.db, {}, assistant, room.id, {}, rev=0)
    assert caught.value.code is CommonRefusal.NOT_ALLOWED
