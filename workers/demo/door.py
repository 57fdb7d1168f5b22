"""The demo's way in: signs in over HTTP, fetches tickets, speaks the room's websocket, as any client."""

import asyncio
import itertools
import secrets
from typing import Any

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from infra.settings import Settings
from schemas.room import Ack, AnyCommand, AnyDown, Bye, Cmd, Join, Nak, Welcome
from workers.up.health import reachable

ANSWER_S = 10.0
_decoder = msgspec.json.Decoder(AnyDown)
_encode = msgspec.json.encode


class DoorClosed(Exception):
    """Web or the room did not let us in or put us out; try again later."""


class Caller:
    """Somebody who is signed in."""

    def __init__(self, settings: Settings, login: str, password: str) -> None:
        self._settings = settings
        self._login = login
        self._password = password
        self._token = ""
        self.client = secrets.token_urlsafe(9)

    async def enter(self, program: str) -> "Seat":
        """Enter a program's room; raises DoorClosed."""
        try:
            ticket = await self._ticket(program)
            host = reachable(self._settings.host)
            socket = await connect(
                f"ws://{host}:{self._settings.live_port}/room",
                origin=Origin(self._settings.web_url),
                open_timeout=ANSWER_S,
                compression=None,
                max_queue=256,
            )
        except (httpx.HTTPError, OSError, TimeoutError, ConnectionClosed, KeyError, ValueError) as error:
            raise DoorClosed(f"{type(error).__name__}: {error}") from error
        seat = Seat(socket)
        await seat.join(ticket, self.client)
        return seat

    async def _ticket(self, program: str) -> str:
        host = reachable(self._settings.host)
        base = f"http://{host}:{self._settings.web_port}"
        async with httpx.AsyncClient(base_url=base, timeout=ANSWER_S, trust_env=False) as web:
            answer = await self._ask(web, program)
            if answer.status_code == 401 or not self._token:
                signed_in = await web.post(
                    "/v1/sessions",
                    json={"login": self._login, "password": self._password},
                    headers={"Idempotency-Key": secrets.token_hex(12)},
                )
                self._token = str(signed_in.raise_for_status().json()["token"])
                answer = await self._ask(web, program)
            return str(answer.raise_for_status().json()["ticket"])

    async def _ask(self, web: httpx.AsyncClient, program: str) -> httpx.Response:
        headers = {"Idempotency-Key": secrets.token_hex(12)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return await web.post(f"/v1/programs/{program}/ticket", json={"client": self.client}, headers=headers)


class Seat:
    """One websocket in a room. Frames that are not answers to us are read and dropped."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Ack | Nak]] = {}
        self._reader: asyncio.Task[None] | None = None
        self.welcome: Welcome | None = None

    async def join(self, ticket: str, client: str) -> None:
        """Say who we are; raises DoorClosed when the room refuses."""
        try:
            await self._socket.send(_encode(Join(ticket=ticket, client=client)).decode())
            first = _decoder.decode(await asyncio.wait_for(self._socket.recv(), ANSWER_S))
        except (ConnectionClosed, OSError, TimeoutError) as error:
            raise DoorClosed(str(error)) from error
        if not isinstance(first, Welcome):
            await self._socket.close()
            raise DoorClosed(f"expected welcome, got {first}")
        self.welcome = first
        self._numbers = itertools.count(first.last_n + 1)
        self._reader = asyncio.create_task(self._read())

    async def do(self, command: AnyCommand) -> Ack | Nak:
        """Send a command and wait until it is durable or refused; raises DoorClosed."""
        number = next(self._numbers)
        answer: asyncio.Future[Ack | Nak] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await self._socket.send(_encode(Cmd(n=number, c=command)).decode())
            return await asyncio.wait_for(answer, ANSWER_S)
        except (ConnectionClosed, OSError, TimeoutError) as error:
            raise DoorClosed(str(error)) from error
        finally:
            self._answers.pop(number, None)

    async def leave(self) -> None:
        """Close the socket."""
        if self._reader is not None:
            self._reader.cancel()
        await self._socket.close()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                self._take(_decoder.decode(message))
        except ConnectionClosed:
            pass
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(DoorClosed("the room closed the connection"))

    def _take(self, frame: Any) -> None:
        if isinstance(frame, Ack | Nak):
            answer = self._answers.get(frame.n)
            if answer is not None and not answer.done():
                answer.set_result(frame)
        elif isinstance(frame, Bye):
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(DoorClosed(f"the room says {frame.code}"))
