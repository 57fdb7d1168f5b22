from hypothesis import given
from hypothesis import strategies as st

from tests.streaming.replay.shows import Take
from tests.streaming.replay.stage import Stage
from workers.jobs.eviction import DOWN_TO, Evictor, surplus
from workers.jobs.uploader import Uploader


def on_disk(stage: Stage) -> list[int]:
    folder = stage.settings.recordings_dir / stage.recording.folder
    return [segment.seq for segment in stage.segments if (folder / segment.file).exists()]


def evictor(stage: Stage, keep: int) -> Evictor:
    """An evictor whose limit leaves room for about `keep` segments."""
    average = sum(segment.bytes for segment in stage.segments) / len(stage.segments)
    return Evictor(stage.db, stage.objects, stage.settings.recordings_dir, int(average * keep / DOWN_TO))


async def upload(stage: Stage) -> None:
    await Uploader(stage.db, stage.objects, stage.settings.recordings_dir).sweep()


async def test_the_oldest_leave_until_there_is_room(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await upload(stage)
    await stage.close()
    left = await evictor(stage, 6).sweep()
    assert 3 <= left <= 5
    assert on_disk(stage) == list(range(left, 10))
    assert (stage.settings.recordings_dir / stage.recording.folder / "init-0.mp4").exists()
    assert await evictor(stage, 6).sweep() == 0


async def test_nothing_leaves_while_there_is_room(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await upload(stage)
    await stage.close()
    assert await evictor(stage, 10).sweep() == 0


async def test_what_is_not_in_the_store_stays(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close()
    assert await evictor(stage, 1).sweep() == 0
    assert len(on_disk(stage)) == 10


async def test_what_the_store_lost_or_changed_stays(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await upload(stage)
    await stage.close()
    folder = f"seg/{stage.recording.folder}"
    await stage.objects.delete(f"{folder}/{stage.segments[0].file}")
    await stage.objects.put(f"{folder}/{stage.segments[1].file}", b"other", "video/mp4")
    await evictor(stage, 6).sweep()
    assert on_disk(stage)[:2] == [0, 1]
    assert 2 not in on_disk(stage)


async def test_a_show_on_air_is_left_alone(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await upload(stage)
    assert await evictor(stage, 1).sweep() == 0


@given(st.lists(st.integers(1, 10_000)), st.integers(0, 50_000))
def test_the_surplus_brings_the_rest_below_the_limit(sizes: list[int], limit: int) -> None:
    leaving = surplus(sizes, limit)
    assert (leaving > 0) == (sum(sizes) > limit)
    assert sum(sizes) - leaving <= limit
