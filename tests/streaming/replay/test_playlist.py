import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from schemas.content import Content, ContentKind, Source
from schemas.problems import Refused
from streaming.replay.playlist import render, render_playlist
from tests.streaming.replay.recorded import run, segment
from tests.streaming.replay.serving import serving
from tests.streaming.replay.shows import Take, pictures, sound_s
from tests.streaming.replay.stage import Stage


def replay_of(stage: Stage, kind: ContentKind = ContentKind.REPLAY) -> Content:
    return Content(
        id="cnt_1",
        business="biz_1",
        program=stage.program.id,
        room="rm_1",
        kind=kind,
        title="t",
        source=Source(recordings=[stage.recording.id]),
    )


def test_a_playlist_is_whole_and_exact() -> None:
    again = run(1, 1_700_000_060_005, first_seq=2, init="init-1.mp4", broken=True, duration_ms=2_033)
    text = render([([*run(2), *again], lambda file: f"/seg/f/{file}")])
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:3",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="/seg/f/init-0.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z",
        "#EXTINF:2.000,",
        "/seg/f/000000-1700000000000-2000.mp4",
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:22.000Z",
        "#EXTINF:2.000,",
        "/seg/f/000001-1700000002000-2000.mp4",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="/seg/f/init-1.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:14:20.005Z",
        "#EXTINF:2.033,",
        "/seg/f/000002-1700000060005-2033-d.mp4",
        "#EXT-X-ENDLIST",
    ]


def test_no_segment_is_longer_than_the_target_duration() -> None:
    assert "#EXT-X-TARGETDURATION:2\n" in render([([segment(0, 5, 2_000)], str)])
    assert "#EXT-X-TARGETDURATION:3\n" in render([([segment(0, 5, 2_001)], str)])


async def test_a_replay_decodes_from_end_to_end(
    stage: Stage, taken: Take, demo_clip: Path, tmp_path: Path
) -> None:
    await stage.film(Take(taken.init, taken.segments[:6]))
    await stage.film(Take(taken.init, taken.segments[6:]), stage.segments[-1].end_at + 30_000, broken=True)
    text = await render_playlist(stage.db, stage.settings, stage.objects, replay_of(stage))
    root = tmp_path / "www"
    root.mkdir()
    (root / "replay.m3u8").write_text(text)
    (root / "seg").symlink_to(stage.settings.recordings_dir.resolve())

    with serving(root) as address:
        shown = await asyncio.to_thread(pictures, f"{address}/replay.m3u8")
        heard_s = await asyncio.to_thread(sound_s, f"{address}/replay.m3u8")

    assert [luma for _, luma in shown] == [luma for _, luma in pictures(demo_clip)]
    assert heard_s == pytest.approx(20, abs=0.1)


async def test_segments_that_left_the_disk_come_from_the_store(
    stage: Stage, taken: Take, tmp_path: Path
) -> None:
    await stage.film(taken)
    folder = stage.settings.recordings_dir / stage.recording.folder
    for gone in stage.segments[:3]:
        await stage.objects.put(f"seg/{folder.name}/{gone.file}", folder / gone.file, "video/mp4")
        (folder / gone.file).unlink()

    text = await render_playlist(stage.db, stage.settings, stage.objects, replay_of(stage))

    addresses = [line for line in text.splitlines() if not line.startswith("#")]
    assert [bool(urlsplit(one).netloc) for one in addresses] == [True] * 3 + [False] * 7
    root = tmp_path / "www"
    root.mkdir()
    (root / "replay.m3u8").write_text(text)
    (root / "seg").symlink_to(stage.settings.recordings_dir.resolve())
    with serving(root) as address:
        assert len(await asyncio.to_thread(pictures, f"{address}/replay.m3u8")) == 600


@pytest.mark.parametrize("kind", [ContentKind.CLIP, ContentKind.LIVE])
async def test_only_replays_have_a_playlist(stage: Stage, taken: Take, kind: ContentKind) -> None:
    await stage.film(taken)
    with pytest.raises(Refused, match="not_found"):
        await render_playlist(stage.db, stage.settings, stage.objects, replay_of(stage, kind))


async def test_without_a_segment_there_is_no_playlist(stage: Stage) -> None:
    with pytest.raises(Refused, match="not_found"):
        await render_playlist(stage.db, stage.settings, stage.objects, replay_of(stage))
