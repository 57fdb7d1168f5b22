"""One RTMP connection's conversation, without I/O: bytes in, bytes and wishes out (RTMP 1.0 §7)."""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple
from urllib.parse import parse_qs

from streaming.media.flv import TAG_HEADER, Kind
from streaming.media.rtmp import amf0, handshake
from streaming.media.rtmp.chunks import ChunkReader, ChunkWriter, Message, ProtocolError

APPLICATION = "live"
_WINDOW = 5_000_000
_STREAM_ID = 1
_PROGRAM_PREFIX = "prg_"
_SET_DATA_FRAME = amf0.encode("@setDataFrame")


class Type(IntEnum):
    """RTMP message types (§5.4, §7.1)."""

    SET_CHUNK_SIZE = 1
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_SIZE = 5
    PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    COMMAND_AMF3 = 17
    DATA = 18
    COMMAND = 20
    AGGREGATE = 22


_PING, _PONG = 6, 7


class WantsToPublish(NamedTuple):
    """The peer asks to publish; answer with `accept` or `refuse`. `program` is empty unless it named one."""

    application: str
    program: str
    key: str


class Media(NamedTuple):
    """An audio, video or data message; `at` in ms modulo 2^32."""

    kind: Kind
    at: int
    body: bytes


class StopsPublishing(NamedTuple):
    """The peer ended its publish in order."""


Event = WantsToPublish | Media | StopsPublishing


class Session:
    """Feed it what arrives, send what `outgoing` gives. `feed` raises ProtocolError if nothing can follow."""

    def __init__(self) -> None:
        self._greeted = 0
        self._hello = bytearray()
        self._reader = ChunkReader()
        self._writer = ChunkWriter()
        self._out = bytearray()
        self._application = ""
        self._received = self._acknowledged = 0

    def outgoing(self) -> bytes:
        """What has to be sent now."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def feed(self, data: bytes) -> Iterator[Event]:
        """What `data` means."""
        self._received += len(data)
        if self._received - self._acknowledged > _WINDOW // 2:
            self._acknowledged = self._received
            self._control(Type.ACKNOWLEDGEMENT, struct.pack(">I", self._received & 0xFFFFFFFF))
        if self._greeted < 2:
            data = self._greet(data)
        for message in self._reader.feed(data):
            yield from self._message(message)

    def accept(self) -> None:
        """The publish is admitted."""
        self._status("status", "NetStream.Publish.Start", "Publishing")

    def refuse(self, code: str, reason: str) -> None:
        """The publish is not admitted, or ends with a reason."""
        self._status("error", "NetStream.Publish.BadName", f"{code}: {reason}")

    def _greet(self, data: bytes) -> bytes:
        """Take the handshake's two parts off the front; returns what comes after."""
        self._hello += data
        if self._greeted == 0 and len(self._hello) >= 1 and self._hello[0] != handshake.VERSION:
            raise ProtocolError(f"expected RTMP version {handshake.VERSION}, got {self._hello[0]}")
        if self._greeted == 0 and len(self._hello) >= handshake.CLIENT_HELLO:
            self._out += handshake.answer(bytes(self._hello))
            del self._hello[: handshake.CLIENT_HELLO]
            self._greeted = 1
        if self._greeted == 1 and len(self._hello) >= handshake.CLIENT_ACK:
            rest = bytes(self._hello[handshake.CLIENT_ACK :])
            self._hello.clear()
            self._greeted = 2
            return rest
        return b""

    def _message(self, message: Message) -> Iterator[Event]:
        match message.type:
            case Type.AUDIO | Type.VIDEO:
                yield Media(Kind(message.type), message.at, message.body)
            case Type.DATA | Type.DATA_AMF3:
                body = message.body[1:] if message.type == Type.DATA_AMF3 else message.body
                yield Media(Kind.SCRIPT, message.at, body.removeprefix(_SET_DATA_FRAME))
            case Type.AGGREGATE:
                yield from _aggregate(message)
            case Type.COMMAND | Type.COMMAND_AMF3:
                body = message.body[1:] if message.type == Type.COMMAND_AMF3 else message.body
                try:
                    command = amf0.decode(body)
                except ValueError:
                    return  # one message we can't read is no reason to drop a publisher
                yield from self._command(command)
            case Type.USER_CONTROL if message.body[:2] == struct.pack(">H", _PING):
                self._control(Type.USER_CONTROL, struct.pack(">H", _PONG) + message.body[2:6])

    def _command(self, command: list[amf0.Value]) -> Iterator[Event]:
        name, given, *arguments = (*command, None, None)
        transaction = given if isinstance(given, float) else 0
        match name:
            case "connect":
                self._connect(transaction, arguments[0])
            case "createStream":
                self._reply("_result", transaction, None, _STREAM_ID)
            case "releaseStream" | "FCPublish":
                self._reply("_result", transaction, None, None)
            case "publish":
                yield _parse_address(self._application, _text(arguments[1]) if len(arguments) > 1 else "")
            case "play":
                self._status("error", "NetStream.Play.Failed", "not_here: watch over HTTP-FLV or HLS")
            case "FCUnpublish" | "deleteStream" | "closeStream":
                yield StopsPublishing()

    def _connect(self, transaction: amf0.Value, given: amf0.Value) -> None:
        self._application = _text(given.get("app")) if isinstance(given, dict) else ""
        self._control(Type.WINDOW_SIZE, struct.pack(">I", _WINDOW))
        self._control(Type.PEER_BANDWIDTH, struct.pack(">IB", _WINDOW, 2))
        self._control(Type.SET_CHUNK_SIZE, struct.pack(">I", ChunkWriter.CHUNK_SIZE))
        self._reply(
            "_result",
            transaction,
            {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31},
            {
                "level": "status",
                "code": "NetConnection.Connect.Success",
                "description": "Connected",
                "objectEncoding": 0,
            },
        )

    def _status(self, level: str, code: str, description: str) -> None:
        information: amf0.Value = {"level": level, "code": code, "description": description}
        self._send(3, Type.COMMAND, _STREAM_ID, amf0.encode("onStatus", 0, None, information))

    def _reply(self, *values: amf0.Value) -> None:
        self._send(3, Type.COMMAND, 0, amf0.encode(*values))

    def _control(self, kind: Type, body: bytes) -> None:
        self._send(2, kind, 0, body)

    def _send(self, chunk_stream: int, kind: Type, stream: int, body: bytes) -> None:
        self._out += self._writer.message(chunk_stream, Message(kind, 0, stream, body))
        if kind == Type.SET_CHUNK_SIZE:
            self._writer.announced()


def _parse_address(application: str, name: str) -> WantsToPublish:
    """Where the stream key is: `<key>`, `<program>?key=<key>`, or the query behind the application."""
    application, _, application_query = application.partition("?")
    name, _, query = name.partition("?")
    given = parse_qs(application_query) | parse_qs(query)
    keys = given.get("key", [])
    program = name if name.startswith(_PROGRAM_PREFIX) else ""
    key = keys[-1] if keys else "" if program else name
    return WantsToPublish(application.strip("/"), program, key)


def _aggregate(message: Message) -> Iterator[Media]:
    """The tags inside an aggregate message (§7.1.6); the first one's time stands for the message's."""
    body, at, first = message.body, 0, None
    while at + TAG_HEADER <= len(body):
        size = int.from_bytes(body[at + 1 : at + 4], "big")
        time = body[at + 7] << 24 | int.from_bytes(body[at + 4 : at + 7], "big")
        first = time if first is None else first
        kind, data = body[at], body[at + TAG_HEADER : at + TAG_HEADER + size]
        if kind in (Kind.AUDIO, Kind.VIDEO) and len(data) == size:
            yield Media(Kind(kind), (message.at + time - first) & 0xFFFFFFFF, data)
        at += TAG_HEADER + size + 4


def _text(value: amf0.Value) -> str:
    return value if isinstance(value, str) else ""
