"""Review by another person: nothing reaches the public past it."""

from typing import Any

import pymongo
import pytest

from content.businesses.actions import edit_business
from content.businesses.views import BusinessEdit
from content.contents.actions import create_content, edit_content, publish_content, withdraw_content
from content.contents.store import contents
from content.contents.views import ContentEdit, NewContent
from content.models.actions import extending
from content.publishing.actions import reviewing
from content.publishing.rules import PublishingRefusal as No
from content.publishing.store import draft_id, drafts
from content.rooms.actions import edit_room
from content.rooms.store import rooms
from content.rooms.views import RoomEdit
from infra.mongo import to_doc
from infra.settings import Settings
from schemas.accounts import SYSTEM, Role
from schemas.content import Content, ContentState, Review
from schemas.models import Layer
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import Draft, DraftState
from tests.content.models.making import field, model
from tests.content.models.office import Office
from tests.content.models.test_finding import index_names, stage_names
from tests.content.publishing.desk import Hand, person


@pytest.fixture
async def strict(office: Office) -> Office:
    edit = BusinessEdit(review=Review.OTHER_PERSON)
    await edit_business(office.db, SYSTEM, office.business.id, edit)
    return office


async def article(office: Office, who: Role = Role.EDITOR) -> Content:
    new = NewContent(business=office.business.id, kind="article", title="新茶", body="<p>上市</p>")
    return await create_content(office.db, person(office, "writer", who), new)


def hands(office: Office, document: str) -> tuple[Hand, Hand]:
    writer, reviewer = person(office, "writer", Role.EDITOR), person(office, "chief", Role.REVIEWER)
    return Hand(office, writer, document), Hand(office, reviewer, document)


async def test_the_way_through_review(strict: Office) -> None:
    room = await strict.room()
    writer, chief = hands(strict, room.id)
    await writer.save(title="新茶室")
    await chief.look()
    with pytest.raises(Refused) as caught:
        await chief.publish()
    assert caught.value.code is No.REVIEW_NEEDED

    await writer.submit()
    with pytest.raises(Refused) as caught:
        await writer.save(title="又改")
    assert caught.value.code is CommonRefusal.WRONG_STATE
    waiting = await reviewing.list_reviews(
        strict.db, chief.who, business=strict.business.id, cursor="", limit=5
    )
    [item] = waiting.items
    assert (item.document, item.title, item.changed, item.submitted_by and item.submitted_by.name) == (
        room.id,
        "新茶室",
        ["title"],
        "writer",
    )

    await chief.look()
    sent = await chief.send_back("题目太短")
    assert (sent.state, sent.reason) == (DraftState.SENT_BACK, "题目太短")
    await writer.look()
    await writer.save(title="更长的新茶室")
    await writer.submit()
    await chief.look()
    assert (await chief.approve()).state is DraftState.APPROVED
    done = await chief.publish()
    assert (done.state, done.reason) == (DraftState.CLEAN, "")
    assert (await rooms.get(strict.db, room.id)).title == "更长的新茶室"
    last = await strict.db.collection("revisions").find_one({"document": room.id, "number": done.number})
    assert last is not None
    assert last["approved_by"]["name"] == "chief"


async def test_who_wrote_on_it_does_not_approve_it(strict: Office) -> None:
    room = await strict.room()
    writer, chief = hands(strict, room.id)
    operator = Hand(strict, strict.manager, room.id)
    await operator.save(intro="老板写的")
    await writer.look()
    await writer.save(title="新茶室")
    await writer.submit()
    await operator.look()
    with pytest.raises(Refused) as caught:
        await operator.approve()
    assert caught.value.code is No.OWN_REVIEW
    await chief.look()
    assert (await chief.approve()).state is DraftState.APPROVED
    await writer.look()
    assert (await writer.withdraw()).reviewed_by is None
    await writer.save(title="偷偷改")
    await operator.look()
    with pytest.raises(Refused) as caught:
        await operator.publish()
    assert caught.value.code is No.REVIEW_NEEDED


async def test_what_is_shown_is_not_edited_past_review(strict: Office) -> None:
    room = await strict.room()
    await strict.publish(await strict.model(), model({"tier": field("choice", "tier")}))
    with pytest.raises(Refused) as caught:
        await edit_room(strict.db, strict.manager, room.id, RoomEdit(title="直接"), rev=0)
    assert caught.value.code is No.REVIEW_NEEDED
    with pytest.raises(Refused) as caught:
        await extending.write_extension(strict.db, {}, strict.manager, room.id, {"tier": "红"}, rev=0)
    assert caught.value.code is No.REVIEW_NEEDED
    assert await rooms.get(strict.db, room.id) == room


async def test_an_article_is_first_shown_after_review_and_not_by_its_maker(strict: Office) -> None:
    story = await article(strict, Role.BUSINESS_OPERATOR)
    maker = Hand(strict, person(strict, "writer", Role.BUSINESS_OPERATOR), story.id)
    with pytest.raises(Refused) as caught:
        await publish_content(strict.db, maker.who, story.id)
    assert caught.value.code is No.REVIEW_NEEDED
    helper, chief = hands(strict, story.id)
    helper.who = person(strict, "helper", Role.EDITOR)
    await helper.look()
    await helper.submit()
    await maker.look()
    with pytest.raises(Refused) as caught:
        await maker.approve()
    assert caught.value.code is No.OWN_REVIEW
    await chief.look()
    await chief.approve()
    await chief.publish()
    shown = await contents.get(strict.db, story.id)
    assert shown.state is ContentState.PUBLISHED
    assert shown.published_at is not None


async def test_withdrawn_and_edited_it_needs_another_approval(strict: Office) -> None:
    story = await article(strict)
    writer, chief = hands(strict, story.id)
    await writer.look()
    await writer.submit()
    await chief.look()
    await chief.approve()
    await chief.publish()
    await withdraw_content(strict.db, chief.who, story.id)
    await publish_content(strict.db, chief.who, story.id)
    await withdraw_content(strict.db, chief.who, story.id)
    await edit_content(strict.db, writer.who, story.id, ContentEdit(title="偷换"), rev=0)
    with pytest.raises(Refused) as caught:
        await publish_content(strict.db, chief.who, story.id)
    assert caught.value.code is No.REVIEW_NEEDED


async def test_the_queue_goes_on_where_it_was(office: Office) -> None:
    made = [await office.room() for _ in range(3)]
    for room in made:
        hand = Hand(office, office.manager, room.id)
        await hand.save(title="新")
        await hand.submit()
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await reviewing.list_reviews(
            office.db, office.manager, business=office.business.id, cursor=cursor, limit=2
        )
        found += [one.document for one in page.items]
        cursor = page.next_cursor
    assert found == [room.id for room in made]
    with pytest.raises(Refused) as caught:
        await reviewing.list_reviews(office.db, office.manager, cursor="nonsense", limit=2)
    assert caught.value.code is CommonRefusal.INVALID


async def test_what_was_approved_is_what_is_published(strict: Office) -> None:
    story = await article(strict)
    writer, chief = hands(strict, story.id)
    await writer.save(intro="好茶")
    await writer.submit()
    await chief.look()
    await chief.approve()
    other = person(strict, "other", Role.EDITOR)
    await edit_content(strict.db, other, story.id, ContentEdit(title="偷换"), rev=0)
    seen = await chief.look()
    assert (seen.state, seen.face["title"], [one.name for one in seen.authors]) == (
        DraftState.APPROVED,
        "偷换",
        ["writer", "other"],
    )
    with pytest.raises(Refused) as caught:
        await chief.publish()
    assert caught.value.code is No.REVIEW_NEEDED
    assert (await contents.get(strict.db, story.id)).state is ContentState.PREPARING
    await writer.look()
    await writer.withdraw()
    await writer.submit()
    await chief.look()
    await chief.approve()
    await chief.publish()
    assert (await contents.get(strict.db, story.id)).title == "偷换"


async def test_what_names_nothing_is_not_handed_in(office: Office) -> None:
    room = await office.room()
    hand = Hand(office, office.manager, room.id)
    await hand.save(cover="pic/biz_other/aa.jpg")
    with pytest.raises(Refused) as caught:
        await hand.submit()
    assert [one.pointer for one in caught.value.data["errors"]] == ["/face/cover"]


async def test_the_queue_reads_one_range_of_an_index(office: Office, settings: Settings) -> None:
    made = [
        Draft(
            id=draft_id(f"rm_{office.business.id}_{number}"),
            document=f"rm_{number}",
            business=office.business.id,
            layer=Layer.ROOM,
            title="t",
            state=DraftState.SUBMITTED if number % 5 else DraftState.EDITING,
            since=number,
        )
        for number in range(1_000)
    ]
    await drafts.collection(office.db).insert_many([to_doc(one) for one in made])
    where = {"business": office.business.id, "state": "submitted"}
    with pymongo.MongoClient[dict[str, Any]](settings.mongodb_uri) as client:
        collection = client[settings.mongodb_database][drafts.name]
        explained = collection.find(where).sort([("since", 1), ("_id", 1)]).limit(21).explain()
    assert index_names(explained["queryPlanner"]["winningPlan"]) == {"waiting"}
    assert "SORT" not in stage_names(explained["queryPlanner"]["winningPlan"])
    assert explained["executionStats"]["totalKeysExamined"] == 21
