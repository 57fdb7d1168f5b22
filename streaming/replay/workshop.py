"""What replays, clips and covers are made with: the record, the store, room on the disk, few ffmpegs."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain, repeat
from pathlib import Path

from infra.mongo import Database
from infra.objects import ObjectMissing, ObjectStore, StoreUnavailable
from infra.retention import Retained, Retention
from infra.settings import Settings
from infra.telemetry import get_logger
from schemas.base import DAY_MS
from schemas.media import Recording
from streaming.replay.ffmpeg import FfmpegFailed
from streaming.replay.footage import Footage, FootageLost
from streaming.replay.reasons import Reason, failed

FFMPEGS = 2
"""How many run at once; jobs that only wait for a segment are not counted."""
STORE_PATIENCE_S = 600.0
STORE_PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)

log = get_logger("replay")


class Workshop:
    """One per process."""

    def __init__(self, db: Database, objects: ObjectStore, settings: Settings) -> None:
        self.db = db
        self.objects = objects
        self.retention = Retention(db)
        self.retention_ms = settings.retention_days * DAY_MS
        self._recordings = settings.recordings_dir
        self._scratch = settings.data / "media" / "cutting"
        self.ffmpegs = asyncio.Semaphore(FFMPEGS)

    def tidy(self) -> None:
        """Remove what a killed process left on the benches."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)

    def footage(self, recording: Recording) -> Footage:
        """Give access to a recording's files."""
        return Footage(recording, self._recordings, self.objects)

    @asynccontextmanager
    async def bench(self) -> AsyncIterator[Path]:
        """Give a folder to work in; what goes wrong there fails the job with a plain reason."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=self._scratch))
        try:
            yield folder
        except FfmpegFailed as error:
            raise failed(Reason.FFMPEG_FAILED, str(error)) from error
        except FootageLost as error:
            raise failed(Reason.FOOTAGE_LOST, str(error), retry=False) from error
        except (StoreUnavailable, ObjectMissing) as error:
            raise failed(Reason.STORE_AWAY, str(error)[:200]) from error
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def keep(self, key: str, body: Path, content_type: str) -> None:
        """Put a file into the object store, waiting for one that is away."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + STORE_PATIENCE_S
        for pause_s in chain(STORE_PAUSES_S, repeat(STORE_PAUSES_S[-1])):
            try:
                await self.objects.put(key, body, content_type)
                return
            except Retained:  # made before and locked: what is there stays
                log.info("kept_as_it_is", key=key)
                return
            except (StoreUnavailable, ObjectMissing) as error:  # the latter: no bucket yet
                if loop.time() >= give_up_at:
                    raise
                log.warning("store_away", key=key, reason=str(error)[:200])
            await asyncio.sleep(pause_s)
