"""kill -9 of mongod under a writer, and of a writer under mongod: the log holds."""

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from infra import outbox
from infra.embedded import find_mongod, initiate, mongod_command, mongod_environment
from infra.mongo import Database, connect, to_doc
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.content import Program
from schemas.ids import new_id
from schemas.room import Announced
from streaming.live_room.hub.server import Hub
from streaming.live_room.log import reader
from streaming.live_room.log.documents import Origin
from streaming.live_room.log.reader import read_batches
from streaming.live_room.log.writer import LogWriter, SteppedDown
from tests.conftest import fresh_settings
from tests.streaming.live_room.hub.client import Client, ticket

pytestmark = pytest.mark.faults

LOG = "log_1"


class Mongod:
    """A mongod of this test alone, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = fresh_settings(folder)
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._child = subprocess.Popen(
            mongod_command(self.settings, find_mongod(self.settings)),
            env=mongod_environment(self.settings.run_dir),
            stdout=subprocess.DEVNULL,
        )
        await initiate(self.settings)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        assert self._child is not None
        self._child.wait()

    def send(self, number: signal.Signals) -> None:
        assert self._child is not None
        self._child.send_signal(number)


@pytest.fixture
async def mongod(tmp_path: Path) -> AsyncIterator[Mongod]:
    server = Mongod(tmp_path)
    await server.start()
    yield server
    server.kill()
    shutil.rmtree(server.settings.data / "db", ignore_errors=True)


async def write(writer: LogWriter, client: str, acked: list[tuple[str, int]]) -> None:
    """Append a command at a time until another owner comes; note what was acknowledged."""
    await writer.take_over(now_ms=0)
    for n in range(1, 1_000_000):
        seq = writer.tail.seq + 1
        event = Announced(seq=seq, at=0, text=f"{client} {n}")
        try:
            await writer.append([event], [Origin("u", client, n, seq)])
        except SteppedDown:
            return
        acked.append((client, n))


async def logged(db: Database) -> list[tuple[str, int]]:
    batches = db.collection(reader.COLLECTION)
    return [(o.client, o.n) async for batch in read_batches(batches, LOG) for o in batch.origins]


async def grows(acked: list[tuple[str, int]], by: int) -> None:
    wanted = len(acked) + by
    async with asyncio.timeout(30):
        while len(acked) < wanted:
            await asyncio.sleep(0.005)


async def test_a_writer_goes_on_through_kills_of_mongod(mongod: Mongod) -> None:
    db = await connect(mongod.settings)
    acked: list[tuple[str, int]] = []
    writing = asyncio.create_task(write(LogWriter(db.collection(reader.COLLECTION), LOG), "a", acked))
    for _ in range(2):
        await grows(acked, 100)
        mongod.kill()
        at_kill = len(acked)
        await mongod.start()
        await grows(acked, 100)
        assert len(acked) > at_kill
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing

    found = await logged(db)  # verifies numbers and hashes
    assert found[: len(acked)] == acked
    assert len(found) - len(acked) <= 1, (
        "at most the batch in flight is there without having been acknowledged"
    )
    db.close()


async def test_two_owners_race_while_mongod_is_killed(mongod: Mongod) -> None:
    db = await connect(mongod.settings)
    batches = db.collection(reader.COLLECTION)
    acked: dict[str, list[tuple[str, int]]] = {}
    writers: list[asyncio.Task[None]] = []
    for number in range(6):
        client = f"owner-{number}"
        acked[client] = []
        writers.append(asyncio.create_task(write(LogWriter(batches, LOG), client, acked[client])))
        await grows(acked[client], 20)
        if number % 2:
            mongod.kill()
            await mongod.start()
    await asyncio.gather(*writers[:-1])  # all but the last have stepped down by themselves
    writers[-1].cancel()
    with suppress(asyncio.CancelledError):
        await writers[-1]

    found = await logged(db)
    assert len(found) == len(set(found))
    assert {one for each in acked.values() for one in each} <= set(found)
    db.close()


WRITER = """
import asyncio, sys
from infra.mongo import connect
from infra.settings import load
from streaming.live_room.hub.server import Hub
from streaming.live_room.log import reader
from streaming.live_room.log.writer import LogWriter
from tests.faults.test_live_mongod_kill import write

class Told(list):
    def append(self, item):
        print(item[1], flush=True)

async def main():
    db = await connect(load(), uri=sys.argv[1], database=sys.argv[2])
    await write(LogWriter(db.collection(reader.COLLECTION), "log_1"), sys.argv[3], Told())

asyncio.run(main())
"""


async def test_what_a_killed_writer_acknowledged_is_in_the_log(settings: Settings, db: Database) -> None:
    told: list[tuple[str, int]] = []
    for client in ("one", "two", "three"):
        arguments = [sys.executable, "-c", WRITER, settings.mongodb_uri, settings.mongodb_database, client]
        child = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
        assert child.stdout is not None
        async with asyncio.timeout(30):
            told += [(client, int(await child.stdout.readline())) for _ in range(50)]
            child.kill()
            told += [(client, int(line)) async for line in child.stdout if line.endswith(b"\n")]
            await child.wait()
    found = await logged(db)
    assert set(told) <= set(found)
    assert len(found) == len(set(found))
    assert len(found) - len(told) <= 3, "at most the batch in flight of each"


async def test_a_stalled_mongod_holds_answers_back_and_nothing_else(mongod: Mongod) -> None:
    db = await connect(mongod.settings)
    await outbox.ensure_indexes(db)
    program = Program(
        id=new_id("prg"), business="biz_1", room="rm_1", anchor="a", title="On air", log=new_id("log")
    )
    await db.collection("programs").insert_one(to_doc(program))
    tokens = Tokens(mongod.settings.secret)
    async with Hub(mongod.settings, db, tokens).serving():
        ann = await Client.open(f"ws://127.0.0.1:{mongod.settings.live_port}/room")
        await ann.join(ticket(tokens, program))
        mongod.send(signal.SIGSTOP)
        await ann.send({"t": "cmd", "n": 1, "c": {"type": "chat", "text": "held back"}})
        assert (await ann.command("like", n=2, count=5))["t"] == "ack"
        await ann.until(lambda frame: frame.get("likes") == 5)
        assert [frame for frame in ann.frames if frame["t"] in {"ack", "nak"} and frame["n"] == 1] == []
        mongod.send(signal.SIGCONT)
        assert (await ann.until(lambda frame: frame["t"] == "ack" and frame["n"] == 1))["seq"] > 0
        await ann.close()
    db.close()
