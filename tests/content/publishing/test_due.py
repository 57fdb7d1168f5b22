"""Published and withdrawn at their time, once, or given back when it can't be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from content.contents.actions import create_content
from content.contents.store import contents
from content.contents.views import NewContent
from content.publishing import work
from content.publishing.rules import PublishingRefusal as No
from content.publishing.store import draft_of
from content.rooms.actions import edit_room
from content.rooms.store import rooms
from content.rooms.views import RoomEdit
from infra import jobs
from infra.clock import now_ms
from infra.mongo import Database
from schemas.accounts import Role
from schemas.content import Content, ContentState
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
