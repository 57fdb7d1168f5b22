"""The WHIP endpoint: `POST /whip/<program>` with an offer, `DELETE` on the session it made."""

import asyncio
import secrets
from pathlib import Path

from infra.telemetry import METRICS_CONTENT_TYPE, get_logger, render_metrics
from schemas.problems import CommonRefusal, Refused
from streaming.media.http import Live, Request, Response, preflight
from streaming.media.ingest import Hello, Ingest
from streaming.media.refusals import MediaRefusal
from streaming.media.whip.offer import Offer, read_offer
from streaming.media.whip.session import Session

log = get_logger("whip")

MAX_SESSIONS = 64
_SDP = "application/sdp"


class Whip:
    """Browsers' publishes, each with a session address nobody can guess."""

    def __init__(self, hub_socket: Path, transcodes: int) -> None:
        self._hub_socket = hub_socket
        self._transcodes = transcodes
        self._transcoding = 0
        self._sessions: dict[str, Session] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def handle(self, request: Request) -> Response | Live:
        """Answer one request. Raises Refused."""
        match (request.method, request.path.strip("/").split("/")):
            case ("GET" | "HEAD", ["healthz"]):
                return Response(b"ok\n")
            case ("GET" | "HEAD", ["readyz"]):
                ready = await self._hub_answers()
                return Response(b"ready\n" if ready else b"not ready\n", status=200 if ready else 503)
            case ("GET" | "HEAD", ["metrics"]):
                return Response(render_metrics(), METRICS_CONTENT_TYPE)
            case ("OPTIONS", ["whip", _]):
                return preflight("POST, OPTIONS")
            case ("OPTIONS", ["whip", _, _]):
                return preflight("DELETE, OPTIONS")
            case ("POST", ["whip", program]):
                return await self._publish(request, program)
            case ("DELETE", ["whip", _, session]):
                return self._end(session)
            case (_, ["whip", *_]):
                raise Refused(CommonRefusal.METHOD_NOT_ALLOWED)
        raise Refused(CommonRefusal.NOT_FOUND)

    async def close(self) -> None:
        """End every publish."""
        for session in self._sessions.values():
            session.over.set()
        if self._running:
            await asyncio.wait(self._running, timeout=2.0)

    async def _publish(self, request: Request, program: str) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != _SDP:
            raise Refused(CommonRefusal.UNSUPPORTED_TYPE, expected=_SDP, got=content_type[:60])
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Refused(MediaRefusal.KEY_MISSING)
        offer = _offer(request.body)
        if len(self._sessions) >= MAX_SESSIONS:
            raise Refused(MediaRefusal.TOO_MANY_CONNECTIONS)
        if offer.transcoded and self._transcoding >= self._transcodes:
            raise Refused(MediaRefusal.TRANSCODES_BUSY, limit=self._transcodes)
        self._transcoding += offer.transcoded
        try:
            return await self._begin(offer, Hello(key.strip(), program, "whip", "browser"))
        except BaseException:
            self._transcoding -= offer.transcoded
            raise

    async def _begin(self, offer: Offer, hello: Hello) -> Response:
        sink = await Ingest.open(self._hub_socket, hello)
        session = Session(offer, sink)
        try:
            answer = await session.answer()
        except BaseException:
            await session.close()
            raise
        name = secrets.token_urlsafe(16)
        self._sessions[name] = session
        task = asyncio.create_task(self._run(name, hello.program, session))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return Response(answer.encode(), _SDP, 201, {"Location": f"/whip/{hello.program}/{name}"})

    async def _run(self, name: str, program: str, session: Session) -> None:
        log.info("whip_began", program=program)
        try:
            reason = await session.run()
            log.info("whip_ended", program=program, reason=reason)
        finally:
            del self._sessions[name]
            self._transcoding -= session.transcoded

    def _end(self, name: str) -> Response:
        session = self._sessions.get(name)
        if session is None:
            raise Refused(CommonRefusal.NOT_FOUND)
        session.over.set()
        return Response()

    async def _hub_answers(self) -> bool:
        try:
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_unix_connection(self._hub_socket)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True


def _offer(body: bytes) -> Offer:
    try:
        return read_offer(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused(MediaRefusal.OFFER_UNREADABLE, why="not UTF-8") from None
