"""What viewers, probes and scrapers ask of the media process over HTTP."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import msgspec

from infra.addresses import FORWARDED
from infra.telemetry import METRICS_CONTENT_TYPE, render_metrics
from infra.tokens import TokenExpired, TokenInvalid, Tokens
from schemas.problems import CommonRefusal, Refused
from streaming.media.hls.playlist import CONTENT_TYPE, WINDOW, live_playlist
from streaming.media.http import Connection, Live, Request, Response, preflight
from streaming.media.hub import Hub
from streaming.media.refusals import MediaRefusal
from streaming.media.show import ShowState

WAIT_FOR_PICTURE_S = 30.0
WAIT_FOR_SEGMENT_S = 6.0
_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_ALLOW = "GET, HEAD, OPTIONS"


class Watching:
    """Routes of the media process.

    `segments_url` tells where web serves the recordings' folders, given the host by which the client reaches
    us (empty: unknown) and what the gate says of the protocol, because a page may load them only from the
    host it came from itself.
    """

    def __init__(
        self,
        hub: Hub,
        tokens: Tokens,
        segments_url: Callable[[str, str], str],
        ready: Callable[[], Awaitable[bool]],
    ) -> None:
        self._hub = hub
        self._tokens = tokens
        self._segments_url = segments_url
        self._ready = ready

    async def handle(self, request: Request) -> Response | Live:
        """Answer one request."""
        if request.method == "OPTIONS":
            return preflight(_ALLOW)
        if request.method not in ("GET", "HEAD"):
            raise Refused(CommonRefusal.METHOD_NOT_ALLOWED)
        match request.path.strip("/").split("/"):
            case ["healthz"]:
                return Response(b"ok\n")
            case ["readyz"]:
                ready = await self._ready()
                return Response(b"ready\n" if ready else b"not ready\n", status=200 if ready else 503)
            case ["metrics"]:
                self._hub.measure()
                return Response(render_metrics(), METRICS_CONTENT_TYPE)
            case ["live", name] if name.endswith(".flv"):
                return self._flv(request, name.removesuffix(".flv"))
            case ["live", name] if name.endswith(".m3u8"):
                return await self._playlist(request, name.removesuffix(".m3u8"))
            case ["live", name] if name.endswith(".json"):
                return self._health(request, name.removesuffix(".json"))
        raise Refused(CommonRefusal.NOT_FOUND)

    def _flv(self, request: Request, program: str) -> Live:
        self._authorise(request, program)
        show = self._hub.show(program)
        if show is not None and show.state == ShowState.ENDED:
            raise Refused(MediaRefusal.PROGRAM_OVER)
        return FlvViewer(self._hub, program)

    async def _playlist(self, request: Request, program: str) -> Response:
        self._authorise(request, program)
        show = self._hub.show(program)
        if show is None or not await show.recorder.wait_for_segment(WAIT_FOR_SEGMENT_S):
            raise Refused(MediaRefusal.NOT_ON_AIR)
        recorder = show.recorder
        segments = self._segments_url(_host(request), request.headers.get(FORWARDED, ""))
        text = live_playlist(
            recorder.segments[-WINDOW:],
            f"{segments}/{recorder.recording.folder}/",
            longest_ms=recorder.longest_ms,
            breaks=recorder.breaks,
            ended=show.state == ShowState.ENDED,
        )
        return Response(text.encode(), CONTENT_TYPE)

    def _health(self, request: Request, program: str) -> Response:
        self._authorise(request, program)
        show = self._hub.show(program)
        if show is None:
            raise Refused(MediaRefusal.NOT_ON_AIR)
        return Response(msgspec.json.encode(show.beat()), "application/json")

    def _authorise(self, request: Request, program: str) -> None:
        """A play token opens one program. Raises Refused."""
        token = request.query.get("token", "")
        if not token:
            raise Refused(MediaRefusal.TOKEN_MISSING)
        try:
            claims = self._tokens.verify("play", token)
        except TokenExpired:
            raise Refused(MediaRefusal.TOKEN_EXPIRED) from None
        except TokenInvalid:
            raise Refused(MediaRefusal.TOKEN_INVALID) from None
        if claims.get("program") != program:
            raise Refused(MediaRefusal.TOKEN_INVALID)


def _host(request: Request) -> str:
    """The name or address under which the client reaches us, without port."""
    match = _HOST.fullmatch(request.headers.get("host", ""))
    return match.group(1) if match else ""


class FlvViewer:
    """An HTTP-FLV body. Its head is sent with the first bytes; a viewer that waits in vain is told so."""

    content_type = "video/x-flv"

    def __init__(self, hub: Hub, program: str) -> None:
        self._hub = hub
        self._program = program
        self._connection: Connection | None = None
        self._waiting: asyncio.TimerHandle | None = None

    def begin(self, connection: Connection) -> None:
        """The request is granted: wait for a picture."""
        self._connection = connection
        self._waiting = asyncio.get_running_loop().call_later(WAIT_FOR_PICTURE_S, self._give_up)
        self._hub.join(self._program, self)

    def lost(self) -> None:
        """The client is gone."""
        self._stop_waiting()
        self._hub.leave(self._program, self)

    def write(self, data: bytes) -> None:
        """Send FLV bytes."""
        assert self._connection is not None
        if self._waiting is not None:
            self._stop_waiting()
            self._connection.start_live(self.content_type)
        self._connection.write(data)

    def backlog(self) -> int:
        """Bytes not yet sent."""
        assert self._connection is not None
        return self._connection.backlog()

    def drop(self) -> None:
        """Cut off: it reads too slowly."""
        assert self._connection is not None
        self._connection.abort()

    def finish(self) -> None:
        """The stream is over; who never saw a picture is answered now."""
        assert self._connection is not None
        if self._waiting is None:
            self._connection.finish()
        else:
            self._stop_waiting()
            self._connection.refuse(Refused(MediaRefusal.PROGRAM_OVER))

    def _give_up(self) -> None:
        assert self._connection is not None
        self._waiting = None
        self._hub.leave(self._program, self)
        self._connection.refuse(Refused(MediaRefusal.NOT_ON_AIR))

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
