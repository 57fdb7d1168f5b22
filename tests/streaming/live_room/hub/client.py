"""A client of the room as a browser is one: a websocket and JSON frames."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from infra.tokens import Tokens
from schemas.content import Program

WAIT_S = 8.0


def ticket(
    tokens: Tokens,
    program: Program,
    name: str = "ann",
    role: str = "viewer",
    client: str = "client-ann",
    ttl_s: float = 60,
    **changes: Any,
) -> str:
    claims = {
        "program_id": program.id,
        "business_id": program.business,
        "account_id": "" if role == "guest" else f"acc_{name}",
        "name": name,
        "avatar": "",
        "role": role,
        "client": client,
        "guest": role == "guest",
    }
    return tokens.sign("ticket", {**claims, **changes}, ttl_s)


class Client:
    """One socket; keeps every frame it got and its cursor."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self.cursor = 0
        self.n = 0

    @classmethod
    async def open(cls, url: str, **options: Any) -> "Client":
        return cls(await connect(url, **options))

    async def send(self, frame: Any) -> None:
        await self.socket.send(
            frame if isinstance(frame, str | bytes) else msgspec.json.encode(frame).decode()
        )

    async def join(
        self, ticket: str, client: str = "client-ann", cursor: int | None = None, lang: str = "en"
    ) -> Any:
        await self.send({"t": "join", "ticket": ticket, "client": client, "cursor": cursor, "lang": lang})
        return await self.until(lambda frame: frame["t"] in {"welcome", "bye"})

    async def command(self, kind: str, n: int | None = None, **fields: Any) -> Any:
        """Send a command and give its ack or nak."""
        self.n = n or self.n + 1
        sent = self.n
        await self.send({"t": "cmd", "n": sent, "c": {"type": kind, **fields}})
        return await self.until(lambda frame: frame["t"] in {"ack", "nak"} and frame["n"] == sent)

    async def next(self) -> dict[str, Any]:
        frame: dict[str, Any] = msgspec.json.decode(await self.socket.recv())
        self.frames.append(frame)
        if frame["t"] == "welcome":
            self.cursor = frame["upto"]
        elif frame["t"] == "ev":
            assert frame["after"] == self.cursor, f"expected after {self.cursor}, got {frame}"
            self.cursor = frame["upto"]
        return frame

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read until a frame is wanted."""
        try:
            async with asyncio.timeout(WAIT_S):
                while True:
                    frame = await self.next()
                    if wanted(frame):
                        return frame
        except TimeoutError:
            last = [str(frame)[:200] for frame in self.frames[-5:]]
            raise AssertionError(f"the frame waited for did not come; the last were {last}") from None

    async def event(self, kind: str) -> dict[str, Any]:
        """Read until an event of a type was shown."""
        frame = await self.until(
            lambda frame: frame["t"] == "ev" and any(e["type"] == kind for e in frame.get("events", ()))
        )
        found: dict[str, Any] = next(e for e in frame["events"] if e["type"] == kind)
        return found

    async def closed(self) -> tuple[int, str]:
        """Read to the end; give code and reason."""
        try:
            async with asyncio.timeout(WAIT_S):
                while True:
                    await self.next()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection was cut without a word"
            return closed.rcvd.code, closed.rcvd.reason

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events shown after the welcome."""
        return [event for frame in self.frames if frame["t"] == "ev" for event in frame.get("events", ())]

    async def close(self) -> None:
        await self.socket.close()
