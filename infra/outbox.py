"""Events between components: written in the transaction of the fact, delivered at least once.

`publish` puts an event beside the fact it tells. A `Consumer` follows the collection with one
change stream per process and keeps its place after each handled event. At its first start, and
when it was away for longer than the stream remembers, it reads what is stored. Handlers must be
idempotent: after a crash the last event comes again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from infra.clock import now_ms
from infra.mongo import Change, Database, Unavailable, Unknown
from infra.mongo.database import HistoryLost
from infra.telemetry import get_logger
from schemas.events import AnyEvent, Event
from schemas.ids import new_id

OUTBOX = "outbox"
PLACES = "outbox_places"
KEEP_DAYS = 14
OVERLAP_MS = 60_000
"""How far back a catch-up reads: longer than any transaction lasts, so none is missed."""
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)

Handler = Callable[[Any], Awaitable[None]]
log = get_logger("outbox")


async def ensure_indexes(db: Database) -> None:
    """Create the collections' indexes; events leave after `KEEP_DAYS`."""
    await db.collection(OUTBOX).ensure_index([("at", 1)], name="by_time")
    await db.collection(OUTBOX).ensure_index([("expires", 1)], name="expiry", expire_s=0)


async def publish(db: Database, session: Any, event: Event) -> None:
    """Tell an event in the transaction `session`; it is delivered when that commits."""
    await publish_all(db, session, [event])


async def publish_all(db: Database, session: Any, events: Sequence[Event]) -> None:
    """Tell several events, in this order, with one insert."""
    expires = datetime.now(UTC) + timedelta(days=KEEP_DAYS)
    docs = [
        {"_id": new_id("evt"), "at": now_ms(), "expires": expires, "event": msgspec.to_builtins(event)}
        for event in events
    ]
    if docs:
        await db.collection(OUTBOX).insert_many(docs, session=session)


class Consumer:
    """Delivers events to the handlers of one process, in commit order."""

    def __init__(self, db: Database, name: str, handlers: Mapping[type[Event], Handler]) -> None:
        self._db = db
        self._name = name
        self._handlers = {kind.__name__: handler for kind, handler in handlers.items()}
        self.ready = asyncio.Event()
        self.seen_at = 0.0
        """Monotonic time of the last sign of life of the stream, for health checks."""

    async def run(self) -> None:
        """Deliver until cancelled; a lost database is waited for."""
        attempt = 0
        while True:
            try:
                async for place, doc in self._follow():
                    attempt = 0
                    await self._deliver(doc)
                    await self._keep_place(place, doc["at"])
            except HistoryLost:
                await self._keep_place(None, (await self._place()).get("at", now_ms()))
            except (Unavailable, Unknown) as error:
                self.ready.clear()
                log.warning("outbox_interrupted", consumer=self._name, reason=str(error)[:200])
                await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
                attempt += 1

    async def _follow(self) -> AsyncIterator[tuple[dict[str, Any] | None, dict[str, Any]]]:
        kept = await self._place()
        token = kept.get("token")
        opened: list[dict[str, Any] | None] = []
        changes: asyncio.Queue[Change | BaseException] = asyncio.Queue(256)
        open_now = asyncio.Event()

        def on_open(current: dict[str, Any] | None) -> None:
            opened.append(current)
            open_now.set()

        async def pump() -> None:
            try:
                pipeline = [{"$match": {"operationType": "insert"}}]
                async for change in self._db.watch(OUTBOX, pipeline, resume_token=token, ready=on_open):
                    await changes.put(change)
            except Exception as error:  # noqa: BLE001 (handed to the reader of the queue)
                await changes.put(error)
                open_now.set()

        pumping = asyncio.create_task(pump())
        try:
            await open_now.wait()
            recent: set[str] = set()
            if token is None and opened:
                # No place in the stream: read what is stored since, after the stream is open.
                for doc in await self._stored_since(kept.get("at", 0)):
                    recent.add(doc["_id"])
                    yield None, doc
                await self._keep_place(opened[0], now_ms())
            self.ready.set()
            while True:
                self.seen_at = time.monotonic()
                item = await changes.get()
                if isinstance(item, BaseException):
                    raise item
                if item.doc is not None and item.key not in recent:
                    yield item.token, item.doc
        finally:
            pumping.cancel()
            await asyncio.wait({pumping})  # unlike awaiting it, this lets our own cancellation through

    async def _stored_since(self, at: int) -> list[dict[str, Any]]:
        since = {"at": {"$gte": at - OVERLAP_MS}}
        return await self._db.collection(OUTBOX).find(since, sort=[("at", 1)])

    async def _deliver(self, doc: dict[str, Any]) -> None:
        handler = self._handlers.get(doc["event"]["type"])
        if handler is None:
            return
        event = msgspec.convert(doc["event"], AnyEvent)
        for attempt in range(len(RETRY_S) + 1):
            try:
                await handler(event)
                return
            except (Unavailable, Unknown):
                raise
            except Exception:
                log.exception(
                    "handler_failed", consumer=self._name, kind=doc["event"]["type"], attempt=attempt
                )
                if attempt == len(RETRY_S):
                    log.error("event_given_up", consumer=self._name, event_id=doc["_id"])
                    return
                await asyncio.sleep(RETRY_S[attempt])

    async def _place(self) -> dict[str, Any]:
        return await self._db.collection(PLACES).find_one({"_id": self._name}) or {}

    async def _keep_place(self, token: dict[str, Any] | None, at: int) -> None:
        await self._db.collection(PLACES).update_one(
            {"_id": self._name}, {"$set": {"token": token, "at": at}}, upsert=True
        )
