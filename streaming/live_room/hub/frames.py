"""Websocket frames: built once, written to many transports.

A frame costs 10-14 µs per viewer whatever is in it, and building it anew for each would double
that; so a message is encoded, framed and deflated once for a whole room.
"""

from functools import cached_property
from typing import Any

import msgspec
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode

from schemas.room import Down

DEFLATE_FROM = 256
"""Smaller messages do not shrink (bytes)."""

_encode = msgspec.json.Encoder().encode


def offered_extensions() -> list[ServerPerMessageDeflateFactory]:
    """Offer deflate without context, so that one deflated frame fits every connection."""
    return [ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)]


def framed(message: Down) -> bytes:
    """Give a message as a plain text frame; it fits any connection."""
    return bytes(Frame(Opcode.TEXT, _encode(message)).serialize(mask=False, extensions=[]))


class SharedFrame:
    """One message for many: plain, and deflated for those that agreed on it."""

    def __init__(self, message: Down) -> None:
        self._payload = _encode(message)
        self.plain = bytes(Frame(Opcode.TEXT, self._payload).serialize(mask=False, extensions=[]))

    @cached_property
    def deflated(self) -> bytes:
        """The frame in permessage-deflate (RFC 7692), with no context."""
        if len(self._payload) < DEFLATE_FROM:
            return self.plain
        settings: dict[str, Any] = {"memLevel": 8}
        deflate = PerMessageDeflate(True, True, 15, 15, settings)
        return bytes(Frame(Opcode.TEXT, self._payload).serialize(mask=False, extensions=[deflate]))
