"""A small reverse proxy: HTTP/1.1 over TLS on one side, our servers on this machine on the other.

Bodies stream both ways as they come (a live picture never ends) and a slow phone slows its server down, which
then does what it does with slow viewers. A websocket becomes a pair of pipes.
"""

import asyncio
from contextlib import suppress

import h11

from infra.telemetry import METRICS_CONTENT_TYPE, get_logger, render_metrics
from workers.gate.routes import Routes, Way
from workers.gate.trust import TrustPages

log = get_logger("gate")

READ = 64 << 10
MAX_HEAD = 32 << 10
MAX_CONNECTIONS = 1024
REQUEST_WITHIN_S = 75.0
CONNECT_WITHIN_S = 5.0
BODY_WITHIN_S = 1.0
"""For the rest of a request that was answered before it was whole; then the connection ends."""
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
    }
)
FORGED = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-real-ip"}
)
Headers = list[tuple[bytes, bytes]]


class Gate:
    """Admits phones' connections."""

    def __init__(self, routes: Routes, trust: TrustPages) -> None:
        self._routes = routes
        self._trust = trust
        self._admitted: set[asyncio.Task[None]] = set()

    async def admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        task = asyncio.current_task()
        assert task is not None
        if len(self._admitted) >= MAX_CONNECTIONS:
            writer.close()
            return
        self._admitted.add(task)
        try:
            await _Visit(self._routes, self._trust, reader, writer).serve()
        except (
            OSError,
            TimeoutError,
            asyncio.IncompleteReadError,
            h11.ProtocolError,
            asyncio.CancelledError,
        ):
            pass  # a phone comes and goes as it likes
        except Exception:
            log.exception("gate_failed")
        finally:
            self._admitted.discard(task)
            writer.close()

    async def tell_health(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the supervisor, without TLS, on this machine's own address."""
        with suppress(OSError, TimeoutError, ValueError):
            line = await asyncio.wait_for(reader.readline(), REQUEST_WITHIN_S)
            path = [*line.split(), b"", b""][1]
            known = path in (b"/healthz", b"/readyz", b"/metrics")
            body = render_metrics() if path == b"/metrics" else b"ok\n" if known else b""
            kind = METRICS_CONTENT_TYPE if path == b"/metrics" else "text/plain"
            status = b"200 OK" if known else b"404 Not Found"
            head = f"\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(b"HTTP/1.1 " + status + head.encode() + body)
            await writer.drain()
        writer.close()

    async def close(self) -> None:
        """Cut what is open."""
        for task in list(self._admitted):
            task.cancel()
        if self._admitted:
            await asyncio.wait(self._admitted, timeout=1.0)


class _Visit:
    """One connection of a phone: requests one after the other."""

    def __init__(
        self, routes: Routes, trust: TrustPages, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._routes = routes
        self._trust = trust
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._peer = str((writer.get_extra_info("peername") or ("",))[0])

    async def serve(self) -> None:
        """Answer until the phone leaves."""
        while True:
            async with asyncio.timeout(REQUEST_WITHIN_S):
                event = await _next(self._http, self._reader)
            if not isinstance(event, h11.Request):
                return
            if not await self._answer(event):
                return
            self._http.start_next_cycle()

    async def _answer(self, request: h11.Request) -> bool:
        """Answer a request; False when the connection is over with it."""
        method, target = request.method.decode("ascii"), request.target.decode("latin-1")
        headers = dict(request.headers)
        page = self._trust.answer(
            target.partition("?")[0], headers.get(b"accept-language", b"").decode("latin-1")
        )
        if page is not None and method == "GET":
            return await self._say(200, page[1], page[0])
        way = self._routes.way(method, target)
        if way is None:
            return await self._say(404)
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                reader, writer = await asyncio.open_connection(self._routes.host, way.port)
        except (OSError, TimeoutError):
            return await self._say(503)
        try:
            if headers.get(b"upgrade", b"").lower() == b"websocket":
                await self._pipe(request, way, reader, writer)
                return False
            return await self._relay(request, way, reader, writer)
        finally:
            writer.close()

    async def _say(self, status: int, body: bytes = b"", kind: str = "text/plain") -> bool:
        """Answer by ourselves; a body that was sent with the request is not read, so the connection ends."""
        headers = [("content-type", kind), ("content-length", str(len(body))), ("cache-control", "no-store")]
        head = self._http.send(h11.Response(status_code=status, headers=[*headers, ("connection", "close")]))
        self._writer.write((head or b"") + body)
        await self._writer.drain()
        return False

    async def _relay(
        self, request: h11.Request, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        inner = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
        forwarded = [(name, value) for name, value in self._forwarded(request, way) if name != b"upgrade"]
        forwarded.append((b"connection", b"close"))
        writer.write(
            inner.send(h11.Request(method=request.method, target=way.target, headers=forwarded)) or b""
        )
        sending = asyncio.create_task(self._send_body(inner, writer))
        try:
            while True:
                event = await _next(inner, reader)
                if isinstance(event, h11.InformationalResponse):
                    continue
                if isinstance(event, h11.Response):
                    kept = [(name, value) for name, value in event.headers if name not in HOP_BY_HOP]
                    event = h11.Response(
                        status_code=event.status_code, headers=_unframed(kept), reason=event.reason
                    )
                elif not isinstance(event, h11.Data | h11.EndOfMessage):
                    return False
                self._writer.write(self._http.send(event) or b"")
                await self._writer.drain()
                if isinstance(event, h11.EndOfMessage):
                    break
            await asyncio.wait((sending,), timeout=BODY_WITHIN_S)
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, OSError, h11.ProtocolError):
                await sending
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _send_body(self, inner: h11.Connection, writer: asyncio.StreamWriter) -> None:
        while True:
            event = await _next(self._http, self._reader)
            if not isinstance(event, h11.Data | h11.EndOfMessage):
                return
            writer.write(inner.send(event) or b"")
            await writer.drain()
            if isinstance(event, h11.EndOfMessage):
                return

    async def _pipe(
        self, request: h11.Request, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        lines = [request.method + b" " + way.target.encode("latin-1") + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in self._forwarded(request, way)]
        lines += [b"connection: Upgrade", b"", b""]
        writer.write(b"\r\n".join(lines) + self._http.trailing_data[0])
        pipes = [
            asyncio.create_task(_pour(self._reader, writer)),
            asyncio.create_task(_pour(reader, self._writer)),
        ]
        try:
            await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pipe in pipes:
                pipe.cancel()
            await asyncio.gather(*pipes, return_exceptions=True)

    def _forwarded(self, request: h11.Request, way: Way) -> Headers:
        kept = [(name, value) for name, value in request.headers if name not in HOP_BY_HOP | FORGED]
        if way.host:
            kept = [(name, way.host.encode() if name == b"host" else value) for name, value in kept]
        return [*kept, (b"x-forwarded-for", self._peer.encode()), (b"x-forwarded-proto", b"https")]


def _unframed(headers: Headers) -> Headers:
    """h11 frames the body anew: by length if there is one, else in chunks."""
    return [(name, value) for name, value in headers if name != b"transfer-encoding"]


async def _next(http: h11.Connection, reader: asyncio.StreamReader) -> h11.Event | type[h11.PAUSED]:
    """The next event of a connection, PAUSED between two requests; more is read as it is needed."""
    while True:
        event = http.next_event()
        if isinstance(event, h11.Event) or event is h11.PAUSED:
            return event
        http.receive_data(await reader.read(READ))


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(READ):
        sink.write(data)
        await sink.drain()
