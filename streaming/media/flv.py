"""FLV: the packet every part of the media plane passes on, and how it is framed for HTTP-FLV.

Source: Adobe Flash Video File Format Specification 10.1, annex E. An RTMP audio, video or data
message has the body of an FLV tag, so one `Packet` serves both.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """FLV tag type = RTMP message type."""

    AUDIO = 8
    VIDEO = 9
    SCRIPT = 18


class Role(IntEnum):
    """What a packet means to whoever joins late."""

    CONFIG = 0
    KEY = 1
    FRAME = 2
    METADATA = 3


class Packet(NamedTuple):
    """One encoded frame or configuration. `at` is its decoding time in ms, never wrapped."""

    kind: Kind
    role: Role
    at: int
    body: bytes


class UnsupportedCodec(Exception):
    """The publisher sends something other than H.264 and AAC."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got


_H264, _AAC = 7, 10
_VIDEO_CODECS = {2: "Sorenson H.263", 3: "Screen video", 4: "VP6", 5: "VP6 with alpha", 12: "HEVC"}
_AUDIO_CODECS = {
    1: "ADPCM",
    2: "MP3",
    3: "PCM",
    7: "G.711 A-law",
    8: "G.711 mu-law",
    11: "Speex",
    14: "MP3 8 kHz",
}
_KEY_FRAME, _COMMAND_FRAME = 1, 5
_ENHANCED_VIDEO, _ENHANCED_AUDIO = 0x80, 9

HAS_VIDEO, HAS_AUDIO = 1, 4
TAG_HEADER = 11


def classify(kind: Kind, body: bytes) -> Role | None:
    """The role of a tag body; None if it carries nothing to pass on (end of sequence, too short).

    Raises UnsupportedCodec, also for the enhanced-RTMP signalling of HEVC, AV1, VP9 and Opus.
    """
    if kind == Kind.SCRIPT:
        return Role.METADATA
    if not body:
        return None
    return _video_role(body) if kind == Kind.VIDEO else _audio_role(body)


def _video_role(body: bytes) -> Role | None:
    if body[0] & _ENHANCED_VIDEO:
        raise UnsupportedCodec("H.264 video", _four_cc(body))
    codec, frame = body[0] & 0x0F, body[0] >> 4
    if codec != _H264:
        raise UnsupportedCodec("H.264 video", _VIDEO_CODECS.get(codec, f"video codec {codec}"))
    if len(body) < 5 or frame == _COMMAND_FRAME:
        return None
    if body[1] == 0:
        return Role.CONFIG
    if body[1] == 1 and len(body) > 5:
        return Role.KEY if frame == _KEY_FRAME else Role.FRAME
    return None


def _audio_role(body: bytes) -> Role | None:
    codec = body[0] >> 4
    if codec == _ENHANCED_AUDIO:
        raise UnsupportedCodec("AAC audio", _four_cc(body))
    if codec != _AAC:
        raise UnsupportedCodec("AAC audio", _AUDIO_CODECS.get(codec, f"audio codec {codec}"))
    if len(body) < 3:
        return None
    return Role.CONFIG if body[1] == 0 else Role.FRAME


def _four_cc(body: bytes) -> str:
    name = body[1:5].decode("ascii", "replace").strip()
    return {"hvc1": "HEVC", "av01": "AV1", "vp09": "VP9", "Opus": "Opus"}.get(name, f"codec {name!r}")


def header(*, audio: bool, video: bool = True) -> bytes:
    """The file header and its first back pointer. Players wait for a track that is announced here."""
    return b"FLV\x01" + bytes([audio * HAS_AUDIO | video * HAS_VIDEO]) + b"\0\0\0\x09\0\0\0\0"


def tag(packet: Packet, at: int | None = None) -> bytes:
    """A packet as FLV tag with back pointer; `at` overrides its time (for a cached configuration)."""
    body = packet.body
    time = (packet.at if at is None else at) & 0xFFFFFFFF
    return b"".join(
        (
            struct.pack(">I", packet.kind << 24 | len(body)),
            struct.pack(">I", (time & 0xFFFFFF) << 8 | time >> 24),
            b"\0\0\0",
            body,
            struct.pack(">I", len(body) + TAG_HEADER),
        )
    )


def video_body(data: bytes, *, key: bool, config: bool = False, composition_ms: int = 0) -> bytes:
    """Tag body of an H.264 access unit (length-prefixed NALs) or of its configuration record."""
    lead = (_KEY_FRAME if key else 2) << 4 | _H264
    return bytes([lead, 0 if config else 1]) + (composition_ms & 0xFFFFFF).to_bytes(3, "big") + data


def audio_body(data: bytes, *, config: bool = False) -> bytes:
    """Tag body of an AAC frame or of its AudioSpecificConfig (always announced as 44.1 kHz stereo)."""
    return bytes([_AAC << 4 | 0x0F, 0 if config else 1]) + data


def composition_ms(body: bytes) -> int:
    """Presentation minus decoding time of an H.264 tag body, ms, may be negative."""
    return int.from_bytes(body[2:5], "big", signed=True)


class TagReader:
    """Cuts a byte stream of FLV tags (without file header) into (kind, ms modulo 2^32, body).

    Raises ValueError for an unknown kind, a body over `limit` bytes or a wrong back pointer.
    """

    def __init__(self, limit: int = 8 << 20) -> None:
        self._buffer = bytearray()
        self._limit = limit

    def feed(self, data: bytes) -> Iterator[tuple[Kind, int, bytes]]:
        """The tags that `data` completes."""
        buffer = self._buffer
        buffer += data
        while len(buffer) >= TAG_HEADER:
            kind = Kind(buffer[0])
            size = int.from_bytes(buffer[1:4], "big")
            if size > self._limit:
                raise ValueError(f"expected an FLV tag of at most {self._limit} bytes, got {size}")
            end = TAG_HEADER + size
            if len(buffer) < end + 4:
                return
            if int.from_bytes(buffer[end : end + 4], "big") != end:
                raise ValueError("FLV back pointer does not match the tag")
            at = buffer[7] << 24 | int.from_bytes(buffer[4:7], "big")
            body = bytes(buffer[TAG_HEADER:end])
            del buffer[: end + 4]
            yield kind, at, body
