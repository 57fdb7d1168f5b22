"""The RTMP listener: sockets around `Session`, publishers into the hub."""

import asyncio
import socket
from contextlib import suppress

from infra.telemetry import get_logger
from schemas.problems import Refused
from streaming.media.hub import Hub
from streaming.media.publisher import Publisher
from streaming.media.refusals import MediaRefusal, text
from streaming.media.rtmp.chunks import ProtocolError
from streaming.media.rtmp.session import APPLICATION, Media, Session, StopsPublishing, WantsToPublish

log = get_logger("media.rtmp")

MAX_CONNECTIONS = 512
PUBLISH_WITHIN_S = 10.0
_READ = 64 << 10
_LINGER_S = 1.0


class RtmpServer:
    """Accepts publishers. A connection that misbehaves is closed with a reason and disturbs nobody else."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, hosts: list[str], port: int) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, hosts, port, limit=_READ, backlog=512)

    async def close(self) -> None:
        """Stop listening and close what is open; the hub has told the publishers why."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections, timeout=_LINGER_S)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._connections) >= MAX_CONNECTIONS:
            writer.close()
            return
        self._connections.add(task)
        try:
            await _Connection(self._hub, reader, writer).serve()
        except asyncio.CancelledError:
            pass
        except Exception:
            log.exception("rtmp_connection_failed")
        finally:
            self._connections.discard(task)
            writer.close()


class _Connection:
    """One RTMP connection."""

    def __init__(self, hub: Hub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._hub = hub
        self._reader = reader
        self._writer = writer
        self._session = Session()
        self._publisher: Publisher | None = None
        self._closing = False
        peer = writer.get_extra_info("peername")
        self._peer = f"{peer[0]}:{peer[1]}" if isinstance(peer, tuple) else ""
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    async def serve(self) -> None:
        """Run the conversation to its end."""
        reason = "disconnected"
        try:
            async with asyncio.timeout(PUBLISH_WITHIN_S) as deadline:
                while not self._closing and (data := await self._reader.read(_READ)):
                    await self._take(data)
                    if self._publisher is not None:
                        deadline.reschedule(None)
        except TimeoutError:
            reason = "no_publish"
            log.info("rtmp_closed", peer=self._peer, reason=f"no publish within {PUBLISH_WITHIN_S:.0f} s")
        except ProtocolError as broken:
            reason = MediaRefusal.PROTOCOL_BROKEN
            log.warning("rtmp_closed", peer=self._peer, reason=str(broken))
            self._hang_up(Refused(MediaRefusal.PROTOCOL_BROKEN, why=str(broken)))
        except OSError as gone:
            reason = "connection_lost"
            log.info("rtmp_closed", peer=self._peer, reason=str(gone))
        finally:
            if self._publisher is not None:
                self._publisher.leave(reason)
        if self._closing:
            await self._linger()

    async def _take(self, data: bytes) -> None:
        for event in self._session.feed(data):
            match event:
                case Media(kind, at, body):
                    if self._publisher is not None:
                        self._publisher.feed(kind, at, body)
                case WantsToPublish():
                    await self._publish(event)
                case StopsPublishing():
                    if self._publisher is not None:
                        self._publisher.leave("unpublished")
            if self._closing:
                return
        await self._send()

    async def _publish(self, wish: WantsToPublish) -> None:
        try:
            if self._publisher is not None:
                raise Refused(MediaRefusal.PUBLISHER_ACTIVE)
            if wish.application != APPLICATION:
                raise Refused(MediaRefusal.APPLICATION_UNKNOWN, got=wish.application[:40] or "none")
            self._publisher = await self._hub.publish(
                wish.key, "rtmp", self._peer, self._hang_up, program=wish.program
            )
        except Refused as refused:
            self._hang_up(refused)
            return
        self._session.accept()
        await self._send()

    async def _send(self) -> None:
        if data := self._session.outgoing():
            self._writer.write(data)
            await self._writer.drain()

    def _hang_up(self, refused: Refused) -> None:
        """Tell the publisher why and close: first our half, so that its bytes can't void the text."""
        if self._closing:
            return
        self._closing = True
        self._session.refuse(refused.code, text(refused))
        if not self._writer.is_closing():
            self._writer.write(self._session.outgoing())
            with suppress(OSError, NotImplementedError):
                self._writer.write_eof()
            asyncio.get_running_loop().call_later(_LINGER_S, self._writer.close)

    async def _linger(self) -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LINGER_S):
                while await self._reader.read(_READ):
                    pass
