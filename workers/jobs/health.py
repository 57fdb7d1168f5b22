"""Health and metrics of the jobs process."""

import asyncio

from infra.mongo import Database, Unavailable, Unknown
from infra.objects import ObjectMissing, ObjectStore, StoreUnavailable
from infra.outbox import Consumer
from infra.telemetry import METRICS_CONTENT_TYPE, render_metrics
from schemas.problems import CommonRefusal, Refused
from streaming.media.http import Request, Response

ANSWER_WITHIN_S = 2.0


class Health:
    """Answers /healthz, /readyz and /metrics."""

    def __init__(self, db: Database, objects: ObjectStore, consumer: Consumer) -> None:
        self._db = db
        self._objects = objects
        self._consumer = consumer

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        match request.path:
            case "/healthz":
                return Response(b"ok\n")
            case "/readyz":
                missing = await self.missing()
                return Response(f"{missing or 'ready'}\n".encode(), status=503 if missing else 200)
            case "/metrics":
                return Response(render_metrics(), METRICS_CONTENT_TYPE)
        raise Refused(CommonRefusal.NOT_FOUND)

    async def missing(self) -> str:
        """Tell in plain words what does not answer; empty when all does."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._db.ping()
        except (Unavailable, Unknown, TimeoutError):
            return "the database does not answer"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._objects.ping()
        except (StoreUnavailable, ObjectMissing, TimeoutError):
            return "the object store does not answer"
        return "" if self._consumer.ready.is_set() else "events are not followed yet"
