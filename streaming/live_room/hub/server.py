"""The port of the live process: websockets on `/room`, health and metrics beside them.

Plain `websockets` on plain asyncio, not behind ASGI: there a delivery costs two to four times as much.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Origin

from commerce.wallets import store as wallets
from infra.mongo import Database, Unavailable, Unknown
from infra.outbox import Consumer, Handler
from infra.processes import calm_collector
from infra.settings import Settings
from infra.telemetry import METRICS_CONTENT_TYPE, render_metrics
from infra.tokens import Tokens
from schemas.events import Event, OrderMoved, StockChanged
from streaming.live_room.hub.frames import offered_extensions
from streaming.live_room.hub.reception import Reception
from streaming.live_room.hub.rooms import FOLLOWED, Rooms
from streaming.live_room.log import reader
from streaming.live_room.log.lease import Owner
from streaming.live_room.projections import rains
from streaming.live_room.rains.seeds import Seeds

FRAME_BYTES = 16 << 10
SEND_BUFFER = 64 << 10
PING_S, PONG_S = 50.0, 30.0
"""A ping costs 105 µs: the default of 20 s would be 7 % of a core at 13 000 viewers."""
BACKLOG = 4_096
CLOSE_S = 2.0


class Hub:
    """Rooms behind one port."""

    def __init__(self, settings: Settings, db: Database, tokens: Tokens) -> None:
        self._settings = settings
        self._db = db
        self._owner = Owner(settings.run_dir / "live")
        self.rooms = Rooms(db, self._owner, Seeds(db, tokens))
        self._reception = Reception(self.rooms, tokens)
        handlers: dict[type[Event], Handler] = dict.fromkeys(FOLLOWED, self.rooms.follow)
        handlers |= {OrderMoved: self.rooms.order_moved, StockChanged: self.rooms.stock_changed}
        self._feed = Consumer(db, "live", handlers)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Server]:
        """Serve while the block runs; on leaving it rooms are closed and people told to come again.

        The block is cancelled when a background task fails.
        """
        for store in (reader, rains, wallets):
            await store.ensure_indexes(self._db)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self.rooms.run()), tasks.create_task(self._feed.run())]
            server = await self._listen()
            calm_collector()
            try:
                yield server
            finally:
                for task in running:
                    task.cancel()
                await self.rooms.close()
                server.close()
                await server.wait_closed()
                self._owner.close()

    async def _listen(self) -> Server:
        return await serve(
            self._receive,
            self._settings.host,
            self._settings.live_port,
            origins=[None, *(Origin(origin) for origin in self._settings.origins)],
            extensions=offered_extensions(),
            compression=None,
            process_request=self._answer_http,
            max_size=FRAME_BYTES,
            ping_interval=PING_S,
            ping_timeout=PONG_S,
            close_timeout=CLOSE_S,
            backlog=BACKLOG,
            server_header=None,
        )

    async def _receive(self, connection: ServerConnection) -> None:
        raw: socket.socket = connection.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        await self._reception.receive(connection)

    async def _answer_http(self, _connection: ServerConnection, request: Request) -> Response | None:
        match request.path.partition("?")[0]:
            case "/room":
                return None
            case "/healthz":
                return _respond(HTTPStatus.OK, b'{"status":"alive"}')
            case "/readyz":
                return await self._ready()
            case "/metrics":
                return _respond(HTTPStatus.OK, render_metrics(), METRICS_CONTENT_TYPE)
        return _respond(HTTPStatus.NOT_FOUND, b'{"code":"not_found"}', "application/problem+json")

    async def _ready(self) -> Response:
        try:
            async with asyncio.timeout(2.0):
                await self._db.ping()
                await self._feed.ready.wait()
        except (Unavailable, Unknown, TimeoutError):
            return _respond(HTTPStatus.SERVICE_UNAVAILABLE, b'{"status":"waiting for the database"}')
        return _respond(HTTPStatus.OK, b'{"status":"ready"}')


def _respond(status: HTTPStatus, body: bytes, content_type: str = "application/json") -> Response:
    headers = Headers(
        [("Content-Type", content_type), ("Content-Length", str(len(body))), ("Connection", "close")]
    )
    return Response(status, status.phrase, headers, body)
