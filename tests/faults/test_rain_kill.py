"""kill -9 of a worker in the middle of a rain on 500 sockets: what people have is what the envelope lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from commerce import indexes as commerce_indexes
from commerce.wallets import actions as wallets
from commerce.wallets import store
from commerce.wallets.store import escrows
from content import indexes as content_indexes
from content.accounts.actions import begin_session
from content.accounts.store import accounts
from infra import outbox
from infra.mongo import Database, to_doc
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.accounts import Account, Role
from schemas.content import Program
from schemas.room import PacketGrabbed
from schemas.wallets import EscrowState
from streaming.live_room.interactions.fair_split import split
from streaming.live_room.log import reader
from streaming.live_room.log.reader import read_batches
from streaming.live_room.projections.rains import RainRecord, rain
from tests.faults.worker import Worker
from tests.http import plain_http
from tests.streaming.live_room.granted import granted_program

pytestmark = [pytest.mark.faults, pytest.mark.slow]

PATIENCE_S = 600.0
PEOPLE, TOTAL, BUDGET = 500, 88_800, 100_000
FIRST, KILLED_AT = 120, 60
"""So many grab first; when half of them are answered, all others grab and the worker is killed."""
JOINING = 40
"""Sockets that are opened at the same time."""


class Person:
    """Somebody signed in, who comes back and grabs until answered, whatever happens to the servers."""

    def __init__(self, number: int, account: Account, token: str, stage: "Stage") -> None:
        self.number = number
        self.account = account
        self.packet: dict[str, Any] | None = None
        self.refusals: list[str] = []
        self.joined = asyncio.Event()
        self._headers = {"authorization": f"Bearer {token}"}
        self._stage = stage
        self._socket: ClientConnection | None = None

    @property
    def answered(self) -> bool:
        return self.packet is not None or "envelope_empty" in self.refusals

    async def run(self, begin: asyncio.Event) -> None:
        """Join, wait for the begin, grab; from the start again whenever the connection is lost."""
        while not self.answered:
            with suppress(WebSocketException, OSError):
                await self.enter()
                self.joined.set()
                await begin.wait()
                await self._grab()
            await asyncio.sleep(0.05)

    async def enter(self) -> dict[str, Any]:
        """Come into the room on a new socket, with a new ticket from the API; gives the welcome."""
        await self.leave()
        async with self._stage.door:
            ticket = await self._ask(
                "POST", f"/v1/programs/{self._stage.program}/ticket", {"client": self.client}
            )
            self._socket = await connect(self._stage.room, compression=None, max_size=None, open_timeout=60)
        socket = self._socket
        await _send(socket, {"t": "join", "ticket": ticket["ticket"], "client": self.client})
        welcome: dict[str, Any] = msgspec.json.decode(await socket.recv())
        if welcome["t"] != "welcome":
            raise OSError(f"expected a welcome, got {welcome}")
        return welcome

    async def leave(self) -> None:
        """Close the socket, if there is one."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def rain(self, **asked: int) -> str:
        """Let it rain (the anchor); gives the envelope."""
        await self.enter()
        answer = await self._command({"type": "rain", **asked})
        assert answer["t"] == "ack", answer
        envelope: str = answer["result"]["envelope"]
        return envelope

    async def credit(self) -> int:
        """Read one's wallet from the API."""
        wallet = await self._ask("GET", "/v1/wallet")
        return sum(one["credit"]["amount"] for one in wallet["balances"])

    async def end_program(self) -> None:
        """End the show (the anchor)."""
        await self._ask("POST", f"/v1/programs/{self._stage.program}/end")

    @property
    def client(self) -> str:
        return f"client-{self.account.id}"

    async def _grab(self) -> None:
        while not self.answered:
            answer = await self._command({"type": "grab", "envelope": self._stage.envelope})
            if answer["t"] == "ack":
                self.packet = answer["result"]
            else:
                self.refusals.append(answer["code"])
                await asyncio.sleep(answer.get("retry_after", 0))

    async def _command(self, command: dict[str, Any]) -> dict[str, Any]:
        if (socket := self._socket) is None:
            raise ConnectionError("cut off")
        await _send(socket, {"t": "cmd", "n": 1, "c": command})
        while True:
            frame: dict[str, Any] = msgspec.json.decode(await socket.recv())
            if frame["t"] in {"ack", "nak"}:
                return frame

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API until it answers."""
        while True:
            with suppress(httpx.TransportError):
                answer = await self._stage.http.request(method, path, json=body, headers=self._headers)
                if answer.status_code < 500:
                    assert answer.is_success, answer.text
                    return answer.json()
            await asyncio.sleep(0.1)


async def _send(socket: ClientConnection, frame: Any) -> None:
    await socket.send(msgspec.json.encode(frame).decode())


class Stage:
    """A show on three real workers, and who is there."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient, program: Program) -> None:
        self.workers = {name: Worker(settings, name) for name in ("live", "web", "jobs")}
        self.http = http
        self.room = f"ws://127.0.0.1:{settings.live_port}/room"
        self.program = program.id
        self.log = program.log
        self.envelope = ""
        self.door = asyncio.Semaphore(JOINING)


@pytest.fixture
async def stage(settings: Settings, db: Database) -> AsyncIterator[Stage]:
    """A program on air of a business with credit, served by `live`, `web` and `jobs`."""
    for floor in (content_indexes, commerce_indexes, outbox):
        await floor.ensure_indexes(db)
    program = await granted_program(db, BUDGET)
    url, limits = f"http://127.0.0.1:{settings.web_port}", httpx.Limits(max_connections=JOINING)
    async with plain_http(base_url=url, limits=limits, timeout=60) as http:
        made = Stage(settings, http, program)
        await asyncio.gather(*(worker.start() for worker in made.workers.values()))
        try:
            yield made
        finally:  # by SIGTERM: a transaction cut off by SIGKILL would hold up the drop of the database
            for worker in made.workers.values():
                worker.kill(15)


async def signed_in(db: Database, settings: Settings, stage: Stage, number: int, role: Role) -> Person:
    name = "clerk" if role is Role.ANCHOR else f"viewer-{number}"
    account = Account(
        id=f"acc_{name}", login=name, name=name, password_hash="", roles={"biz_1": [role]}, created_at=1
    )
    async with stage.door:
        await db.collection(accounts.name).insert_one(to_doc(account))
        signed = await begin_session(db, Tokens(settings.secret), account, hours=1)
    return Person(number, account, signed.token, stage)


async def settled(db: Database, envelope: str) -> RainRecord:
    while (record := await rain(db, envelope)) is None or record.settled_at is None:
        await asyncio.sleep(0.05)
    return record


async def until(wanted: Callable[[], bool]) -> None:
    while not wanted():
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    ("victim", "packets"),
    [
        pytest.param("live", 400, id="live, and packets for some"),
        pytest.param("web", 600, id="web, and packets left over"),
        pytest.param("jobs", 600, id="jobs, and packets left over"),
    ],
)
async def test_wallets_hold_what_the_envelope_lost(
    stage: Stage, settings: Settings, db: Database, victim: str, packets: int
) -> None:
    clerk = await signed_in(db, settings, stage, 0, Role.ANCHOR)
    people = await asyncio.gather(*(signed_in(db, settings, stage, n, Role.VIEWER) for n in range(PEOPLE)))
    early, all_begin = asyncio.Event(), asyncio.Event()
    running = [asyncio.create_task(one.run(early if one.number < FIRST else all_begin)) for one in people]
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(one.joined.wait() for one in people))
        stage.envelope = await clerk.rain(total=TOTAL, packets=packets, starts_in_s=1, lasts_s=300)
        early.set()
        await until(lambda: sum(one.answered for one in people) >= KILLED_AT)
        had = {one.account.id: one.packet for one in people if one.packet is not None}
        all_begin.set()
        stage.workers[victim].kill()
        # Some are cut off in this very moment: they need a ticket, from a `web` that may be dead.
        await asyncio.gather(*(one.leave() for one in people[FIRST::5]))
        await stage.workers[victim].start()
        await asyncio.gather(*running)

        # Everybody comes back: the room tells them what they were told before.
        won = {one.account.id: one.packet for one in people if one.packet is not None}
        welcomes = await asyncio.gather(*(one.enter() for one in people))
        told = [one.get("mine", {}).get("red_envelope", {}).get(stage.envelope) for one in welcomes]
        assert told == [one.packet for one in people]
        await clerk.end_program()
        record = await settled(db, stage.envelope)
        paid = await asyncio.gather(*(one.credit() for one in people))
        await asyncio.gather(*(one.leave() for one in (clerk, *people)))

    assert len(won) == min(PEOPLE, packets)
    assert {who: won[who] for who in had} == had
    amounts = split(TOTAL, packets, record.seed)
    assert sorted(packet["rank"] for packet in won.values()) == list(range(1, len(won) + 1))
    assert all(packet["amount"] == amounts[packet["rank"] - 1] for packet in won.values())
    logged: Counter[str] = Counter()
    async for batch in read_batches(db.collection(reader.COLLECTION), stage.log):
        logged.update(event.user for event in batch.events if isinstance(event, PacketGrabbed))
    assert logged == dict.fromkeys(won, 1)

    assert paid == [(one.packet or {"amount": 0})["amount"] for one in people]
    kept = await escrows.get(db, stage.envelope)
    assert (kept.state, sum(paid)) == (EscrowState.CLOSED, TOTAL - kept.returned)
    assert (kept.returned > 0) == (packets > PEOPLE)
    assert await store.balance(db, "budget:biz_1") == BUDGET - sum(paid)
    assert await wallets.check_ledger(db) == {}


async def test_a_kill_while_a_rain_is_asked_for_loses_no_credit(
    stage: Stage, settings: Settings, db: Database
) -> None:
    clerk = await signed_in(db, settings, stage, 0, Role.ANCHOR)

    async def ask() -> str:
        """Ask until it is answered, as a client does: the same command under the same number."""
        while True:
            with suppress(WebSocketException, OSError, AssertionError):
                return await clerk.rain(total=TOTAL, packets=400, starts_in_s=1, lasts_s=3)
            await asyncio.sleep(0.05)

    asking = asyncio.create_task(ask())
    async with asyncio.timeout(PATIENCE_S):
        while not await escrows.collection(db).find({}):
            await asyncio.sleep(0.001)
        stage.workers["live"].kill()
        await stage.workers["live"].start()
        record = await settled(db, await asking)
        while await store.open_escrows(db):
            await asyncio.sleep(0.05)
        await clerk.leave()

    assert record.returned == TOTAL
    assert await store.balance(db, "budget:biz_1") == BUDGET
    assert await wallets.check_ledger(db) == {}
