"""The RTMP chunk stream: bytes → messages and back (RTMP 1.0 §5.3), without I/O.

Bounded in every direction: chunk streams, message size and the bytes of half-received messages.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_EXTENDED = 0xFFFFFF
_HEADER_SIZE = (11, 7, 3, 0)
_DEFAULT_CHUNK = 128
_SET_CHUNK_SIZE, _ABORT = 1, 2
_SHORT_FIRST_DELTA = 1000

MAX_MESSAGE = 8 << 20
MAX_HALF_OPEN = 16 << 20
MAX_STREAMS = 32


class ProtocolError(Exception):
    """The peer broke RTMP in a way that leaves no next message to read."""


class Message(NamedTuple):
    """A whole RTMP message. `at` is the time in ms modulo 2^32."""

    type: int
    at: int
    stream: int
    body: bytes


class _ChunkStream:
    """What the next chunk header of this id may leave out, and the message it is in the middle of."""

    __slots__ = ("at", "body", "delta", "extended", "left", "length", "stream", "type")

    def __init__(self) -> None:
        self.at = self.delta = self.length = self.type = self.stream = 0
        self.extended: bytes | None = None
        self.body = bytearray()
        self.left = 0


class ChunkReader:
    """Reassembles messages. Set Chunk Size and Abort are obeyed here and not reported."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._streams: dict[int, _ChunkStream] = {}
        self._chunk_size = _DEFAULT_CHUNK
        self._half_open = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` completes. Raises ProtocolError."""
        self._buffer += data
        at = 0
        try:
            while (step := self._chunk(at)) is not None:
                at, message = step
                if message is None:
                    continue
                if message.type == _SET_CHUNK_SIZE:
                    self._set_chunk_size(message.body)
                elif message.type == _ABORT:
                    self._abort(message.body)
                else:
                    yield message
        finally:
            del self._buffer[:at]

    def _chunk(self, at: int) -> tuple[int, Message | None] | None:
        """Read one chunk at `at`; None until all of it is there."""
        buffer, end = self._buffer, len(self._buffer)
        basic = self._basic_header(at)
        if basic is None:
            return None
        form, stream_id, at = basic
        body_at = at + _HEADER_SIZE[form]
        if body_at > end:
            return None
        stream = self._streams.get(stream_id)
        if stream is None:
            if form == 3:
                raise ProtocolError(f"chunk stream {stream_id} starts without a header")
            if len(self._streams) >= MAX_STREAMS:
                raise ProtocolError(f"expected at most {MAX_STREAMS} chunk streams")
            stream = _ChunkStream()
        elif stream.left and form != 3:
            raise ProtocolError(f"chunk stream {stream_id} starts a message inside another")

        extended = stream.extended
        if form < 3:
            extended = None
            if _u24(buffer, at) == _EXTENDED:
                if body_at + 4 > end:
                    return None
                extended = bytes(buffer[body_at : body_at + 4])
                body_at += 4
        elif extended is not None:
            # Most encoders repeat the extended time before every continuing chunk, old ones do not: look.
            if body_at + 4 > end:
                return None
            if buffer[body_at : body_at + 4] == extended:
                body_at += 4

        length = _u24(buffer, at + 3) if form < 2 else stream.length
        left = stream.left or length
        take = min(left, self._chunk_size)
        if length > MAX_MESSAGE:
            raise ProtocolError(f"expected a message of at most {MAX_MESSAGE} bytes, got {length}")
        if body_at + take > end:
            return None

        self._streams[stream_id] = stream
        if not stream.left:
            self._begin(stream, form, at, extended, length)
        stream.body += buffer[body_at : body_at + take]
        stream.left = left - take
        if stream.left:
            self._half_open += take
            if self._half_open > MAX_HALF_OPEN:
                raise ProtocolError("too many bytes in unfinished messages")
            return body_at + take, None
        self._half_open -= len(stream.body) - take
        message = Message(stream.type, stream.at, stream.stream, bytes(stream.body))
        stream.body.clear()
        return body_at + take, message

    def _basic_header(self, at: int) -> tuple[int, int, int] | None:
        """(form, chunk stream id, where the message header begins)."""
        buffer, end = self._buffer, len(self._buffer)
        if at >= end:
            return None
        form, stream_id = buffer[at] >> 6, buffer[at] & 0x3F
        if stream_id > 1:
            return form, stream_id, at + 1
        size = 2 + stream_id
        if at + size > end:
            return None
        return form, 64 + int.from_bytes(buffer[at + 1 : at + size], "little"), at + size

    def _begin(self, stream: _ChunkStream, form: int, at: int, extended: bytes | None, length: int) -> None:
        buffer = self._buffer
        stream.extended = extended
        stream.length = length
        if form < 3:
            time = int.from_bytes(extended, "big") if extended else _u24(buffer, at)
            if form < 2:
                stream.type = buffer[at + 6]
            if form == 0:
                stream.stream = int.from_bytes(buffer[at + 7 : at + 11], "little")
                stream.at = time
                # §5.3.1.2.4 lets a header-less message repeat an absolute time as its delta. FFmpeg means
                # that; librtmp means "no delta". Only a short one can be a true delta.
                stream.delta = time if time < _SHORT_FIRST_DELTA else 0
                return
            stream.delta = time
        stream.at = (stream.at + stream.delta) & 0xFFFFFFFF

    def _set_chunk_size(self, body: bytes) -> None:
        size = int.from_bytes(body[:4], "big") if len(body) >= 4 else 0
        if not 1 <= size <= 0x7FFFFFFF:
            raise ProtocolError(f"expected a chunk size of at least 1, got {size}")
        self._chunk_size = min(size, MAX_MESSAGE)

    def _abort(self, body: bytes) -> None:
        stream = self._streams.get(int.from_bytes(body[:4], "big"))
        if stream is not None:
            self._half_open -= len(stream.body)
            stream.body.clear()
            stream.left = 0


class ChunkWriter:
    """Cuts messages into chunks; every message starts with a full header, which any peer reads."""

    CHUNK_SIZE = 4096
    """What we announce; until then the default holds."""

    def __init__(self) -> None:
        self._size = _DEFAULT_CHUNK

    def announced(self) -> None:
        """The peer has been told CHUNK_SIZE."""
        self._size = self.CHUNK_SIZE

    def message(self, chunk_stream: int, message: Message) -> bytes:
        """The bytes of a message on `chunk_stream` (2 to 63)."""
        extended = struct.pack(">I", message.at) if message.at >= _EXTENDED else b""
        head = b"".join(
            (
                bytes([chunk_stream]),
                min(message.at, _EXTENDED).to_bytes(3, "big"),
                len(message.body).to_bytes(3, "big"),
                bytes([message.type]),
                message.stream.to_bytes(4, "little"),
                extended,
            )
        )
        size, body = self._size, message.body
        continued = bytes([0xC0 | chunk_stream]) + extended
        return head + continued.join(body[at : at + size] for at in range(0, len(body), size) or (0,))


def _u24(data: bytearray, at: int) -> int:
    return data[at] << 16 | data[at + 1] << 8 | data[at + 2]
