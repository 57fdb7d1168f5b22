"""Closed segments on their way to the object store, and off the disk once it is full."""

import asyncio
from pathlib import Path

from prometheus_client import Counter, Gauge

from infra.clock import now_ms
from infra.mongo import Database, Unavailable, Unknown
from infra.objects import ObjectMissing, ObjectStore, StoreUnavailable
from infra.retention import Retained
from infra.telemetry import get_logger
from schemas.media import Recording, Segment
from streaming.replay import store
from streaming.replay.footage import object_key

AT_ONCE = 4
BATCH = 64
LOOK_S = 0.5
PAUSES_S = (0.5, 1.0, 2.0, 5.0)
CONTENT_TYPE = "video/mp4"

UPLOADED = Counter("kaibo_segments_uploaded_total", "Segments confirmed by the object store.")
INTERRUPTED = Counter("kaibo_uploads_interrupted_total", "Times the object store or database was away.")
DAMAGED = Counter("kaibo_segments_damaged_total", "Segments whose file is missing or changed.")
WAITING = Gauge("kaibo_segments_waiting", "Closed segments not confirmed yet, 64 at most.")
log = get_logger("jobs.uploader")


class Uploader:
    """Uploads oldest first, a few at once. An outage only makes the queue longer."""

    def __init__(self, db: Database, objects: ObjectStore, root: Path) -> None:
        self._db = db
        self._objects = objects
        self._root = root
        self._recordings: dict[str, Recording] = {}
        self._inits: set[str] = set()
        self._damaged: set[str] = set()

    async def run(self) -> None:
        """Work until cancelled."""
        failures = 0
        await_bucket = True
        while True:
            try:
                if await_bucket:
                    await self._objects.ensure_bucket()
                    await_bucket = False
                if not await self.sweep():
                    await asyncio.sleep(LOOK_S)
                failures = 0
            except* (StoreUnavailable, ObjectMissing, Unavailable, Unknown) as away:
                INTERRUPTED.inc()
                log.warning("uploads_interrupted", reason=str(away.exceptions[0])[:200])
                await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                failures += 1
                await_bucket = True

    async def sweep(self) -> int:
        """Upload a batch of what is waiting; tell how many segments it tried."""
        waiting = await store.not_uploaded(self._db, BATCH, without=self._damaged)
        WAITING.set(len(waiting))
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(segment: Segment) -> None:
            async with slots:
                await self._upload(segment)

        async with asyncio.TaskGroup() as group:
            for segment in waiting:
                group.create_task(one(segment))
        return len(waiting)

    async def _upload(self, segment: Segment) -> None:
        recording = await self._recording(segment)
        if recording is None:
            self._give_up(segment, "its recording was erased")
            return
        await self._upload_init(recording, segment.init)
        path = self._root / recording.folder / segment.file
        try:
            stored = await self._objects.put(object_key(recording, segment.file), path, CONTENT_TYPE)
        except FileNotFoundError:
            self._give_up(segment, "the file is missing")
            return
        except Retained:
            self._give_up(segment, "other bytes are kept under its name")
            return
        if (stored.size, stored.sha256) != (segment.bytes, segment.sha256):
            self._give_up(segment, "the file is not what was recorded")
            return
        await store.set_uploaded(self._db, segment.id, now_ms())
        UPLOADED.inc()

    async def _upload_init(self, recording: Recording, init: str) -> None:
        key = object_key(recording, init)
        if key in self._inits:
            return
        try:
            await self._objects.head(key)
        except ObjectMissing:
            await self._objects.put(key, self._root / recording.folder / init, CONTENT_TYPE)
        self._inits.add(key)

    async def _recording(self, segment: Segment) -> Recording | None:
        if segment.recording not in self._recordings:
            for found in await store.recordings(self._db, [segment.recording]):
                self._recordings[found.id] = found
        return self._recordings.get(segment.recording)

    def _give_up(self, segment: Segment, why: str) -> None:
        log.error("segment_damaged", segment=segment.id, file=segment.file, reason=why)
        self._damaged.add(segment.id)
        DAMAGED.inc()
