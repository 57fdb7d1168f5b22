"""The trail on a real database: what entries tell, how they are found, sealed and proven."""

import asyncio
import time
from typing import Any

import msgspec
import pymongo
import pytest

from content import audit
from content.audit import actions, closing, store
from content.audit.actions import Wanted
from content.audit.closing import QUIET_MS
from content.audit.rules import AuditRefusal
from content.audit.sealing import SETTLE_MS, seal_due
from content.audit.store import HOUR_MS, entries, roots
from content.businesses.actions import create_business, edit_business
from content.businesses.store import businesses
from content.businesses.views import BusinessEdit, NewBusiness
from infra.clock import now_ms
from infra.mongo import Database, Session, to_doc
from infra.settings import Settings
from schemas.accounts import PLATFORM, SYSTEM, Actor, Role
from schemas.audit import Entry, Root
from schemas.content import Business
from schemas.ids import id_time_ms
from schemas.problems import CommonRefusal, Refused


@pytest.fixture
async def business(db: Database) -> Business:
    await audit.ensure_indexes(db)
    await store.ensure_indexes(db)
    return await create_business(db, SYSTEM, NewBusiness(name="茶器", slug="tea"))


async def trail(db: Database, business: str, **wanted: Any) -> list[Entry]:
    page = await actions.search(db, SYSTEM, Wanted(business=business, **wanted), cursor="", limit=50)
    return page.items


async def test_an_edit_tells_before_after_and_why(db: Database, business: Business) -> None:
    token = audit.WHY.set("the owner asked")
    try:
        await edit_business(db, SYSTEM, business.id, BusinessEdit(name="山茶"))
    finally:
        audit.WHY.reset(token)

    edited, made = await trail(db, business.id)
    assert (edited.before, edited.after) == ({"name": "茶器"}, {"name": "山茶"})
    assert (edited.action, edited.reason, edited.title) == ("businesses.edit", "the owner asked", "山茶")
    assert made.before == {}
    assert made.after["name"] == "茶器"


async def test_a_refused_edit_leaves_no_entry(db: Database, business: Business) -> None:
    with pytest.raises(Refused):
        await edit_business(db, SYSTEM, business.id, BusinessEdit(name="山茶"), rev=7)

    assert [one.action for one in await trail(db, business.id)] == ["businesses.create"]


async def test_each_condition_finds_its_entries_in_an_index(
    db: Database, business: Business, settings: Settings
) -> None:
    who = Actor(id="acc_who", name="who", roles={business.id: [Role.BUSINESS_OPERATOR]})
    await edit_business(db, who, business.id, BusinessEdit(name="山茶"))
    conditions: list[dict[str, Any]] = [
        {"actor": "acc_who"},
        {"action": "businesses.edit"},
        {"words": "山茶"},
        {"target": business.id},
        {"words": business.id},
        {"since": now_ms() - HOUR_MS, "until": now_ms() + HOUR_MS},
    ]
    for one in conditions:
        found = await trail(db, business.id, **one)
        assert found[0].after == {"name": "山茶"}, one
        where = actions.filter_of(SYSTEM, Wanted(business=business.id, **one))
        plan = explained(settings, where)
        assert "IXSCAN" in plan, one
        assert "COLLSCAN" not in plan, one
        assert "'SORT'" not in plan, one
    assert await trail(db, business.id, words="咖啡") == []
    assert await trail(db, business.id, until=now_ms() - HOUR_MS) == []


def explained(settings: Settings, where: dict[str, Any]) -> str:
    with pymongo.MongoClient[dict[str, Any]](settings.mongodb_uri) as client:
        trail = client[settings.mongodb_database]["audit"]
        return str(trail.find(where).sort([("_id", -1)]).limit(21).explain()["queryPlanner"]["winningPlan"])


async def test_a_business_reads_its_own_trail_only(db: Database, business: Business) -> None:
    for actor in (
        Actor(id="acc_x", name="x", roles={"biz_other": [Role.BUSINESS_OPERATOR]}),
        Actor(id="acc_x", name="x", roles={business.id: [Role.ASSISTANT]}),
    ):
        with pytest.raises(Refused):
            actions.filter_of(actor, Wanted(business=business.id))
    own = Actor(id="acc_x", name="x", roles={business.id: [Role.BUSINESS_OPERATOR]})
    with pytest.raises(Refused) as refused:
        actions.filter_of(own, Wanted(business=PLATFORM))
    assert refused.value.code in (CommonRefusal.NOT_FOUND, CommonRefusal.NOT_ALLOWED)


async def sealed(db: Database, now: int) -> list[Root]:
    """What is closed, and sealed when it has been quiet."""
    assert await seal_due(db, now) == []
    return await seal_due(db, now + QUIET_MS)


async def test_an_hour_is_sealed_once_it_has_settled_and_its_entries_are_proven(
    db: Database, business: Business
) -> None:
    for number in range(5):
        await edit_business(db, SYSTEM, business.id, BusinessEdit(name=f"name {number}"))
    some = (await trail(db, business.id))[2]
    settled = some.created_at // HOUR_MS * HOUR_MS + HOUR_MS + SETTLE_MS
    with pytest.raises(Refused) as early:
        await actions.prove(db, SYSTEM, some.id)
    assert await seal_due(db, settled) == [], "first it is closed"
    assert await seal_due(db, settled + QUIET_MS - 1) == []
    settled += QUIET_MS

    made, again = await asyncio.gather(seal_due(db, settled), seal_due(db, settled))

    assert early.value.code is AuditRefusal.NOT_SEALED
    assert [one.root for one in made] == [one.root for one in again]
    root = (await actions.list_roots(db, SYSTEM, business.id, cursor="", limit=9)).items[0]
    assert root.entries == 6
    proof = await actions.prove(db, SYSTEM, some.id)
    assert proof.holds
    assert (proof.place, proof.root.root) == (3, root.root)
    assert '"name 2"' in proof.leaf


async def test_a_changed_entry_does_not_hold(db: Database, business: Business) -> None:
    made = (await trail(db, business.id))[0]
    await sealed(db, made.created_at + 2 * HOUR_MS)
    await entries.collection(db).update_one({"_id": made.id}, {"$set": {"actor_name": "nobody"}})

    assert not (await actions.prove(db, SYSTEM, made.id)).holds


async def test_an_entry_of_a_clock_that_is_behind_is_proven_under_the_first_open_hour(
    db: Database, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "KNOWN_S", 0.0)
    made = (await trail(db, business.id))[0]
    open_at = made.created_at // HOUR_MS * HOUR_MS + 2 * HOUR_MS
    (first,) = [one for one in await sealed(db, open_at + SETTLE_MS) if one.business]

    await edit_business(db, SYSTEM, business.id, BusinessEdit(name="山茶"))

    late = (await trail(db, business.id))[0]
    assert (late.created_at, id_time_ms(late.id)) == (open_at, open_at)
    assert (await actions.prove(db, SYSTEM, made.id)).holds, "what was sealed is as it was"
    (second,) = [one for one in await sealed(db, open_at + HOUR_MS + SETTLE_MS) if one.business]
    assert (second.hour, second.previous) == (open_at, first.chain)
    assert (await actions.prove(db, SYSTEM, late.id)).holds


async def test_entries_of_a_clock_that_is_behind_stay_in_their_order(
    db: Database, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "KNOWN_S", 0.0)
    await sealed(db, (await trail(db, business.id))[0].created_at + 2 * HOUR_MS + SETTLE_MS)

    for number in range(8):
        await edit_business(db, SYSTEM, business.id, BusinessEdit(name=f"name {number}"))

    told = [one.after.get("name") for one in await trail(db, business.id)]
    assert told[:8] == [f"name {number}" for number in reversed(range(8))]


async def test_what_a_long_transaction_saw_is_known_from_its_begin_on(
    db: Database, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "KNOWN_S", 0.3)
    made = (await trail(db, business.id))[0]
    until = made.created_at + HOUR_MS
    loop = asyncio.get_running_loop()

    async def begun_before(session: Session) -> Entry:
        assert await businesses.get(db, business.id, session)
        asyncio.run_coroutine_threadsafe(closing.close(db, until, now_ms()), loop).result(20)
        time.sleep(0.3)  # its own thread
        return await closing.in_time(db, session, made)

    async def begun_behind(session: Session) -> Entry:
        return await closing.in_time(db, session, made)

    await closing.close(db, 1, 0)  # the collection is there
    closing._known.pop(db, None)
    assert (await db.transact(begun_before)).created_at == made.created_at
    assert (await db.transact(begun_behind)).created_at == until


async def test_who_heard_of_the_closing_late_still_writes_before_the_root(
    db: Database, business: Business
) -> None:
    made = (await trail(db, business.id))[0]  # by this process, which knows now that the trail is open
    settled = made.created_at // HOUR_MS * HOUR_MS + HOUR_MS + SETTLE_MS
    assert await seal_due(db, settled) == []
    await edit_business(db, SYSTEM, business.id, BusinessEdit(name="山茶"))
    (root,) = [one for one in await seal_due(db, settled + QUIET_MS) if one.business]
    assert root.entries == 2
    assert (await actions.prove(db, SYSTEM, (await trail(db, business.id))[0].id)).holds


async def test_hours_hang_together(db: Database, business: Business) -> None:
    made = (await trail(db, business.id))[0]
    (first,) = [one for one in await sealed(db, made.created_at + 2 * HOUR_MS) if one.business]
    await edit_business(db, SYSTEM, business.id, BusinessEdit(name="山茶"))
    earlier = {"hour": first.hour - HOUR_MS}
    await roots.collection(db).delete_one({"_id": first.id})
    moved = msgspec.structs.replace(first, id="earlier", **earlier)
    await roots.collection(db).insert_one(to_doc(moved))

    (second,) = [one for one in await sealed(db, made.created_at + 2 * HOUR_MS) if one.business]

    assert second.previous == first.chain
    assert second.chain != first.chain


async def test_what_else_changed_is_told_with_it(db: Database, business: Business) -> None:
    async def work(session: Session) -> None:
        current = await businesses.get(db, business.id, session)
        await businesses.replace(db, session, msgspec.structs.replace(current, name="山茶"))
        await audit.record(db, session, SYSTEM, "x.y", target="another thing", business=business.id)

    await db.transact(work)

    (also,) = (await trail(db, business.id))[0].also
    assert (also.document, also.before, also.after) == (business.id, {"name": "茶器"}, {"name": "山茶"})


async def test_what_is_deleted_is_told_as_it_was(db: Database, business: Business) -> None:
    async def work(session: Session) -> None:
        await businesses.delete(db, session, business)
        await audit.record(db, session, SYSTEM, "x.delete", target=business.id, business=business.id)

    await db.transact(work)

    entry = (await trail(db, business.id))[0]
    assert (entry.before["name"], entry.after, entry.title) == ("茶器", {}, "茶器")
    assert await businesses.find(db, {"_id": business.id}) is None
