"""A socket from its first frame to its last."""

import asyncio
from typing import Literal

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from infra.clock import now_ms
from infra.mongo import Unavailable, Unknown
from infra.telemetry import get_logger
from infra.tokens import TokenInvalid, Tokens
from schemas.problems import Refusal, Refused
from schemas.room import AnyUp, Cmd, Join, Ping, Pong, RoomRefusal
from streaming.live_room.hub.gathering import MOVED_RETRY_S, Gathering
from streaming.live_room.hub.metrics import COMMANDS, REFUSED
from streaming.live_room.hub.rooms import Rooms
from streaming.live_room.hub.tickets import admit
from streaming.live_room.hub.viewer import Viewer, dismiss
from streaming.live_room.log.lease import HeldElsewhere
from streaming.live_room.log.writer import SteppedDown

JOIN_S = 10.0
"""How long a socket may stay silent before it joins."""

log = get_logger("room")
_decode = msgspec.json.Decoder(AnyUp).decode


class _Numbered(msgspec.Struct):
    """Enough of a command that can't be read to say which one it was."""

    t: Literal["cmd"]
    n: int


_decode_numbered = msgspec.json.Decoder(_Numbered).decode


class Dismissed(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        self.code, self.retry_after = code, retry_after
        super().__init__(code)


class Reception:
    """Lets sockets in and reads from them."""

    def __init__(self, rooms: Rooms, tokens: Tokens) -> None:
        self._rooms = rooms
        self._tokens = tokens

    async def receive(self, socket: ServerConnection) -> None:
        """Serve one socket until it is gone. Nothing a client sends raises."""
        lang = "zh-CN"
        try:
            join = await self._first_frame(socket)
            lang = join.lang
            await self._serve(socket, join)
        except ConnectionClosed:
            pass
        except Dismissed as dismissed:
            REFUSED.labels(dismissed.code).inc()
            await dismiss(socket, dismissed.code, lang, dismissed.retry_after)

    async def _first_frame(self, socket: ServerConnection) -> Join:
        try:
            async with asyncio.timeout(JOIN_S):
                frame = await socket.recv()
        except TimeoutError:
            raise Dismissed("join_timeout") from None
        try:
            join = _decode(frame) if isinstance(frame, str) else None
        except msgspec.DecodeError:
            join = None
        if not isinstance(join, Join):
            raise Dismissed("bad_frame")
        return join

    async def _serve(self, socket: ServerConnection, join: Join) -> None:
        try:
            claims, speaker = admit(self._tokens, join)
            on_air = await self._rooms.enter(claims.program_id)
        except TokenInvalid as error:
            log.info("ticket_refused", reason=str(error))
            raise Dismissed("ticket_invalid") from None
        except Refused:
            raise Dismissed("not_found") from None
        except (HeldElsewhere, SteppedDown, Unavailable, Unknown, TimeoutError):
            raise Dismissed("moved", MOVED_RETRY_S) from None
        if claims.business_id != on_air.business:
            raise Dismissed("ticket_invalid")
        viewer = Viewer(socket, speaker, join.lang, claims.visitor or join.client)
        gathering = on_air.gathering
        try:
            await gathering.join(viewer, join.cursor)
            if gathering.room.closed:  # while it was joined; nobody would ever speak to this viewer
                raise Dismissed("moved", MOVED_RETRY_S)
            while True:
                self._take(gathering, viewer, await socket.recv())
        finally:
            gathering.leave(viewer)

    def _take(self, gathering: Gathering, viewer: Viewer, frame: str | bytes) -> None:
        if not viewer.frames.take():
            raise Dismissed("too_many", 5.0)
        if not isinstance(frame, str):
            raise Dismissed("bad_frame")
        try:
            up = _decode(frame)
        except msgspec.ValidationError as error:
            viewer.refuse(_number(frame), Refusal(RoomRefusal.INVALID, {"error": str(error)}))
            return
        except msgspec.DecodeError:
            raise Dismissed("bad_frame") from None
        if isinstance(up, Cmd):
            COMMANDS.labels(type(up.c).__name__).inc()
            gathering.command(viewer, up, len(frame))
        elif isinstance(up, Ping):
            viewer.send(Pong(at=up.at, server_at=now_ms()))
        else:
            raise Dismissed("bad_frame")


def _number(frame: str) -> int:
    """Find the number of a command that can't be read otherwise."""
    try:
        return _decode_numbered(frame).n
    except msgspec.DecodeError:
        raise Dismissed("bad_frame") from None
