import asyncio
from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY

from infra.mongo import Database
from infra.objects import ObjectStore
from infra.settings import Settings
from streaming.replay import store
from tests.streaming.replay.recorded import START
from tests.streaming.replay.shows import Take
from tests.streaming.replay.stage import Stage, set_up
from tests.workers.jobs.running import Store, until
from workers.jobs.uploader import Uploader


def uploader(stage: Stage) -> Uploader:
    return Uploader(stage.db, stage.objects, stage.settings.recordings_dir)


async def uploaded(stage: Stage) -> set[str]:
    segments = await store.segments(stage.db, stage.recording.id)
    return {segment.id for segment in segments if segment.uploaded_at is not None}


async def test_closed_segments_are_in_the_store_with_their_checksums(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    assert await uploader(stage).sweep() == 10
    assert await uploaded(stage) == {segment.id for segment in stage.segments}
    for segment in stage.segments:
        stored = await stage.objects.head(f"seg/{stage.recording.folder}/{segment.file}")
        assert (stored.size, stored.sha256, stored.content_type) == (
            segment.bytes,
            segment.sha256,
            "video/mp4",
        )
    assert await stage.objects.get(f"seg/{stage.recording.folder}/init-0.mp4") == taken.init
    assert await uploader(stage).sweep() == 0


async def test_what_is_not_what_was_recorded_is_never_confirmed(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    folder = stage.settings.recordings_dir / stage.recording.folder
    (folder / stage.segments[2].file).write_bytes(b"\0" * stage.segments[2].bytes)
    (folder / stage.segments[5].file).unlink()
    at_work = uploader(stage)
    await at_work.sweep()
    assert await uploaded(stage) == {segment.id for segment in stage.segments if segment.seq not in (2, 5)}
    assert await at_work.sweep() == 0


async def test_segments_of_an_erased_recording_disturb_nobody(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.db.collection("recordings").delete_many({})
    at_work = uploader(stage)
    await at_work.sweep()
    assert await uploaded(stage) == set()
    assert await at_work.sweep() == 0


@pytest.fixture
async def outage(db: Database, settings: Settings) -> AsyncIterator[tuple[Stage, Store]]:
    """A show whose object store can be taken away."""
    own = Store(settings)
    await own.start()
    objects = ObjectStore(own.settings)
    yield await set_up(db, objects, own.settings), own
    objects.close()
    own.kill()


@pytest.mark.faults
async def test_an_outage_of_the_store_is_caught_up(outage: tuple[Stage, Store], taken: Take) -> None:
    stage, own = outage
    at_work = asyncio.create_task(uploader(stage).run())

    async def all_there() -> bool:
        return await uploaded(stage) == {segment.id for segment in stage.segments}

    before = REGISTRY.get_sample_value("kaibo_uploads_interrupted_total") or 0

    async def interrupted() -> bool:
        return (REGISTRY.get_sample_value("kaibo_uploads_interrupted_total") or 0) > before

    await stage.film(Take(taken.init, taken.segments[:3]))
    await until("the first segments in the store", all_there)
    own.kill()
    await stage.film(Take(taken.init, taken.segments[3:]), START + 6_000)
    await until("an interruption noticed", interrupted)
    assert len(await uploaded(stage)) == 3

    await own.start()
    await until("all segments in the store", all_there)
    for segment in stage.segments:
        assert (
            await stage.objects.head(f"seg/{stage.recording.folder}/{segment.file}")
        ).sha256 == segment.sha256
    at_work.cancel()
