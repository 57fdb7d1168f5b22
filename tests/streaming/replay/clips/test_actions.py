import asyncio
from pathlib import Path

import pytest

from infra.clock import now_ms
from infra.jobs import JobFailed
from infra.objects import ObjectMissing
from schemas.content import ContentKind, ContentState
from streaming.replay.clips.actions import make_clip
from streaming.replay.ffmpeg import cut
from tests.streaming.replay.recorded import START
from tests.streaming.replay.shows import SEGMENT_MS, Take, pictures, sound_s
from tests.streaming.replay.stage import OFFERS, Stage, quiet

FRAME_S = 1 / 30


async def played(stage: Stage, key: str, folder: Path) -> Path:
    path = folder / "played.mp4"
    path.write_bytes(await stage.objects.get(key))
    return path


def whole(stage: Stage, folder: Path, first: int = 0, last: int = 9) -> list[tuple[float, bytes]]:
    """All pictures of consecutive segments of one take."""
    path, files = folder / "whole.mp4", stage.settings.recordings_dir / stage.recording.folder
    chosen = stage.segments[first : last + 1]
    path.write_bytes(
        b"".join((files / name).read_bytes() for name in (chosen[0].init, *[s.file for s in chosen]))
    )
    return pictures(path)


async def test_an_explained_product_becomes_a_clip(stage: Stage, taken: Take, tmp_path: Path) -> None:
    await stage.film(taken)
    mark = await stage.explain(5_500, 15_000, OFFERS[1])

    told: list[float] = []

    async def progress(done: float) -> None:
        told.append(done)

    result = await make_clip(stage.shop, mark.id, progress)

    (clip,) = await stage.contents(ContentKind.CLIP)
    assert result == {"content": clip.id}
    assert (clip.title, clip.products, clip.state) == ("羊毛围巾", ["prd_2"], ContentState.PUBLISHED)
    assert clip.duration_ms == 11_500
    assert (clip.source.mark, clip.source.recordings) == (mark.id, [stage.recording.id])
    assert (clip.source.from_at, clip.source.to_at) == (START + 3_500, START + 15_000)
    shown = pictures(await played(stage, clip.media, tmp_path))
    assert shown[0][1] == whole(stage, tmp_path)[105][1]
    assert len(shown) * FRAME_S == pytest.approx(11.5, abs=FRAME_S)
    assert sound_s(tmp_path / "played.mp4") == pytest.approx(11.5, abs=0.1)
    assert (await stage.objects.get(clip.cover))[:2] == b"\xff\xd8"
    assert told == sorted(told) and told[-1] < 1.0


async def test_made_twice_it_is_one_clip(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 12_000)
    first = await make_clip(stage.shop, mark.id, quiet)
    assert await make_clip(stage.shop, mark.id, quiet) == first
    assert len(await stage.contents(ContentKind.CLIP)) == 1


async def test_a_short_explanation_gives_no_clip(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    mark = await stage.explain(2_000, 9_999)
    assert await make_clip(stage.shop, mark.id, quiet) == {"skipped": "too_short"}
    assert await stage.contents(ContentKind.CLIP) == []


async def test_a_product_taken_up_again_makes_its_clip_longer(
    stage: Stage, taken: Take, tmp_path: Path
) -> None:
    await stage.film(taken)
    first = await stage.explain(2_000, 10_000)
    await make_clip(stage.shop, first.id, quiet)
    (before,) = await stage.contents(ContentKind.CLIP)
    again = await stage.explain(11_000, 14_000)

    await make_clip(stage.shop, again.id, quiet)

    (clip,) = await stage.contents(ContentKind.CLIP)
    assert clip.id == before.id
    assert (before.duration_ms, clip.duration_ms) == (10_000, 14_000)
    assert len(pictures(await played(stage, clip.media, tmp_path))) * FRAME_S == pytest.approx(14, abs=0.04)


async def test_a_clip_that_grows_while_it_is_cut_is_left_to_the_later_job(
    stage: Stage, taken: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.film(taken)
    first = await stage.explain(2_000, 10_000)

    async def cut_while_it_grows(*given: object, **named: object) -> None:
        await stage.explain(10_000, 13_000)
        await cut(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("streaming.replay.clips.actions.cut", cut_while_it_grows)
    assert await make_clip(stage.shop, first.id, quiet) == {"skipped": "grown"}
    assert await stage.contents(ContentKind.CLIP) == []


async def test_jobs_of_marks_that_merge_make_one_clip_at_once(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    marks = [await stage.explain(2_000 + n * 4_000, 6_000 + n * 4_000) for n in range(3)]
    results = await asyncio.gather(*(make_clip(stage.shop, mark.id, quiet) for mark in marks))
    (clip,) = await stage.contents(ContentKind.CLIP)
    assert clip.duration_ms == 14_000
    assert results == [{"content": clip.id}] * 3


async def test_a_clip_across_a_reconnect_has_both_sides(stage: Stage, taken: Take, tmp_path: Path) -> None:
    await stage.film(Take(taken.init, taken.segments[:4]))
    await stage.film(Take(taken.init, taken.segments[4:]), START + 30_000, broken=True)
    mark = await stage.explain(4_000, 36_000)

    await make_clip(stage.shop, mark.id, quiet)

    (clip,) = await stage.contents(ContentKind.CLIP)
    assert clip.duration_ms == 6_000 + 6_000
    shown = [luma for _, luma in pictures(await played(stage, clip.media, tmp_path))]
    before, after = whole(stage, tmp_path, 0, 3), whole(stage, tmp_path, 4, 9)
    assert shown[0] == before[60][1]
    assert shown[180] == after[0][1]
    assert len(shown) == pytest.approx(360, abs=2)


async def test_across_another_codec_configuration_the_longer_side_is_the_clip(
    stage: Stage, taken: Take, other_take: Take, tmp_path: Path
) -> None:
    await stage.film(Take(taken.init, taken.segments[:2]))
    await stage.film(other_take, START + 4_000, broken=True)
    mark = await stage.explain(2_000, 14_000)

    await make_clip(stage.shop, mark.id, quiet)

    (clip,) = await stage.contents(ContentKind.CLIP)
    assert clip.duration_ms == 10_000
    assert pictures(await played(stage, clip.media, tmp_path))[0][1] == whole(stage, tmp_path, 2, 11)[0][1]


async def test_it_waits_for_the_segment_that_holds_the_unpin(stage: Stage, taken: Take) -> None:
    """The show goes on: a segment is closed every 2 s, and the last one that is needed comes late."""
    start_at = now_ms() - 10_000
    offset = start_at - START
    await stage.film(Take(taken.init, taken.segments[:5]), start_at)
    mark = await stage.explain(offset + 1_000, offset + 10_500)
    making = asyncio.create_task(make_clip(stage.shop, mark.id, quiet))
    done, _ = await asyncio.wait({making}, timeout=0.5)
    assert not done
    await stage.film(Take(taken.init, taken.segments[5:6]), start_at + 5 * SEGMENT_MS)
    await asyncio.wait_for(making, 5)
    (clip,) = await stage.contents(ContentKind.CLIP)
    assert clip.duration_ms == 10_500


async def test_when_the_show_ended_it_cuts_what_is_there(stage: Stage, taken: Take) -> None:
    await stage.film(taken)
    await stage.close()
    mark = await stage.explain(8_000, 25_000)
    await make_clip(stage.shop, mark.id, quiet)
    (clip,) = await stage.contents(ContentKind.CLIP)
    assert clip.duration_ms == 14_000


async def test_a_clip_is_cut_from_the_store_when_the_disk_has_let_go(
    stage: Stage, taken: Take, tmp_path: Path
) -> None:
    await stage.film(taken)
    folder = stage.settings.recordings_dir / stage.recording.folder
    for path in sorted(folder.iterdir()):
        await stage.objects.put(f"seg/{folder.name}/{path.name}", path, "video/mp4")
    expected = whole(stage, tmp_path)
    for path in folder.iterdir():
        path.unlink()
    mark = await stage.explain(4_000, 16_000)

    await make_clip(stage.shop, mark.id, quiet)

    (clip,) = await stage.contents(ContentKind.CLIP)
    assert pictures(await played(stage, clip.media, tmp_path))[0][1] == expected[60][1]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("mark", "source_gone"),
        ("recorded", "nothing_recorded"),
        ("file", "footage_lost"),
        ("bytes", "ffmpeg_failed"),
    ],
)
async def test_what_can_not_be_cut_fails_with_a_plain_reason(
    stage: Stage, taken: Take, broken: str, reason: str
) -> None:
    await stage.film(taken)
    await stage.close()
    mark = await stage.explain(2_000, 12_000)
    folder = stage.settings.recordings_dir / stage.recording.folder
    match broken:
        case "mark":
            await stage.db.collection("marks").delete_one({"_id": mark.id})
        case "recorded":
            await stage.db.collection("segments").delete_many({})
        case "file":
            (folder / stage.segments[1].file).unlink()
        case _:
            for segment in stage.segments:
                (folder / segment.file).write_bytes(b"\0" * segment.bytes)

    with pytest.raises(JobFailed) as failure:
        await make_clip(stage.shop, mark.id, quiet)

    assert failure.value.reason.partition(":")[0] == reason
    assert await stage.contents(ContentKind.CLIP) == []
    with pytest.raises(ObjectMissing):
        await stage.objects.head(f"clip/{stage.program.id}/{mark.id}-{mark.to_at}.mp4")
    assert list((stage.settings.data / "media" / "cutting").iterdir()) == []
