import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import av
import pytest

from streaming.replay import ffmpeg as seam
from streaming.replay.ffmpeg import FfmpegFailed, Reel, cut, still
from tests.streaming.replay.shows import SEGMENT_MS, Take, pictures, sound_s

FRAME_S = 1 / 30
T = TypeVar("T")


def part(taken: Take, path: Path, first: int, last: int) -> Reel:
    path.write_bytes(taken.init + b"".join(taken.segments[first : last + 1]))
    return Reel(path, (last - first + 1) * SEGMENT_MS)


@pytest.mark.parametrize("skip_ms", [0, 500, 1_700, 1_733, 2_000])
@pytest.mark.parametrize("kind", ["taken", "other_take"])
async def test_a_cut_begins_with_the_very_picture_asked_for(
    kind: str, skip_ms: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = part(request.getfixturevalue(kind), tmp_path / "part.mp4", 2, 7)
    await cut([source], tmp_path / "clip.mp4", skip_ms=skip_ms, duration_ms=4_000)

    before, clip = pictures(source.path), pictures(tmp_path / "clip.mp4")
    asked = next(n for n, (at, _) in enumerate(before) if at - before[0][0] >= skip_ms / 1000 - 0.001)
    assert clip[0][1] == before[asked][1]
    assert clip[0][0] == pytest.approx(0, abs=FRAME_S)
    reordered = 4 if kind == "other_take" else 0
    assert clip[-1][0] + FRAME_S == pytest.approx(4.0, abs=(reordered + 1) * FRAME_S)
    assert sound_s(tmp_path / "clip.mp4") == pytest.approx(4.0, abs=0.1)


async def test_a_cut_starts_before_it_is_loaded_whole(taken: Take, tmp_path: Path) -> None:
    source = part(taken, tmp_path / "part.mp4", 0, 5)
    await cut([source], tmp_path / "clip.mp4", skip_ms=0, duration_ms=9_000)
    body = (tmp_path / "clip.mp4").read_bytes()
    assert body.index(b"moov") < body.index(b"mdat")


async def test_pieces_around_a_reconnect_are_joined_without_a_hole(taken: Take, tmp_path: Path) -> None:
    first = part(taken, tmp_path / "a.mp4", 1, 3)
    second = part(taken, tmp_path / "b.mp4", 6, 8)
    await cut([first, second], tmp_path / "clip.mp4", skip_ms=2_500, duration_ms=3_500 + 5_000)

    clip, a, b = pictures(tmp_path / "clip.mp4"), pictures(first.path), pictures(second.path)
    shown = [luma for _, luma in clip]
    assert shown[0] == a[75][1]
    joint = shown.index(b[0][1])
    assert joint == 105
    assert shown[joint - 1] == a[-1][1]
    steps = [after - before for (before, _), (after, _) in pairwise(clip)]
    assert max(steps) < 0.1
    assert clip[-1][0] + FRAME_S == pytest.approx(8.5, abs=0.1)
    assert sound_s(tmp_path / "clip.mp4") == pytest.approx(8.5, abs=0.15)


async def test_progress_is_true(taken: Take, tmp_path: Path) -> None:
    source = part(taken, tmp_path / "part.mp4", 0, 9)
    told: list[float] = []

    async def note(done: float) -> None:
        told.append(done)

    await cut([source], tmp_path / "clip.mp4", skip_ms=0, duration_ms=18_000, progress=note)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.02)


async def test_a_still_shows_the_picture_of_that_time(taken: Take, tmp_path: Path) -> None:
    source = part(taken, tmp_path / "part.mp4", 1, 3)
    await still(source.path, tmp_path / "cover.jpg", at_ms=3_000)
    with av.open(str(tmp_path / "cover.jpg")) as picture:
        frame = next(picture.decode(video=0))
    assert (frame.width, frame.height) == (640, 360)
    here = bytes(frame.planes[0])
    far = [_difference(here, luma) for _, luma in pictures(source.path)]
    assert far.index(min(far)) == 90


async def test_a_still_is_never_wider_than_720(ffmpeg: str, tmp_path: Path) -> None:
    wide = tmp_path / "wide.mp4"
    make = await asyncio.create_subprocess_exec(
        *(ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=5", "-t", "1", str(wide))
    )
    assert await make.wait() == 0
    await still(wide, tmp_path / "cover.jpg", at_ms=0)
    with av.open(str(tmp_path / "cover.jpg")) as picture:
        stream = picture.streams.video[0]
        assert (stream.width, stream.height) == (720, 406)


async def test_what_is_no_video_fails_with_a_plain_reason(tmp_path: Path) -> None:
    (tmp_path / "noise.mp4").write_bytes(os.urandom(4096))
    with pytest.raises(FfmpegFailed, match="no picture can be read"):
        await cut([Reel(tmp_path / "noise.mp4", 1_000)], tmp_path / "clip.mp4", skip_ms=0, duration_ms=1_000)


async def test_a_cut_that_is_too_short_is_a_failure(taken: Take, tmp_path: Path) -> None:
    source = part(taken, tmp_path / "part.mp4", 0, 1)
    with pytest.raises(FfmpegFailed, match="the cut has 4000 ms of 9000 ms"):
        await cut([source], tmp_path / "clip.mp4", skip_ms=0, duration_ms=9_000)


async def test_ffmpegs_own_reason_is_told(taken: Take, tmp_path: Path) -> None:
    source = part(taken, tmp_path / "part.mp4", 0, 1)
    with pytest.raises(FfmpegFailed, match="No such file or directory"):
        await cut([source], tmp_path / "nowhere" / "clip.mp4", skip_ms=0, duration_ms=1_000)


async def test_a_stalled_ffmpeg_is_killed(
    taken: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that nobody feeds stalls the real ffmpeg."""
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    monkeypatch.setattr(seam, "CUT_TIMEOUT_S", 0.3)
    source = part(taken, tmp_path / "part.mp4", 0, 1)
    others = _children_named("ffmpeg")
    with pytest.raises(FfmpegFailed, match="not done after"):
        await cut([source, Reel(pipe, 9_000)], tmp_path / "clip.mp4", skip_ms=0, duration_ms=9_000)
    await _until(lambda: not any(_runs(pid) for pid in _children_named("ffmpeg") if pid not in others))


@pytest.mark.faults
async def test_ffmpeg_dies_with_its_parent(taken: Take, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    source = part(taken, tmp_path / "part.mp4", 0, 1)
    program = (
        "import asyncio, json, sys; from pathlib import Path; from streaming.replay.ffmpeg import Reel, cut\n"
        "a, b, out = map(Path, json.loads(sys.argv[1]))\n"
        "asyncio.run(cut([Reel(a, 4000), Reel(b, 9000)], out, skip_ms=0, duration_ms=9000))"
    )
    paths = json.dumps([str(source.path), str(pipe), str(tmp_path / "clip.mp4")])
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, paths)
    child = await _until(lambda: _children_named("ffmpeg", parent.pid))
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await _until(lambda: not any(_runs(pid) for pid in child))


def _runs(pid: int) -> bool:
    """Whether a process does anything still: a dead one stays listed until somebody asks how it ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _children_named(name: str, parent: int = os.getpid()) -> list[int]:
    """Pids of the children of a process whose program is so named."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in listed if name in Path(f"/proc/{pid}/comm").read_text()]


async def _until(condition: Callable[[], T], timeout_s: float = 10.0) -> T:
    async with asyncio.timeout(timeout_s):
        while not (found := condition()):
            await asyncio.sleep(0.02)
    return found


def _difference(one: bytes, other: bytes) -> int:
    return sum(abs(a - b) for a, b in zip(one[::97], other[::97], strict=True))
