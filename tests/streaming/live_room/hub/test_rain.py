"""Red-envelope rain over real sockets, from the anchor's command to the wallets."""

import asyncio
from typing import Any

import pytest

from commerce.wallets import actions as wallets
from commerce.wallets import store
from commerce.wallets.store import escrows
from content.businesses.store import businesses
from infra.mongo import Database, Session
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.accounts import SYSTEM
from schemas.content import Business, Program, ProgramState
from schemas.money import Money
from schemas.wallets import EscrowState
from streaming.live_room.hub.server import Hub
from streaming.live_room.interactions.fair_split import commitment, split
from streaming.live_room.projections.rains import RainRecord, rain
from tests.streaming.live_room.hub.client import Client, ticket
from tests.streaming.live_room.hub.conftest import Joined

BUDGET = 10_000
FALLING: dict[str, int] = {"total": 900, "packets": 3, "starts_in_s": 1, "lasts_s": 3}


@pytest.fixture(autouse=True)
async def granted(db: Database, program: Program) -> None:
    """The program's business may give away 100 yuan."""
    await store.ensure_indexes(db)

    async def work(session: Session) -> None:
        await businesses.insert(db, session, Business(id=program.business, name="云店", slug="cloud"))

    await db.transact(work)
    await wallets.grant_budget(db, SYSTEM, program.business, Money(amount=BUDGET), "first")


async def balance(db: Database, name: str) -> int:
    return await store.balance(db, f"wallet:biz_1:acc_{name}")


async def budget(db: Database) -> int:
    return await store.balance(db, "budget:biz_1")


async def begun(client: Client, at: int) -> None:
    """Wait by the room's own clock until it rains."""
    while True:
        await client.send({"t": "ping", "at": 0})
        pong = await client.until(lambda frame: frame["t"] == "pong")
        if pong["server_at"] >= at:
            return
        await asyncio.sleep((at - pong["server_at"]) / 1000)


async def settled(db: Database, envelope: str) -> RainRecord:
    """Wait until a rain is settled, and paid."""
    async with asyncio.timeout(8):
        while True:
            record = await rain(db, envelope)
            if record is not None and record.settled_at is not None:
                return record
            await asyncio.sleep(0.02)


async def test_a_rain_from_the_command_to_the_wallets(joined: Joined, db: Database) -> None:
    clerk, ann, bob = await joined("clerk", "anchor"), await joined("ann"), await joined("bob")
    ack = await clerk.command("rain", **FALLING)
    assert ack["t"] == "ack", ack
    announced = await ann.event("rain_announced")
    envelope = announced["envelope"]
    assert ack["result"] == {k: announced[k] for k in ("envelope", "starts_at", "ends_at")}
    assert announced["ends_at"] - announced["starts_at"] == 3_000
    assert await budget(db) == BUDGET - 900
    early = await ann.command("grab", envelope=envelope)
    assert (early["code"], early["retry_after"] > 0) == ("rain_not_begun", True)

    await begun(ann, announced["starts_at"])
    first = await ann.command("grab", envelope=envelope)
    again = await ann.command("grab", envelope=envelope)
    second = await bob.command("grab", envelope=envelope)
    assert first["result"] == again["result"]
    assert [got["result"]["rank"] for got in (first, second)] == [1, 2]

    told = await bob.event("rain_settled")
    assert 1 <= max(frame.get("grabbed", 0) for frame in bob.frames) <= 2
    amounts = split(900, 3, told["seed"])
    assert commitment(envelope, 900, 3, told["seed"]) == announced["commitment"]
    assert [got["result"]["amount"] for got in (first, second)] == list(amounts[:2])
    assert (told["grabbed"], told["paid"], told["returned"]) == (2, sum(amounts[:2]), amounts[2])
    late = await clerk.command("grab", envelope=envelope)
    assert late["code"] == "viewers_only"
    assert (await (await joined("cid")).command("grab", envelope=envelope))["code"] == "rain_over"

    await settled(db, envelope)
    assert [await balance(db, name) for name in ("ann", "bob", "cid")] == [*amounts[:2], 0]
    assert await budget(db) == BUDGET - sum(amounts[:2])
    assert await wallets.check_ledger(db) == {}
    assert not [event for event in ann.events if event["type"] == "packet_grabbed"]


async def test_the_last_packet_ends_it(joined: Joined, db: Database) -> None:
    clerk = await joined("clerk", "anchor")
    announced = (await clerk.command("rain", **{**FALLING, "lasts_s": 300}))["result"]
    people = [await joined(f"v{n}") for n in range(5)]
    await begun(people[0], announced["starts_at"])
    answers = await asyncio.gather(*(one.command("grab", envelope=announced["envelope"]) for one in people))
    assert sorted(answer["t"] for answer in answers) == ["ack"] * 3 + ["nak"] * 2
    assert {answer["code"] for answer in answers if answer["t"] == "nak"} == {"envelope_empty"}
    record = await settled(db, announced["envelope"])
    assert (record.grabbed, record.paid, record.returned) == (3, 900, 0)
    assert sum([await balance(db, f"v{n}") for n in range(5)]) == 900


async def test_whoever_comes_late_sees_the_rain_and_what_is_theirs(joined: Joined, db: Database) -> None:
    clerk, ann = await joined("clerk", "anchor"), await joined("ann")
    announced = (await clerk.command("rain", **FALLING))["result"]
    await begun(ann, announced["starts_at"])
    got = await ann.command("grab", envelope=announced["envelope"])
    await ann.close()
    ann = await joined("ann")
    welcome = ann.frames[0]
    assert welcome["view"]["rain"]["envelope"] == announced["envelope"]
    assert welcome["mine"] == {"red_envelope": {announced["envelope"]: got["result"]}}


@pytest.mark.parametrize(
    ("role", "change", "code"),
    [
        ("viewer", {}, "anchor_only"),
        ("guest", {}, "anchor_only"),
        ("assistant", {}, "anchor_only"),
        ("anchor", {"total": BUDGET + 1}, "budget_short"),
        ("anchor", {"total": 2}, "envelope_invalid"),
        ("anchor", {"packets": 0}, "invalid"),
        ("anchor", {"total": 10_000_001}, "invalid"),
        ("anchor", {"lasts_s": 301}, "invalid"),
        ("anchor", {"starts_in_s": 0}, "invalid"),
    ],
)
async def test_a_refused_rain_moves_no_credit(
    joined: Joined, db: Database, role: str, change: dict[str, int], code: str
) -> None:
    one = await joined("someone", role)
    nak = await one.command("rain", **{**FALLING, **change})
    assert (nak["t"], nak["code"]) == ("nak", code)
    assert nak["title"]
    assert await budget(db) == BUDGET
    assert await escrows.collection(db).find({}) == []


async def test_a_guest_grabs_nothing(joined: Joined, db: Database) -> None:
    clerk, guest = await joined("clerk", "anchor"), await joined("guest", "guest")
    announced = (await clerk.command("rain", **FALLING))["result"]
    await begun(guest, announced["starts_at"])
    assert (await guest.command("grab", envelope=announced["envelope"]))["code"] == "sign_in_first"
    assert (await settled(db, announced["envelope"])).returned == 900
    assert await budget(db) == BUDGET


async def test_the_same_command_again_is_the_same_rain(joined: Joined, db: Database) -> None:
    clerk = await joined("clerk", "anchor")
    first = await clerk.command("rain", n=5, **FALLING)
    again = await clerk.command("rain", n=5, **FALLING)
    assert (first["seq"], first["result"]) == (again["seq"], again["result"])
    another = await clerk.command("rain", **FALLING)
    assert another["code"] == "rain_on"
    assert await budget(db) == BUDGET - 900


async def test_the_end_of_the_program_ends_the_rain(
    hub: Hub, joined: Joined, db: Database, program: Program
) -> None:
    clerk = await joined("clerk", "anchor")
    announced = (await clerk.command("rain", **{**FALLING, "starts_in_s": 600}))["result"]
    await db.collection("programs").update_one(
        {"_id": program.id}, {"$set": {"state": ProgramState.ENDED, "end_reason": "ended_by_anchor"}}
    )
    await (await hub.rooms.enter(program.id)).follow(
        Program(**{f: getattr(program, f) for f in program.__struct_fields__} | {"state": ProgramState.ENDED})
    )
    assert (await settled(db, announced["envelope"])).returned == 900
    assert await budget(db) == BUDGET


async def test_credit_of_a_rain_that_never_came_into_the_log_goes_back(
    db: Database, settings: Settings, tokens: Tokens, program: Program
) -> None:
    """A process died between setting the credit aside and announcing the rain."""
    tail = program.log.partition("_")[2]
    orphan = f"env_{tail}_0_{'0' * 16}"
    later = f"env_{tail}_99_{'0' * 16}"
    for envelope in (orphan, later):
        await wallets.open_escrow(
            db,
            envelope=envelope,
            business=program.business,
            program=program.id,
            log=program.log,
            amount=700,
        )
    async with Hub(settings, db, tokens).serving(), asyncio.timeout(8):
        while (await escrows.get(db, orphan)).state is EscrowState.OPEN:
            await asyncio.sleep(0.02)
    assert await budget(db) == BUDGET - 700
    kept: Any = await escrows.get(db, later)
    assert kept.state is EscrowState.OPEN, "what a later owner prepares is none of this one's business"


async def test_a_lost_seed_costs_the_proof_but_no_credit(joined: Joined, db: Database) -> None:
    clerk = await joined("clerk", "anchor")
    announced = (await clerk.command("rain", **FALLING))["result"]
    await db.collection("sealed_seeds").delete_one({"_id": announced["envelope"]})
    record = await settled(db, announced["envelope"])
    assert (record.seed, record.returned) == ("", 900)
    assert await budget(db) == BUDGET
    assert (await clerk.command("rain", **FALLING))["t"] == "ack", "the room goes on"


async def test_a_rain_goes_on_under_the_next_owner(
    db: Database, settings: Settings, tokens: Tokens, program: Program, url: str
) -> None:
    async def join(name: str, role: str = "viewer") -> Client:
        one = await Client.open(url)
        await one.join(ticket(tokens, program, name, role, f"client-{name}"), f"client-{name}")
        return one

    async with Hub(settings, db, tokens).serving():
        clerk, ann = await join("clerk", "anchor"), await join("ann")
        announced = (await clerk.command("rain", **{**FALLING, "lasts_s": 6}))["result"]
        await begun(ann, announced["starts_at"])
        first = await ann.command("grab", envelope=announced["envelope"])
    async with Hub(settings, db, tokens).serving():
        ann, bob = await join("ann"), await join("bob")
        assert (await ann.command("grab", n=9, envelope=announced["envelope"]))["result"] == first["result"]
        second = await bob.command("grab", envelope=announced["envelope"])
        record = await settled(db, announced["envelope"])
    amounts = split(900, 3, record.seed)
    assert [got["result"]["amount"] for got in (first, second)] == list(amounts[:2])
    assert await budget(db) == BUDGET - record.paid
    assert await wallets.check_ledger(db) == {}
