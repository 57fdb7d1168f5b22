"""A hub on a real port and a real mongod, with one program on air."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from infra import outbox
from infra.mongo import Database, to_doc
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.content import Program, ProgramState
from schemas.ids import new_id
from streaming.live_room.hub.server import Hub
from tests.streaming.live_room.hub.client import Client, ticket
from tests.streaming.live_room.people import offer

Joined = Callable[..., Awaitable[Client]]


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.secret)


@pytest.fixture
async def program(db: Database) -> Program:
    await outbox.ensure_indexes(db)
    made = Program(
        id=new_id("prg"),
        business="biz_1",
        room="rm_1",
        anchor="acc_clerk",
        title="Tea evening",
        state=ProgramState.LIVE,
        shelf=[offer(1), offer(2)],
        log=new_id("log"),
    )
    await db.collection("programs").insert_one(to_doc(made))
    return made


@pytest.fixture
async def hub(settings: Settings, db: Database, tokens: Tokens, program: Program) -> AsyncIterator[Hub]:
    running = Hub(settings, db, tokens)
    async with running.serving():
        yield running


@pytest.fixture
def url(settings: Settings) -> str:
    return f"ws://127.0.0.1:{settings.live_port}/room"


@pytest.fixture
async def joined(hub: Hub, url: str, tokens: Tokens, program: Program) -> AsyncIterator[Joined]:
    """Opens a socket and joins the program's room; gives the client with its welcome read."""
    clients: list[Client] = []

    async def join(
        name: str = "ann", role: str = "viewer", cursor: int | None = None, **options: Any
    ) -> Client:
        client = f"client-{name}"
        one = await Client.open(url, **options)
        clients.append(one)
        welcome = await one.join(ticket(tokens, program, name, role, client), client, cursor)
        assert welcome["t"] == "welcome", welcome
        return one

    yield join
    for one in clients:
        await one.close()
