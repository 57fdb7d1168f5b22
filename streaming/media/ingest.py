"""Publishers of other processes: FLV tags over a unix socket into the hub.

The peer sends a `Hello` line, is answered with an `Answer` line, then sends FLV tags. If we end the publish,
another `Answer` line says why before the socket closes. Lines are JSON.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from content.programs.rules import ProgramRefusal
from infra.telemetry import get_logger
from schemas.problems import CommonRefusal, RefusalCode, Refused
from streaming.media import flv
from streaming.media.flv import Kind, Packet, Role
from streaming.media.hub import Hub
from streaming.media.publisher import Publisher
from streaming.media.refusals import MediaRefusal

log = get_logger("media.ingest")

HELLO_WITHIN_S = 5.0
_READ = 256 << 10
_MAX_LINE = 8 << 10
_MAX_WAITING = 8 << 20
_REFUSALS: tuple[type[RefusalCode], ...] = (MediaRefusal, ProgramRefusal, CommonRefusal)


class Hello(msgspec.Struct, frozen=True):
    """Who publishes, and to what."""

    key: str
    program: str
    protocol: str
    peer: str


class Answer(msgspec.Struct, frozen=True):
    """Admitted (`code` empty), or why not (any more)."""

    code: str = ""
    data: dict[str, Any] = {}


class IngestServer:
    """The hub's side of the socket."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._server: asyncio.Server | None = None

    async def start(self, path: Path) -> None:
        """Listen at `path`, in a folder of ours; asyncio replaces the socket of a dead process."""
        await asyncio.to_thread(path.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
        self._server = await asyncio.start_unix_server(self._accept, path, limit=_READ)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def hang_up(refused: Refused) -> None:
            _send(writer, refused)
            writer.close()

        publisher: Publisher | None = None
        reason = "disconnected"
        try:
            async with asyncio.timeout(HELLO_WITHIN_S):
                line = await reader.readline()
            if not line:
                return  # somebody looked whether we are here
            hello = msgspec.json.decode(line, type=Hello)
            try:
                publisher = await self._hub.publish(
                    hello.key, hello.protocol, hello.peer, hang_up, program=hello.program
                )
            except Refused as refused:
                hang_up(refused)
                return
            writer.write(msgspec.json.encode(Answer()) + b"\n")
            tags = flv.TagReader()
            while data := await reader.read(_READ):
                for kind, at, body in tags.feed(data):
                    publisher.feed(kind, at, body)
        except (OSError, TimeoutError, ValueError, msgspec.MsgspecError) as broken:
            reason = "connection_lost"
            log.warning("ingest_closed", why=repr(broken))
        finally:
            if publisher is not None:
                publisher.leave(reason)
            writer.close()


class Ingest:
    """The publisher's side. `over` is done when the hub ends the publish, with the reason."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.over: asyncio.Task[Refused] = asyncio.create_task(self._listen())

    @classmethod
    async def open(cls, path: Path, hello: Hello) -> "Ingest":
        """Connect and ask to publish. Raises Refused, `unavailable` if the hub is not there."""
        try:
            async with asyncio.timeout(15):
                reader, writer = await asyncio.open_unix_connection(path, limit=_MAX_LINE)
                writer.write(msgspec.json.encode(hello) + b"\n")
                answer = msgspec.json.decode(await reader.readline(), type=Answer)
        except (OSError, TimeoutError, ValueError, msgspec.MsgspecError):
            raise Refused(CommonRefusal.UNAVAILABLE) from None
        if answer.code:
            writer.close()
            raise _refused(answer)
        return cls(reader, writer)

    def send(self, kind: Kind, at: int, body: bytes) -> None:
        """Publish one packet; `at` in ms. A hub that does not keep up loses this publisher."""
        if self._writer.is_closing():
            return
        self._writer.write(flv.tag(Packet(kind, Role.FRAME, at, body)))
        if self._writer.transport.get_write_buffer_size() > _MAX_WAITING:
            self._writer.transport.abort()

    async def close(self) -> None:
        """End the publish in order."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        self.over.cancel()

    async def _listen(self) -> Refused:
        try:
            line = await self._reader.readline()
            return _refused(msgspec.json.decode(line, type=Answer))
        except (OSError, ValueError, msgspec.MsgspecError):
            return Refused(CommonRefusal.UNAVAILABLE)


def _send(writer: asyncio.StreamWriter, refused: Refused) -> None:
    answer = Answer(str(refused.code), dict(refused.data))
    if not writer.is_closing():
        writer.write(msgspec.json.encode(answer) + b"\n")


def _refused(answer: Answer) -> Refused:
    for kind in _REFUSALS:
        if answer.code in set(kind):
            return Refused(kind(answer.code), **answer.data)
    return Refused(CommonRefusal.INTERNAL, detail=answer.code)
