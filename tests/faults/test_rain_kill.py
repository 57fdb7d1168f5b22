"""kill -9 of the live process in the middle of a rain: what people have is what the envelope lost."""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from commerce.wallets import actions as wallets
from commerce.wallets import store
from commerce.wallets.store import escrows
from content.businesses.store import businesses
from infra.mongo import Database, Session, to_doc
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.accounts import SYSTEM
from schemas.content import Business, Program, ProgramState
from schemas.ids import new_id
from schemas.money import Money
from schemas.room import PacketGrabbed
from schemas.wallets import EscrowState
from streaming.live_room.interactions.fair_split import split
from streaming.live_room.log import reader
from streaming.live_room.log.reader import read_batches
from streaming.live_room.projections.rains import rain
from tests.faults.test_live_kill import LiveProcess, live
from tests.streaming.live_room.hub.client import Client, ticket

__all__ = ["live"]

pytestmark = pytest.mark.faults

PATIENCE_S = 60.0
PEOPLE, PACKETS, TOTAL, BUDGET = 500, 400, 88_800, 100_000
KILLED_AT = 60
"""Packets that are acknowledged when the process dies; the others are on their way."""


class Grabber:
    """A viewer that grabs until it is answered, through whatever happens to the server."""

    def __init__(self, number: int, program: Program, tokens: Tokens, url: str) -> None:
        self.name = f"grabber-{number}"
        self.packet: dict[str, Any] | None = None
        self.refusals: list[str] = []
        self.joined = asyncio.Event()
        self._program, self._tokens, self._url = program, tokens, url

    async def run(self, begin: asyncio.Event, envelope: list[str]) -> None:
        while self.packet is None and "envelope_empty" not in self.refusals:
            with suppress(WebSocketException, OSError, TimeoutError):
                async with connect(self._url, compression=None, max_size=None) as socket:
                    shown = ticket(self._tokens, self._program, self.name, "viewer", self.name)
                    await socket.send(encoded({"t": "join", "ticket": shown, "client": self.name}))
                    if msgspec.json.decode(await socket.recv())["t"] != "welcome":
                        continue
                    self.joined.set()
                    await begin.wait()
                    await self._grab(socket, envelope[0])
            await asyncio.sleep(0.05)

    async def _grab(self, socket: ClientConnection, envelope: str) -> None:
        grab = encoded({"t": "cmd", "n": 1, "c": {"type": "grab", "envelope": envelope}})
        await socket.send(grab)
        while True:
            frame = msgspec.json.decode(await socket.recv())
            if frame["t"] == "ack":
                self.packet = frame["result"]
                return
            if frame["t"] == "nak":
                self.refusals.append(frame["code"])
                if frame["code"] == "envelope_empty":
                    return
                await asyncio.sleep(frame.get("retry_after", 0.1))
                await socket.send(grab)


def encoded(frame: Any) -> str:
    return msgspec.json.encode(frame).decode()


async def granted_program(db: Database) -> Program:
    await store.ensure_indexes(db)
    program = Program(
        id=new_id("prg"),
        business="biz_1",
        room="rm_1",
        anchor="acc_clerk",
        title="Rain",
        state=ProgramState.LIVE,
        log=new_id("log"),
    )

    async def work(session: Session) -> None:
        await businesses.insert(db, session, Business(id="biz_1", name="云店", slug="cloud"))

    await db.transact(work)
    await wallets.grant_budget(db, SYSTEM, "biz_1", Money(amount=BUDGET), "first")
    await db.collection("programs").insert_one(to_doc(program))
    return program


async def announce(url: str, tokens: Tokens, program: Program, **asked: int) -> str:
    """Ask for a rain until it is answered, as a client does: the same command under the same number."""
    while True:
        with suppress(WebSocketException, OSError, AssertionError):
            clerk = await Client.open(url)
            await clerk.join(ticket(tokens, program, "clerk", "anchor", "client-clerk"), "client-clerk")
            ack = await clerk.command("rain", n=1, **asked)
            await clerk.close()
            if ack["t"] == "ack":
                envelope: str = ack["result"]["envelope"]
                return envelope
        await asyncio.sleep(0.05)


async def test_the_sum_of_wallets_is_the_envelope(
    live: LiveProcess, settings: Settings, db: Database
) -> None:
    tokens, program = Tokens(settings.secret), await granted_program(db)
    url = f"ws://127.0.0.1:{settings.live_port}/room"
    people = [Grabber(n, program, tokens, url) for n in range(PEOPLE)]
    begin, envelope = asyncio.Event(), [""]
    running = [asyncio.create_task(one.run(begin, envelope)) for one in people]
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(one.joined.wait() for one in people))
        envelope[0] = await announce(
            url, tokens, program, total=TOTAL, packets=PACKETS, starts_in_s=1, lasts_s=300
        )
        begin.set()
        while sum(one.packet is not None for one in people) < KILLED_AT:
            await asyncio.sleep(0.001)
        live.kill()
        had = {one.name: one.packet for one in people if one.packet is not None}
        await live.start()
        await asyncio.gather(*running)
        while (record := await rain(db, envelope[0])) is None or record.settled_at is None:
            await asyncio.sleep(0.05)

    assert len(had) < PACKETS, "expected the process to die before all packets were gone"
    amounts = split(TOTAL, PACKETS, record.seed)
    won = {one.name: one.packet for one in people if one.packet is not None}
    assert {name: won[name] for name in had} == had
    assert sorted(packet["rank"] for packet in won.values()) == list(range(1, PACKETS + 1))
    assert all(packet["amount"] == amounts[packet["rank"] - 1] for packet in won.values())
    logged: Counter[str] = Counter()
    async for batch in read_batches(db.collection(reader.COLLECTION), program.log):
        logged.update(event.user for event in batch.events if isinstance(event, PacketGrabbed))
    assert logged == {f"acc_{name}": 1 for name in won}

    paid = [await store.balance(db, f"wallet:biz_1:acc_{one.name}") for one in people]
    assert paid == [won.get(one.name, {}).get("amount", 0) for one in people]
    kept = await escrows.get(db, envelope[0])
    assert (kept.state, sum(paid), kept.returned) == (EscrowState.CLOSED, TOTAL, 0)
    assert await store.balance(db, "budget:biz_1") == BUDGET - TOTAL
    assert await wallets.check_ledger(db) == {}


async def test_a_kill_while_a_rain_is_asked_for_loses_no_credit(
    live: LiveProcess, settings: Settings, db: Database
) -> None:
    tokens, program = Tokens(settings.secret), await granted_program(db)
    url = f"ws://127.0.0.1:{settings.live_port}/room"
    asking = asyncio.create_task(
        announce(url, tokens, program, total=TOTAL, packets=PACKETS, starts_in_s=1, lasts_s=3)
    )
    async with asyncio.timeout(PATIENCE_S):
        while not await escrows.collection(db).find({}):
            await asyncio.sleep(0.001)
        live.kill()
        await live.start()
        envelope = await asking
        while (record := await rain(db, envelope)) is None or record.settled_at is None:
            await asyncio.sleep(0.05)
        while await store.open_escrows(db):
            await asyncio.sleep(0.05)

    assert record.returned == TOTAL
    assert await store.balance(db, "budget:biz_1") == BUDGET
    assert await wallets.check_ledger(db) == {}
