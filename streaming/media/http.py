"""A small HTTP/1.1 server on asyncio: short answers, and bodies that never end.

It exists because a live body is written by the hub straight to the transport, in batches all viewers share.
h11 parses requests. Every answer allows any origin: access is by token, never by cookie.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast
from urllib.parse import parse_qs, unquote, urlsplit

import h11
import msgspec

from infra.problems import language, problem_of
from infra.telemetry import get_logger
from schemas.problems import CommonRefusal, Refused
from streaming.media.refusals import MediaRefusal

log = get_logger("media.http")

MAX_CONNECTIONS = 8192
MAX_HEAD = 16 << 10
MAX_BODY = 256 << 10
REQUEST_WITHIN_S = 75.0
_HANDLE_WITHIN_S = 40.0
_SEND_BUFFER = 256 << 10
_CLOSE_WITHIN_S = 10.0
_METHODS = "GET, HEAD, POST, DELETE, OPTIONS"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, Retry-After",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request, its body read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """A short answer."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Live(Protocol):
    """An answer whose body goes on: told of its transport, and of the end."""

    content_type: str

    def begin(self, connection: "Connection") -> None:
        """The connection is yours."""

    def lost(self) -> None:
        """The client is gone."""


_MALFORMED = Refused(CommonRefusal.MALFORMED)
Handler = Callable[[Request], Awaitable[Response | Live]]


def problem(refused: Refused, request: Request | None = None) -> Response:
    """A refusal as problem details (RFC 9457), in the language of the request."""
    headers = request.headers if request else {}
    body = problem_of(
        refused,
        language(headers.get("accept-language", "")),
        instance=request.path if request else "",
    )
    again = {"Retry-After": "2"} if body.status == 503 or body.code == MediaRefusal.NOT_ON_AIR else {}
    return Response(msgspec.json.encode(body), "application/problem+json", body.status, again)


class HttpServer:
    """Answers every request with `handler`; what it raises as Refused becomes a problem."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, backlog=4096)

    async def close(self) -> None:
        """Stop listening and cut what is open."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.abort()


class Connection(asyncio.Protocol):
    """One client connection; requests are answered one after the other."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._request: h11.Request | None = None
        self._body = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._live: Live | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: a client connected."""
        self._transport = cast(asyncio.Transport, transport)
        if len(self._server.connections) >= MAX_CONNECTIONS:
            self._answer(problem(Refused(MediaRefusal.TOO_MANY_CONNECTIONS)), close=True)
            return
        self._server.connections.add(self)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Asyncio: bytes came."""
        if self._live is not None:
            return
        self._h11.receive_data(data)
        if self._task is None:
            self._advance()
        elif len(self._h11.trailing_data[0]) > MAX_BODY:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio: the client is gone."""
        del exc
        self._server.connections.discard(self)
        if self._idle is not None:
            self._idle.cancel()
        if self._task is not None:
            self._task.cancel()
        if self._live is not None:
            self._live.lost()

    def start_live(self, content_type: str) -> None:
        """Send the head of a body without end. The kernel holds little of it: we count what waits."""
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        lines = ["HTTP/1.1 200 OK", f"Content-Type: {content_type}", "Cache-Control: no-store"]
        lines += [f"{name}: {value}" for name, value in CORS.items()]
        self._transport.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())

    def write(self, data: bytes) -> None:
        """Send a part of a body without end."""
        self._transport.write(data)

    def backlog(self) -> int:
        """Bytes written but not sent."""
        return self._transport.get_write_buffer_size()

    def finish(self) -> None:
        """Close once everything is sent, or soon if the client does not read."""
        self._transport.close()
        asyncio.get_running_loop().call_later(_CLOSE_WITHIN_S, self._transport.abort)

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def refuse(self, refused: Refused) -> None:
        """Answer a request that waited in vain."""
        self._live = None
        self._answer(problem(refused, None), close=True)

    def _wait(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(REQUEST_WITHIN_S, self.finish)

    def _advance(self) -> None:
        """Read on in the request; handle it once it is whole."""
        try:
            while True:
                event = self._h11.next_event()
                if isinstance(event, h11.Request):
                    self._request = event
                    self._body.clear()
                elif isinstance(event, h11.Data):
                    self._body += event.data
                    if len(self._body) > MAX_BODY:
                        self._answer(problem(Refused(CommonRefusal.TOO_LARGE, limit=MAX_BODY)), close=True)
                        return
                elif isinstance(event, h11.EndOfMessage):
                    self._handle()
                    return
                else:
                    return
        except h11.RemoteProtocolError as broken:
            if self._h11.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                too_large = broken.error_status_hint == 431
                no = Refused(CommonRefusal.TOO_LARGE, limit=MAX_HEAD) if too_large else _MALFORMED
                self._answer(problem(no), close=True)
            else:
                self.finish()

    def _handle(self) -> None:
        try:
            request = _request(self._request, bytes(self._body))
        except ValueError:
            self._answer(problem(_MALFORMED), close=True)
            return
        if self._idle is not None:
            self._idle.cancel()
        self._task = asyncio.create_task(self._run(request))

    async def _run(self, request: Request) -> None:
        try:
            async with asyncio.timeout(_HANDLE_WITHIN_S):
                answer = await self._server.handler(request)
        except Refused as refused:
            answer = problem(refused, request)
        except TimeoutError:
            answer = problem(Refused(CommonRefusal.UNAVAILABLE), request)
        except Exception:
            log.exception("http_handler_failed", path=request.path)
            answer = Response(b"", status=500)
        self._task = None
        if isinstance(answer, Response):
            self._answer(answer, head=request.method == "HEAD")
        elif request.method == "HEAD":
            self._answer(Response(content_type=answer.content_type), head=True)
        else:
            self._live = answer
            answer.begin(self)

    def _answer(self, response: Response, *, head: bool = False, close: bool = False) -> None:
        headers = {
            "Content-Type": response.content_type,
            "Content-Length": str(len(response.body)),
            "Cache-Control": "no-store",
            **CORS,
            **response.headers,
        }
        if response.status in (204, 304):
            del headers["Content-Type"], headers["Content-Length"]
        if close:
            headers["Connection"] = "close"
        answer = h11.Response(status_code=response.status, headers=list(headers.items()))
        parts = [self._h11.send(answer)]
        if response.body and not head:
            parts.append(self._h11.send(h11.Data(data=response.body)))
        parts.append(self._h11.send(h11.EndOfMessage()))
        self._transport.write(b"".join(part for part in parts if part))
        if self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE and not close:
            self._h11.start_next_cycle()
            self._wait()
            self._advance()
        else:
            self.finish()


def _request(head: h11.Request | None, body: bytes) -> Request:
    assert head is not None
    target = urlsplit(head.target.decode("ascii", "replace"))
    query = {name: values[-1] for name, values in parse_qs(target.query).items()}
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode("ascii", "replace"), unquote(target.path), query, headers, body)


def preflight(allow: str = _METHODS) -> Response:
    """The answer to OPTIONS: also to a page of another origin that asks before it posts."""
    return Response(
        status=204,
        headers={
            "Allow": allow,
            "Access-Control-Allow-Methods": allow,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
            "Access-Control-Max-Age": "600",
        },
    )
