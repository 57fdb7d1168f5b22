"""A rain of 10 000 packets on 14 000 attempts (13 000 users, 1 000 twice), answered durably and exactly:
the room's engine, rules and log on a real mongod (w: majority, j: true), without sockets.

Three loads, each beside its peer in turns: everybody at once, and 256 callers in a closed loop, beside Redis
with Lua, gathered 500 / 5 ms into pipelines, `appendfsync always`; and beside one findOneAndUpdate per grab.
Every run checks that each packet went out once, that nobody has two and that the log says the same.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.harness import Goal, Reference, Report, paired_async
from infra.embedded import find_mongod, initiate, mongod_command, mongod_environment
from infra.mongo import Database, connect
from infra.processes import calm_collector
from infra.settings import load
from schemas.accounts import PublicAccount
from schemas.ids import new_id
from schemas.problems import Refusal
from schemas.room import PacketGrabbed, Rain
from streaming.live_room.interactions.fair_split import commitment, split
from streaming.live_room.interactions.interaction import Speaker
from streaming.live_room.interactions.red_envelope import (
    RED_ENVELOPE,
    AnnounceRain,
    TakePacket,
)
from streaming.live_room.interactions.registry import Registry
from streaming.live_room.log import reader, snapshots
from streaming.live_room.log.reader import read_batches
from streaming.live_room.opening import open_room
from streaming.live_room.room import Accepted, Room

PACKETS, USERS, TWICE = 10_000, 13_000, 1_000
CALLERS = 256
FEN = 1_000_000
SEED = "07" * 32
ANCHOR = Speaker(PublicAccount(id="acc_clerk", name="clerk"), "anchor", "c")
ONE_BY_ONE = 1_000
"""Packets of the findOneAndUpdate peer: at 1 600 a second ten thousand would take too long."""

RECORDED_CROWD, RECORDED_CLOSED = 22_500, 16_800
"""Redis batched with fsync always on the machine of record, attempts/s (evidence of the study)."""

Grab = Callable[[str], Awaitable[int | None]]
"""Takes a packet for a user: its slot, or None when there is none for this attempt."""


class Outcome(NamedTuple):
    """Attempts per second and the 99th percentile of an attempt's time (s)."""

    per_s: float
    p99_s: float


async def measure(report: Report) -> None:
    """Run all three comparisons."""
    if shutil.which("redis-server") is None:
        report.note("redis-server is not installed: the figures beside Redis are not taken")
        return
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-") as folder:
        async with _mongod(Path(folder)) as db, _redis(Path(folder)) as redis:
            await _compare(report, db, redis)


async def _compare(report: Report, db: Database, redis: Any) -> None:
    engine = _Kept(lambda load: _engine_run(db, load))
    peer = _Kept(lambda load: _redis_run(redis, load))
    recorded = await _references(peer)
    calm_collector()  # as the live process does; the peer's client gains by it too
    await engine.run(at_once)  # warm: connections, code paths
    engine.clear()

    crowd = await paired_async(lambda: engine.run(at_once), lambda: peer.run(at_once), rounds=5)
    report.note("everybody at once; p99 of ours " + engine.p99s())
    report.beside("grabs-crowd-redis", crowd, "/s", Goal(">=", 1.5), "redis-lua-batched-always")
    report.absolute("grabs-crowd", crowd.ours, "/s", Goal(">=", 25_000), recorded[at_once])

    engine.clear()
    closed = await paired_async(lambda: engine.run(closed_loop), lambda: peer.run(closed_loop), rounds=5)
    report.note(f"{CALLERS} callers in a closed loop; p99 of ours " + engine.p99s())
    report.beside("grabs-closed-redis", closed, "/s", Goal(">=", 1.5), "redis-lua-batched-always")
    report.absolute("grabs-closed", closed.ours, "/s", Goal(">=", 15_000), recorded[closed_loop])
    p99_ms = statistics.median(outcome.p99_s for outcome in engine.outcomes) * 1000
    report.absolute("grabs-closed-p99", p99_ms, "ms", Goal("<=", 25), recorded[closed_loop])

    updates = _Kept(lambda _load: _update_run(db))
    one = await paired_async(lambda: engine.run(at_once), lambda: updates.run(at_once))
    report.beside("grabs-crowd-update", one, "/s", Goal(">=", 10), "findOneAndUpdate-per-grab")


async def _references(peer: _Kept) -> dict[_Load, Reference]:
    """Redis as it was when its figures were recorded: with the collector's default settings."""
    await peer.run(at_once)
    found: dict[_Load, Reference] = {}
    loads: list[tuple[_Load, float, str]] = [
        (at_once, RECORDED_CROWD, "everybody at once"),
        (closed_loop, RECORDED_CLOSED, "closed loop"),
    ]
    for way, recorded, name in loads:
        now = statistics.median([await peer.run(way) for _ in range(3)])
        found[way] = Reference(f"redis-lua-batched-always, {name}, default collector, /s", now, recorded)
    return found


class _Kept:
    """Runs a load and keeps the outcomes."""

    def __init__(self, run: Callable[[_Load], Awaitable[Outcome]]) -> None:
        self._run = run
        self.outcomes: list[Outcome] = []

    async def run(self, load: _Load) -> float:
        self.outcomes.append(await self._run(load))
        return self.outcomes[-1].per_s

    def p99s(self) -> str:
        return ", ".join(f"{outcome.p99_s * 1000:.0f} ms" for outcome in self.outcomes)

    def clear(self) -> None:
        self.outcomes = []


# --- loads --------------------------------------------------------------------------------------


def _attempts(users: int = USERS, twice: int = TWICE) -> list[str]:
    chance = random.Random(7)
    names = [f"acc_{n:05d}" for n in range(users)]
    attempts = names + chance.sample(names, twice)
    chance.shuffle(attempts)
    return attempts


async def at_once(grab: Grab, attempts: Sequence[str]) -> tuple[Outcome, list[tuple[str, int | None]]]:
    """Everybody taps in the same moment."""
    began = time.perf_counter()
    answered: list[float] = []

    async def one(user: str) -> tuple[str, int | None]:
        slot = await grab(user)
        answered.append(time.perf_counter() - began)
        return user, slot

    results = await asyncio.gather(*(one(user) for user in attempts))
    return _outcome(began, answered), results


async def closed_loop(
    grab: Grab, attempts: Sequence[str], callers: int = CALLERS
) -> tuple[Outcome, list[tuple[str, int | None]]]:
    """Each caller waits for its answer before it asks again."""
    began = time.perf_counter()
    took: list[float] = []
    results: list[tuple[str, int | None]] = []
    left = iter(attempts)

    async def caller() -> None:
        for user in left:
            asked = time.perf_counter()
            results.append((user, await grab(user)))
            took.append(time.perf_counter() - asked)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return _outcome(began, took), results


_Load = Callable[[Grab, Sequence[str]], Awaitable[tuple[Outcome, list[tuple[str, int | None]]]]]


def _outcome(began: float, took: list[float]) -> Outcome:
    elapsed = time.perf_counter() - began
    return Outcome(len(took) / elapsed, sorted(took)[int(len(took) * 0.99)])


def _check(results: Sequence[tuple[str, int | None]], packets: int) -> dict[str, int]:
    """Each packet once, one per user."""
    slots: dict[str, set[int]] = {}
    for user, slot in results:
        if slot is not None:
            slots.setdefault(user, set()).add(slot)
    won = {user: min(held) for user, held in slots.items()}
    if sorted(won.values()) != list(range(packets)) or any(len(held) > 1 for held in slots.values()):
        raise AssertionError(f"expected {packets} packets to go out once, got {len(set(won.values()))}")
    return won


# --- ours ---------------------------------------------------------------------------------------


async def _engine_run(db: Database, load: _Load) -> Outcome:
    batches = db.collection(reader.COLLECTION)
    log, registry = new_id("log"), Registry([RED_ENVELOPE])
    room = await open_room(batches, db.collection(snapshots.COLLECTION), log, registry=registry)
    running = asyncio.create_task(room.run())
    try:
        asked = Rain(total=FEN, packets=PACKETS, starts_in_s=0, lasts_s=300)
        sealed = commitment("e", FEN, PACKETS, SEED)
        opened = await room.ask(AnnounceRain(envelope="e", asked=asked, commitment=sealed), ANCHOR, 1)
        assert isinstance(opened, Accepted), opened
        outcome, results = await load(_engine_grab(room), _attempts())
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    won = _check(results, PACKETS)
    logged = [
        event
        async for batch in read_batches(batches, log, vocabulary=registry.vocabulary)
        for event in batch.events
        if isinstance(event, PacketGrabbed)
    ]
    if {event.user: event.slot for event in logged} != won or sum(event.amount for event in logged) != FEN:
        raise AssertionError("expected the log to say what was answered, to the fen")
    return outcome


def _engine_grab(room: Room) -> Grab:
    people = {user: Speaker(PublicAccount(id=user, name=user), "viewer", "c") for user in set(_attempts())}
    command = TakePacket(envelope="e", amounts=split(FEN, PACKETS, SEED))
    numbers = dict.fromkeys(people, 0)

    async def grab(user: str) -> int | None:
        numbers[user] += 1
        answer = await room.ask(command, people[user], numbers[user])
        return None if isinstance(answer, Refusal) else int(answer.result["rank"]) - 1

    return grab


# --- Redis --------------------------------------------------------------------------------------

LUA = """
local held = redis.call('HGET', KEYS[2], ARGV[1]) if held then return held end
local slot = redis.call('LPOP', KEYS[1]) if not slot then return false end
redis.call('HSET', KEYS[2], ARGV[1], slot) return slot
"""


async def _redis_run(redis: Any, load: _Load) -> Outcome:
    await redis.flushall()
    packets = split(FEN, PACKETS, SEED)
    await redis.rpush("packets", *(f"{slot}:{fen}" for slot, fen in enumerate(packets)))
    script = await redis.script_load(LUA)
    queue: list[tuple[str, asyncio.Future[int | None]]] = []
    arrived = asyncio.Event()

    async def gather() -> None:
        while True:
            await arrived.wait()
            if len(queue) < 500:
                await asyncio.sleep(0.005)
            batch = queue[:500]
            del queue[:500]
            if not queue:
                arrived.clear()
            pipeline = redis.pipeline(transaction=False)
            for user, _ in batch:
                pipeline.evalsha(script, 2, "packets", "held", user)
            for (_, answer), held in zip(batch, await pipeline.execute(), strict=True):
                answer.set_result(None if held is None else int(held.partition(b":")[0]))

    async def grab(user: str) -> int | None:
        answer: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        queue.append((user, answer))
        arrived.set()
        return await answer

    gathering = asyncio.create_task(gather())
    try:
        outcome, results = await load(grab, _attempts())
    finally:
        gathering.cancel()
    _check(results, PACKETS)
    return outcome


@asynccontextmanager
async def _redis(folder: Path) -> AsyncIterator[Any]:
    import redis.asyncio as client

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    (folder / "redis").mkdir()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder / "redis")]
    durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    child = subprocess.Popen([*command, *durable], stdout=subprocess.DEVNULL)
    connection = client.Redis(port=port)
    try:
        async with asyncio.timeout(10):
            while True:
                try:
                    await connection.ping()
                    break
                except client.ConnectionError:
                    await asyncio.sleep(0.05)
        yield connection
    finally:
        await connection.aclose()
        child.terminate()
        child.wait()


# --- one update per grab ------------------------------------------------------------------------


async def _update_run(db: Database) -> Outcome:
    name = new_id("packets")
    packets = db.collection(name)
    partial = {"by": {"$type": "string"}}
    await packets.ensure_index([("by", 1)], name="one_each", unique=True, partial=partial)
    await packets.ensure_index([("by", 1), ("_id", 1)], name="free")
    await packets.insert_many([{"_id": slot, "by": None} for slot in range(ONE_BY_ONE)])

    async def grab(user: str) -> int | None:
        found = await packets.find_one_and_update({"by": None}, {"$set": {"by": user}})
        slot: int | None = found["_id"] if found else None
        return slot

    async def sixty_four(grab: Grab, attempts: Sequence[str]) -> Any:
        return await closed_loop(grab, attempts, 64)

    outcome, results = await sixty_four(grab, _attempts(ONE_BY_ONE * 13 // 10, 0))
    _check(results, ONE_BY_ONE)
    return Outcome(*outcome)


@asynccontextmanager
async def _mongod(folder: Path) -> AsyncIterator[Database]:
    settings = msgspec.structs.replace(load({}, folder), data=folder)
    command = mongod_command(settings, find_mongod(settings))
    child = subprocess.Popen(command, env=mongod_environment(settings.run_dir), stdout=subprocess.DEVNULL)
    try:
        await initiate(settings)
        db = await connect(settings)
        yield db
        db.close()
    finally:
        child.terminate()
        child.wait()
