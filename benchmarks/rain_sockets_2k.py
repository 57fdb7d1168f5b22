"""A red-envelope rain on 2 000 real sockets: everybody grabs 1 500 packets the moment it begins.

Real live process, real mongod (w: majority, j: true), one websocket per viewer. The clock runs from the
first grab sent until the last viewer is answered. Afterwards log, wallets and envelope must agree to the
minor unit. The viewers' own work shares the machine.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.harness import Goal, Report
from benchmarks.order import child, worker
from benchmarks.references import journaled_insert
from commerce.wallets import actions as wallets
from commerce.wallets import store
from infra import outbox
from infra.clock import now_ms
from infra.embedded import find_mongod, initiate, mongod_command, mongod_environment
from infra.mongo import connect as open_database
from infra.settings import to_environ
from infra.tokens import Tokens
from schemas.content import Program
from streaming.live_room.projections.rains import rain
from tests.conftest import fresh_settings
from tests.streaming.live_room.granted import granted_program
from tests.streaming.live_room.hub.client import Client, ticket
from tests.workers.pay_sandbox.market import answers, until

VIEWERS, PACKETS = 2_000, 1_500
TOTAL, BUDGET = 88_800, 100_000
COMING_AT_ONCE = 50
GOAL_S = Goal("<=", 0.6)


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        settings = msgspec.structs.replace(fresh_settings(Path(folder)), log_level="warning")
        with child(mongod_command(settings, find_mongod(settings)), mongod_environment(settings.run_dir)):
            await initiate(settings)
            db = await open_database(settings)
            await outbox.ensure_indexes(db)
            program = await granted_program(db, BUDGET)
            reference = await journaled_insert(db)
            with child(worker("live"), {**os.environ, **to_environ(settings)}):
                await until("live", partial(answers, settings.live_port), 60)
                url = f"ws://127.0.0.1:{settings.live_port}/room"
                tokens = Tokens(settings.secret)
                viewers = await come(url, tokens, program)
                envelope = await announce(url, tokens, program)
                begun = await starts_at(viewers[0])
                await asyncio.sleep((begun - now_ms()) / 1_000 + 0.01)
                began = time.perf_counter()
                got = await asyncio.gather(*(grab(one, envelope, began) for one in viewers))
                async with asyncio.timeout(30):
                    while (record := await rain(db, envelope)) is None or record.settled_at is None:
                        await asyncio.sleep(0.05)
                await asyncio.gather(*(one.close() for one in viewers))
            won = [frame["result"] for _, frame in got if frame["t"] == "ack"]
            assert sorted(packet["rank"] for packet in won) == list(range(1, PACKETS + 1))
            assert sum(packet["amount"] for packet in won) == TOTAL == record.paid
            assert await store.balance(db, "budget:biz_1") == BUDGET - TOTAL
            assert await wallets.check_ledger(db) == {}
            db.close()
    taken = sorted(taken for taken, _ in got)
    report.note(
        f"answered after: median {statistics.median(taken):.3f}, p99 {taken[-VIEWERS // 100]:.3f}, "
        f"last {taken[-1]:.3f} s; load {os.getloadavg()[0]:.1f}"
    )
    report.absolute("rain-last-answer", taken[-1], "s", GOAL_S, reference)


async def announce(url: str, tokens: Tokens, program: Program) -> str:
    """Let it rain in three seconds; gives the envelope."""
    clerk = await Client.open(url)
    await clerk.join(ticket(tokens, program, "clerk", "anchor", "client-clerk"), "client-clerk")
    ack = await clerk.command("rain", n=1, total=TOTAL, packets=PACKETS, starts_in_s=3, lasts_s=30)
    await clerk.close()
    envelope: str = ack["result"]["envelope"]
    return envelope


async def come(url: str, tokens: Tokens, program: Program) -> Sequence[ClientConnection]:
    """Let all viewers join."""
    places = asyncio.Semaphore(COMING_AT_ONCE)

    async def one(number: int) -> ClientConnection:
        async with places:
            socket = await connect(url, compression=None, max_size=None, ping_interval=None)
            name = f"viewer-{number:04d}"
            shown = ticket(tokens, program, name, "viewer", name)
            await socket.send(encoded({"t": "join", "ticket": shown, "client": name}))
            while msgspec.json.decode(await socket.recv())["t"] != "welcome":
                pass
            return socket

    return await asyncio.gather(*(one(number) for number in range(VIEWERS)))


def encoded(frame: dict[str, Any]) -> str:
    return msgspec.json.encode(frame).decode()


async def starts_at(socket: ClientConnection) -> int:
    """Read until the rain is announced; gives when it begins (epoch ms)."""
    while True:
        for event in msgspec.json.decode(await socket.recv()).get("events", ()):
            if event["type"] == "rain_announced":
                begins: int = event["starts_at"]
                return begins


async def grab(socket: ClientConnection, envelope: str, began: float) -> tuple[float, dict[str, Any]]:
    """Grab once; gives when the answer was there (s after `began`) and the answer."""
    await socket.send(encoded({"t": "cmd", "n": 1, "c": {"type": "grab", "envelope": envelope}}))
    while True:
        frame: dict[str, Any] = msgspec.json.decode(await socket.recv())
        if frame["t"] in {"ack", "nak"}:
            return time.perf_counter() - began, frame
