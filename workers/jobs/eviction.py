"""Room on the disk: recorded segments leave it, oldest first, once the object store surely has them."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from prometheus_client import Counter, Gauge

from infra.mongo import Database, Unavailable, Unknown
from infra.objects import ObjectMissing, ObjectStore, StoreUnavailable
from infra.telemetry import get_logger
from schemas.media import Recording
from streaming.media.recorder.layout import parse
from streaming.replay import store
from streaming.replay.footage import object_key

LOOK_S = 30.0
DOWN_TO = 0.9
"""Part of the limit that is left after a round, so that rounds are rare."""

KEPT_BYTES = Gauge("kaibo_recordings_bytes", "Size of the recordings on the disk.")
EVICTED = Counter("kaibo_segments_evicted_total", "Segments that left the disk for the object store.")
log = get_logger("jobs.eviction")


class Kept(NamedTuple):
    """A segment's file on the disk; sorts by age."""

    start_at: int
    path: Path
    bytes: int


def surplus(sizes: Iterable[int], limit_bytes: int) -> int:
    """How many bytes should leave for the rest to be well below the limit; 0 while within it."""
    total = sum(sizes)
    return total - int(limit_bytes * DOWN_TO) if total > limit_bytes else 0


class Evictor:
    """Keeps the recordings folder below its limit; shows on air are left alone, init segments stay."""

    def __init__(self, db: Database, objects: ObjectStore, root: Path, limit_bytes: int) -> None:
        self._db = db
        self._objects = objects
        self._root = root
        self._limit = limit_bytes

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.sweep()
            except (StoreUnavailable, Unavailable, Unknown) as away:
                log.warning("eviction_interrupted", reason=str(away)[:200])
            await asyncio.sleep(LOOK_S)

    async def sweep(self) -> int:
        """Make room if there is too little; tell how many segments left."""
        kept = sorted(await asyncio.to_thread(_listing, self._root))
        KEPT_BYTES.set(sum(file.bytes for file in kept))
        to_leave = surplus((file.bytes for file in kept), self._limit)
        left = 0
        for file in kept:
            if to_leave <= 0:
                break
            if await self._is_safe(file):
                await asyncio.to_thread(file.path.unlink, missing_ok=True)
                EVICTED.inc()
                to_leave -= file.bytes
                left += 1
        if to_leave > 0:
            log.warning("recordings_above_limit", bytes=to_leave)
        return left

    async def _is_safe(self, file: Kept) -> bool:
        """Tell whether the object store has the very bytes: as noted at the upload, and asked again now."""
        found = await store.segment_of_file(self._db, file.path.parent.name, file.path.name)
        if found is None:
            return False
        recording, segment = found
        if recording.ended_at is None or segment.uploaded_at is None:
            return False
        return await self._confirmed(recording, segment.file, segment.bytes, segment.sha256)

    async def _confirmed(self, recording: Recording, file: str, size: int, sha256: str) -> bool:
        try:
            stored = await self._objects.head(object_key(recording, file))
        except ObjectMissing:
            log.error("object_lost", recording=recording.id, file=file)
            return False
        return (stored.size, stored.sha256) == (size, sha256)


def _listing(root: Path) -> list[Kept]:
    return [
        Kept(name.start_at, path, path.stat().st_size)
        for path in root.glob("*/*.mp4")
        if (name := parse(path.name)) is not None
    ]
