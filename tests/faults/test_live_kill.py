"""kill -9 of the live process under 2 000 commands a second: nothing acknowledged is lost or done twice."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from infra import outbox
from infra.mongo import Database, to_doc
from infra.settings import Settings, to_environ
from infra.tokens import Tokens
from schemas.content import Program, ProgramState
from schemas.ids import new_id
from schemas.room import ChatSent
from streaming.live_room.log import reader
from streaming.live_room.log.reader import read_batches
from tests.faults.worker import Worker
from tests.streaming.live_room.hub.client import ticket

pytestmark = pytest.mark.faults

PATIENCE_S = 60.0
ROOMS, CLIENTS, EVERY_S = 4, 25, 0.05
"""100 clients, each 20 commands a second: 2 000 a second."""
BEFORE, AFTER = 6_000, 3_000
"""Acknowledged commands before the kill, and again after it."""


@pytest.fixture
async def live(settings: Settings, db: Database) -> AsyncIterator[Worker]:
    await outbox.ensure_indexes(db)
    process = Worker(settings, "live")
    await process.start()
    yield process
    process.kill(signal.SIGTERM)  # a transaction cut off by SIGKILL would hold up the drop of the database


class Assistant:
    """A client that talks all the time, comes back when cut off, and sends again what was not answered."""

    def __init__(self, number: int, program: Program, tokens: Tokens, url: str) -> None:
        self.name = f"assistant-{number}"
        self.program = program
        self.acked: dict[int, int] = {}
        self.refused: list[dict[str, object]] = []
        self.welcomes: list[dict[str, object]] = []
        self.gaps = 0
        self._tokens, self._url = tokens, url
        self._n = 0
        self._unanswered: dict[int, str] = {}
        self._cursor: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Talk until told to stop and everything is answered."""
        while not (stop.is_set() and not self._unanswered):
            with suppress(WebSocketException, OSError):
                async with connect(self._url, compression=None, max_size=None) as socket:
                    await self._join(socket)
                    for frame in self._unanswered.values():
                        await socket.send(frame)
                    async with asyncio.TaskGroup() as tasks:
                        talking = tasks.create_task(self._talk(socket, stop))
                        tasks.create_task(self._listen(socket, stop, talking))
            await asyncio.sleep(0.05)

    async def _join(self, socket: ClientConnection) -> None:
        shown = ticket(self._tokens, self.program, self.name, "assistant", self.name)
        join = {"t": "join", "ticket": shown, "client": self.name, "cursor": self._cursor}
        await socket.send(msgspec.json.encode(join).decode())
        welcome = msgspec.json.decode(await socket.recv())
        if welcome["t"] == "welcome":
            self.welcomes.append(welcome)
            self._cursor = welcome["upto"]

    async def _talk(self, socket: ClientConnection, stop: asyncio.Event) -> None:
        with suppress(WebSocketException):
            while not stop.is_set():
                self._n += 1
                command = {"type": "chat", "text": f"{self.name} says {self._n}"}
                frame = msgspec.json.encode({"t": "cmd", "n": self._n, "c": command}).decode()
                self._unanswered[self._n] = frame
                await socket.send(frame)
                await asyncio.sleep(EVERY_S)

    async def _listen(
        self, socket: ClientConnection, stop: asyncio.Event, talking: asyncio.Task[None]
    ) -> None:
        with suppress(WebSocketException):
            while self._unanswered or not stop.is_set():
                frame = msgspec.json.decode(await socket.recv())
                if frame["t"] == "ack":
                    self.acked[frame["n"]] = frame["seq"]
                    self._unanswered.pop(frame["n"], None)
                elif frame["t"] == "nak":
                    # `moved` and the limits say that nothing happened: it is sent again as it was
                    self.refused.append(frame)
                    await asyncio.sleep(frame.get("retry_after", 0.1))
                    if frame["n"] in self._unanswered:
                        await socket.send(self._unanswered[frame["n"]])
                elif frame["t"] == "ev":
                    self.gaps += frame["after"] != self._cursor
                    self._cursor = frame["upto"]
        talking.cancel()


async def test_nothing_acknowledged_is_lost_or_done_twice(
    live: Worker, settings: Settings, db: Database
) -> None:
    tokens = Tokens(settings.secret)
    programs = [
        Program(
            id=new_id("prg"),
            business="biz_1",
            room="rm_1",
            anchor="acc_clerk",
            title="On air",
            state=ProgramState.LIVE,
            log=new_id("log"),
        )
        for _ in range(ROOMS)
    ]
    await db.collection("programs").insert_many([to_doc(program) for program in programs])
    url = f"ws://127.0.0.1:{settings.live_port}/room"
    people = [Assistant(n, programs[n % ROOMS], tokens, url) for n in range(ROOMS * CLIENTS)]
    stop = asyncio.Event()
    talking = [asyncio.create_task(person.run(stop)) for person in people]

    await acknowledged(people, BEFORE)
    live.kill()
    await live.start()
    await acknowledged(people, sum(len(person.acked) for person in people) + AFTER)
    stop.set()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*talking)

    logged: Counter[tuple[str, int]] = Counter()
    places: dict[tuple[str, int], int] = {}
    for program in programs:
        async for batch in read_batches(db.collection(reader.COLLECTION), program.log):
            lines = {event.seq for event in batch.events if isinstance(event, ChatSent)}
            for origin in batch.origins:
                assert origin.seq in lines
                logged[origin.client, origin.n] += 1
                places[origin.client, origin.n] = origin.seq
    acked = {(person.name, n): seq for person in people for n, seq in person.acked.items()}
    assert acked == places, "an acknowledged command is not in the log where it was said to be"
    assert set(logged.values()) == {1}, "a command is in the log twice"
    for person in people:
        assert len(person.welcomes) >= 2, "expected everybody to come back"
        assert all(welcome["recovered"] for welcome in person.welcomes[1:])
        assert person.gaps == 0, "expected every frame to continue the one before"


async def acknowledged(people: list[Assistant], wanted: int) -> None:
    """Wait until so many commands were acknowledged."""
    async with asyncio.timeout(PATIENCE_S):
        while sum(len(person.acked) for person in people) < wanted:
            await asyncio.sleep(0.01)


async def test_a_stop_is_clean(live: Worker) -> None:
    assert await asyncio.to_thread(live.kill, signal.SIGTERM) == 0
    await live.start()


async def test_a_taken_port_is_told_in_one_sentence(live: Worker, settings: Settings) -> None:
    environ = {**os.environ, **to_environ(settings)}
    second = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers", "live"), env=environ, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(second.communicate(), 20)
    assert second.returncode == 1
    last = said.decode().splitlines()[-1]
    assert last.startswith(f"kaibo live: port {settings.live_port} can't be opened: ")
    assert b"Traceback" not in said
