"""Published and withdrawn at their time, once, or given back when it can't be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from content.contents.actions import create_content
from content.contents.store import contents
from content.contents.views import NewContent
from content.publishing import work
from content.publishing.actions import publishing
from content.publishing.due import EXPIRE, PUBLISH
from content.publishing.rules import PublishingRefusal as No
from content.publishing.store import draft_of
from content.rooms.actions import edit_room
from content.rooms.store import rooms
from content.rooms.views import RoomEdit
from infra import jobs
from infra.clock import now_ms
from infra.mongo import Database, from_doc
from schemas.accounts import Role
from schemas.content import Content, ContentState
from schemas.jobs import Job
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import DraftState
from tests.content.models.office import Office
from tests.content.publishing.desk import Hand, asked, person

LATE_MS = 2_000


@pytest.fixture
async def runner(db: Database) -> AsyncIterator[None]:
    await jobs.ensure_indexes(db)
    running = asyncio.create_task(jobs.Runner(db, work.handlers(db, asked(db)), 4).run())
    yield
    running.cancel()
    await asyncio.wait({running})


async def until(what: str, true: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not await true():
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"waited {seconds} s for {what}")


async def article(office: Office) -> Content:
    who = person(office, "writer", Role.EDITOR)
    new = NewContent(business=office.business.id, kind="article", title="新茶", body="<p>上市</p>")
    return await create_content(office.db, who, new)


async def test_a_draft_is_published_at_its_time_in_the_planner_s_name(office: Office, runner: None) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    await chief.save(title="准点的茶室")
    at = now_ms() + 1_500
    planned = await chief.publish(at)
    assert (planned.state, planned.publish_at) == (DraftState.SCHEDULED, at)

    async def published() -> bool:
        return (await rooms.get(office.db, room.id)).title == "准点的茶室"

    await until("the draft to be published", published)
    now = await rooms.get(office.db, room.id)
    assert 0 <= now.updated_at - at <= LATE_MS
    last = await office.db.collection("revisions").find_one({"document": room.id, "number": 2})
    assert last is not None
    assert (last["origin"], last["by"]["name"]) == ("scheduled", office.manager.name)


async def test_a_content_is_shown_and_withdrawn_at_its_times(office: Office, runner: None) -> None:
    story = await article(office)
    chief = Hand(office, office.manager, story.id)
    end = now_ms() + 2_500
    await chief.save(expires_at=end)
    await chief.publish()
    assert (await contents.get(office.db, story.id)).state is ContentState.PUBLISHED

    async def withdrawn() -> bool:
        return (await contents.get(office.db, story.id)).state is ContentState.WITHDRAWN

    await until("the content to be withdrawn", withdrawn)
    assert 0 <= (await contents.get(office.db, story.id)).updated_at - end <= LATE_MS


async def planned(office: Office, count: int, at: int) -> list[Hand]:
    """Rooms whose drafts are planned for a time."""
    hands = [Hand(office, office.manager, (await office.room()).id) for _ in range(count)]
    for hand in hands:
        await hand.save(title="准点")
        await hand.publish(at)
    return hands


async def due(db: Database, kind: str, at: int) -> list[Job]:
    docs = await db.collection(jobs.JOBS).find({"kind": kind, "data.at": at})
    return [from_doc(Job, doc) for doc in docs]


async def test_many_due_at_once_are_published_in_one_transaction(office: Office) -> None:
    db, at = office.db, now_ms() + 60_000
    hands = await planned(office, 5, at)
    await hands[1].unschedule()
    await edit_room(db, office.manager, hands[2].document, RoomEdit(title="直接"), rev=0)
    done = await work.publish_several(db, asked(db), those := await due(db, PUBLISH, at))
    assert {job.data["document"] for job in those if job.id in done} == {
        hands[n].document for n in (0, 3, 4)
    }, "one called off, one that can't be published: both are left to themselves"
    assert list(done.values()) == 3 * [{"published": True}]
    for hand in (hands[0], hands[3], hands[4]):
        room = await rooms.get(db, hand.document)
        assert (room.title, room.rev) == ("准点", 2)
        assert (await hand.look()).state is DraftState.CLEAN
        where = {"document": hand.document, "origin": "scheduled", "by.name": office.manager.name}
        assert await db.collection("revisions").count(where) == 1
        trail = {"target": hand.document, "action": "drafts.publish", "data.revision": 2}
        assert await db.collection("audit").count(trail) == 1


async def test_one_s_trouble_is_not_the_others_(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    db, at = office.db, now_ms() + 60_000
    hands = await planned(office, 3, at)

    async def breaking(*given: Any) -> Any:
        if given[2].document == hands[1].document:
            raise ValueError("broken")
        return await publishing.put_on(*given)

    monkeypatch.setattr(work, "put_on", breaking)
    handler = work.handlers(db, asked(db))[PUBLISH]
    assert await handler.work(await due(db, PUBLISH, at)) == 3 * [{"published": True}]
    named = {"_id": {"$in": [hand.document for hand in hands]}, "title": "准点"}
    assert await db.collection("rooms").count({**named, "rev": 2}) == 3


async def test_what_was_published_with_others_is_not_published_again(office: Office) -> None:
    db, at = office.db, now_ms() + 60_000
    await planned(office, 2, at)
    handler, those = work.handlers(db, asked(db))[PUBLISH], await due(db, PUBLISH, at)
    await handler.work(those)
    assert await handler.work(those) == 2 * [{"published": False}]
    where = {"document": {"$in": [job.data["document"] for job in those]}, "origin": "scheduled"}
    assert await db.collection("revisions").count(where) == 2


async def test_many_expire_at_once(office: Office) -> None:
    db, end = office.db, now_ms() + 60_000
    stories = [await article(office) for _ in range(3)]
    for story in stories:
        chief = Hand(office, office.manager, story.id)
        await chief.save(expires_at=end)
        await chief.publish()
    handler, those = work.handlers(db, asked(db))[EXPIRE], await due(db, EXPIRE, end)
    assert await handler.work(those) == 3 * [{"withdrawn": True}]
    assert await handler.work(those) == 3 * [{"withdrawn": False}]
    named = {"$in": [story.id for story in stories]}
    assert await db.collection("contents").count({"_id": named, "state": "withdrawn", "rev": 3}) == 3
    assert await db.collection("audit").count({"target": named, "action": "contents.withdraw"}) == 3


async def test_published_twice_it_is_published_once(office: Office) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    await chief.save(title="一次")
    at = now_ms() + 60_000
    await chief.publish(at)
    outcomes = await asyncio.gather(
        *(work.publish_planned(office.db, asked(office.db), room.id, at) for _ in range(3))
    )
    assert (await rooms.get(office.db, room.id)).rev == 2
    assert {"published": True} in outcomes
    assert await office.db.collection("revisions").count({"document": room.id}) == 2
    trail = {"target": room.id, "action": "drafts.publish", "data.revision": 2}
    assert await office.db.collection("audit").count(trail) == 1


async def test_a_plan_that_was_called_off_or_moved_does_nothing(office: Office) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    await chief.save(title="改期")
    first = now_ms() + 60_000
    await chief.publish(first)
    with pytest.raises(Refused) as caught:
        await chief.publish()
    assert caught.value.code is CommonRefusal.WRONG_STATE
    assert (await chief.unschedule()).state is DraftState.EDITING
    none = {"published": False}
    assert await work.publish_planned(office.db, asked(office.db), room.id, first) == none
    assert await office.db.collection(jobs.JOBS).count({"data.document": room.id}) == 0
    await chief.publish(first + 60_000)
    assert await office.db.collection(jobs.JOBS).count({"data.document": room.id}) == 1
    assert await work.publish_planned(office.db, asked(office.db), room.id, first) == none
    assert (await rooms.get(office.db, room.id)).rev == 1


async def test_what_can_not_be_published_at_its_time_goes_back_to_its_authors(office: Office) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    await chief.save(title="草稿")
    at = now_ms() + 60_000
    await chief.publish(at)
    await edit_room(office.db, office.manager, room.id, RoomEdit(title="直接"), rev=0)
    done = await work.publish_planned(office.db, asked(office.db), room.id, at)
    assert done == {"published": False, "reason": "draft_outdated"}
    draft = await draft_of(office.db, room.id)
    assert draft is not None
    assert (draft.state, draft.failure, draft.publish_at) == (
        DraftState.SENT_BACK,
        No.DRAFT_OUTDATED,
        None,
    )


async def test_an_expiry_that_was_moved_counts_at_its_new_time(office: Office) -> None:
    story = await article(office)
    chief = Hand(office, office.manager, story.id)
    first = now_ms() + 60_000
    await chief.save(expires_at=first)
    await chief.publish()
    await chief.save(expires_at=first + 60_000)
    await chief.publish()
    assert await work.expire(office.db, story.id, first) == {"withdrawn": False}
    assert await work.expire(office.db, story.id, first + 60_000) == {"withdrawn": True}
    assert await work.expire(office.db, story.id, first + 60_000) == {"withdrawn": False}


@pytest.mark.parametrize("ahead", [-1_000, 400 * 86_400_000])
async def test_no_time_that_is_over_or_far_off(office: Office, ahead: int) -> None:
    room = await office.room()
    chief = Hand(office, office.manager, room.id)
    await chief.save(title="t")
    with pytest.raises(Refused) as caught:
        await chief.publish(now_ms() + ahead)
    assert caught.value.code is No.DUE_NOT_POSSIBLE


async def test_nothing_is_shown_that_expired_already(office: Office) -> None:
    story = await article(office)
    chief = Hand(office, office.manager, story.id)
    await chief.save(expires_at=now_ms() - 1)
    with pytest.raises(Refused) as caught:
        await chief.publish()
    assert [one.pointer for one in caught.value.data["errors"]] == ["/face/expires_at"]
