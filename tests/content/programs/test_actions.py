import asyncio

import msgspec
import pytest
from msgspec import to_builtins

from content.contents.actions import contents_of_program, publish_from
from content.contents.store import by_source
from content.indexes import ensure_indexes
from content.programs import actions, rules
from content.programs.actions.lifecycle import GRACE_OVER
from content.programs.rules import ProgramRefusal
from content.programs.store import STREAMS, programs
from content.programs.views import NewProgram
from content.rooms.store import rooms
from infra.clock import now_ms
from infra.mongo import Database, to_doc
from infra.retention import Retention
from infra.tokens import Tokens
from schemas.accounts import SYSTEM, Actor, Role
from schemas.content import Content, ContentKind, ContentState, Offer, Program, ProgramState, Room, Source
from schemas.ids import new_id
from schemas.media import Stream
from schemas.money import Money
from schemas.problems import CommonRefusal, Refused

TOKENS = Tokens("a secret of the tests")
ANCHOR = Actor(id="acc_1", name="小林", roles={"biz_1": [Role.ANCHOR]})


@pytest.fixture
async def room(db: Database) -> Room:
    await ensure_indexes(db)
    room = Room(id=new_id("rm"), business="biz_1", anchor="acc_1", title="茶室")
    await db.collection(rooms.name).insert_one(to_doc(room))
    return room


@pytest.fixture
async def ready(db: Database, room: Room) -> Program:
    made = await actions.create_program(db, ANCHOR, NewProgram(room=room.id, title="春茶"))
    return await actions.open_program(db, TOKENS, ANCHOR, made.id)


def stream(program: Program, number: int = 1) -> Stream:
    return Stream(
        id=f"str_{number}", program=program.id, business="biz_1", protocol="rtmp", started_at=now_ms()
    )


def key_of(program: Program) -> str:
    return TOKENS.unseal(program.key_sealed)


async def told(db: Database) -> list[str]:
    return [doc["event"]["type"] for doc in await db.collection("outbox").find({}, sort=[("_id", 1)])]


async def refusal_of_key(db: Database, key: str) -> str:
    with pytest.raises(Refused) as refused:
        await actions.admit_publish(db, key)
    return str(refused.value.code)


async def test_a_key_opens_its_program_until_it_is_rotated(db: Database, ready: Program) -> None:
    assert (await actions.admit_publish(db, key_of(ready))).program_id == ready.id
    rotated = await actions.rotate_key(db, TOKENS, ANCHOR, ready.id)
    assert (await actions.admit_publish(db, key_of(rotated))).program_id == ready.id
    assert await refusal_of_key(db, key_of(ready)) == ProgramRefusal.KEY_UNKNOWN


@pytest.mark.parametrize("key", ["", "guess", "$ne", "x" * 10_000])
async def test_keys_that_are_none(db: Database, ready: Program, key: str) -> None:
    assert await refusal_of_key(db, key) == ProgramRefusal.KEY_UNKNOWN


async def test_the_key_is_not_in_the_database(db: Database, ready: Program) -> None:
    for name in ("programs", "audit", "outbox"):
        assert key_of(ready) not in str(await db.collection(name).find({}))


async def test_a_key_expires_and_ends_with_its_program(db: Database, ready: Program) -> None:
    key = key_of(ready)
    await db.collection("programs").update_one({"_id": ready.id}, {"$set": {"key_expires_at": now_ms() - 1}})
    assert await refusal_of_key(db, key) == ProgramRefusal.KEY_EXPIRED
    await actions.stream_started(db, ready.id, stream(ready))
    await actions.end_program(db, ready.id, "ended_by_anchor", ANCHOR)
    assert await refusal_of_key(db, key) == ProgramRefusal.PROGRAM_ENDED


async def test_a_show_with_a_drop_is_told_once_each(db: Database, ready: Program) -> None:
    for _ in range(2):
        live = await actions.stream_started(db, ready.id, stream(ready))
    assert live.state is ProgramState.LIVE
    for _ in range(2):
        dropped = await actions.stream_interrupted(db, ready.id, 5_000)
    assert dropped.state is ProgramState.INTERRUPTED
    assert dropped.grace_until is not None
    again = await actions.stream_started(db, ready.id, stream(ready, 2))
    assert (again.went_live_at, again.grace_until) == (live.went_live_at, None)
    for _ in range(2):
        ended = await actions.end_program(db, ready.id, "ended_by_anchor", ANCHOR)
    assert (ended.state, ended.end_reason) == (ProgramState.ENDED, "ended_by_anchor")
    assert await told(db) == [
        "ProgramWentLive",
        "ProgramInterrupted",
        "ProgramWentLive",
        "ProgramEnded",
    ]
    events = await db.collection("outbox").find({"event.type": "ProgramWentLive"}, sort=[("_id", 1)])
    assert [doc["event"]["resumed"] for doc in events] == [False, True]
    streams = await db.collection(STREAMS).find({}, sort=[("_id", 1)])
    assert [doc["end_reason"] for doc in streams] == ["interrupted", "ended_by_anchor"]
    content = await by_source(db, ready.id, ContentKind.LIVE)
    assert content is not None
    assert content.state is ContentState.WITHDRAWN


async def test_a_publisher_that_came_back_wins_over_the_grace(db: Database, ready: Program) -> None:
    await actions.stream_started(db, ready.id, stream(ready))
    with pytest.raises(Refused) as refused:
        await actions.end_program(db, ready.id, GRACE_OVER, SYSTEM)
    assert refused.value.code is CommonRefusal.WRONG_STATE
    assert (await programs.get(db, ready.id)).state is ProgramState.LIVE


async def test_all_at_once_everything_happens_once(db: Database, ready: Program) -> None:
    await asyncio.gather(*(actions.stream_started(db, ready.id, stream(ready, n)) for n in range(5)))
    ends = (actions.end_program(db, ready.id, "ended_by_anchor", ANCHOR) for _ in range(5))
    await asyncio.gather(*ends)
    assert await told(db) == ["ProgramWentLive", "ProgramEnded"]
    assert await db.collection("audit").count({"action": "programs.end"}) == 1


async def test_a_cover_is_given_only_where_there_is_none(db: Database, ready: Program) -> None:
    assert await actions.cover_if_none(db, ready.id, "cov/1.jpg")
    assert await actions.cover_if_none(db, ready.id, "cov/1.jpg")
    assert not await actions.cover_if_none(db, ready.id, "cov/2.jpg")
    stored = await programs.get(db, ready.id)
    assert (stored.cover, stored.rev) == ("cov/1.jpg", ready.rev + 1)


async def clip(db: Database, program: Program, to_at: int, title: str) -> Content:
    source = Source(mark="mrk_1", from_at=0, to_at=to_at)
    return await publish_from(db, program_id=program.id, kind=ContentKind.CLIP, title=title, source=source)


async def test_a_source_makes_one_content_that_only_grows(db: Database, ready: Program) -> None:
    made = await asyncio.gather(*(clip(db, ready, 10, "first") for _ in range(4)))
    assert len({one.id for one in made}) == 1
    assert (await clip(db, ready, 5, "shorter")).title == "first"
    grown = await clip(db, ready, 20, "longer")
    assert (grown.id, grown.title, grown.rev) == (made[0].id, "longer", 2)
    assert (await told(db)).count("ContentPublished") == 1


async def test_operators_erase_shows_that_are_over(db: Database, room: Room) -> None:
    new = NewProgram(room=room.id, title="演示")
    real = await actions.create_program(db, ANCHOR, new)
    demo = await actions.create_program(db, ANCHOR, new, demo=True)
    with pytest.raises(Refused) as refused:
        await actions.erase_program(db, SYSTEM, demo.id)
    assert refused.value.code == CommonRefusal.WRONG_STATE
    with pytest.raises(Refused) as refused:
        await actions.erase_program(db, ANCHOR, demo.id)
    assert refused.value.code is CommonRefusal.NOT_ALLOWED
    assert await db.collection("programs").count({}) == 2

    await clip(db, demo, 10, "clip")
    await actions.cancel_program(db, ANCHOR, demo.id)
    await actions.erase_program(db, SYSTEM, demo.id)
    assert await programs.find(db, {"_id": demo.id}) is None
    assert await contents_of_program(db, SYSTEM, demo) == []
    assert (await told(db))[-1] == "ProgramErased"
    assert await programs.find(db, {"_id": real.id}) is not None


async def _sold(db: Database, ready: Program) -> Program:
    """The program was on air with something on its shelf, and is over."""
    offer = Offer(id="off_1", number=1, product="prd_1", title="茶", picture="", price=Money(amount=100))
    await db.collection("programs").update_one({"_id": ready.id}, {"$set": {"shelf": [to_builtins(offer)]}})
    await actions.stream_started(db, ready.id, stream(ready))
    return await actions.end_program(db, ready.id, "ended_by_anchor", SYSTEM)


async def test_a_show_that_sold_is_kept_until_its_day_and_the_try_is_noted(
    db: Database, ready: Program
) -> None:
    ended = await _sold(db, ready)
    before = await db.collection("programs").find_one({"_id": ready.id})
    with pytest.raises(Refused) as unlocked:
        await actions.erase_program(db, SYSTEM, ready.id)
    assert unlocked.value.code is ProgramRefusal.RETAINED
    assert unlocked.value.data["until"] == (ended.ended_at or 0) + rules.KEPT_MS

    retention = Retention(db)
    until = now_ms() + 1_500
    await retention.keep(ready.id, ended.business, until, [f"clip/{ready.id}/"])
    await retention.keep(ready.id, ended.business, until - 5_000, [])
    with pytest.raises(Refused) as locked:
        await actions.erase_program(db, SYSTEM, ready.id)
    assert locked.value.data["until"] == until
    assert await db.collection("programs").find_one({"_id": ready.id}) == before
    tries = await db.collection("audit").find({"action": "programs.erase", "target": ready.id})
    assert [one["data"]["refused"] for one in tries] == ["retained", "retained"]

    while now_ms() <= until:
        await asyncio.sleep(0.05)
    await actions.erase_program(db, SYSTEM, ready.id)
    assert await programs.find(db, {"_id": ready.id}) is None


async def test_a_show_without_a_shelf_and_one_of_the_demo_sell_nothing(ready: Program) -> None:
    on_air = msgspec.structs.replace(ready, went_live_at=5)
    offer = Offer(id="off_1", number=1, product="prd_1", title="茶", picture="", price=Money(amount=100))
    assert not rules.sells(on_air)
    sold = msgspec.structs.replace(on_air, shelf=[offer])
    assert rules.sells(sold)
    assert not rules.sells(msgspec.structs.replace(sold, demo=True))
