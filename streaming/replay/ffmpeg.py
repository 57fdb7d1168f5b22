"""The one seam on ffmpeg: cut without re-encoding, take a still.

Commands are built by ffmpeg-python and run as child processes which die with this process. The
binary comes from the imageio-ffmpeg wheel.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import av
import ffmpeg
import imageio_ffmpeg

from infra.processes import die_with_parent
from infra.telemetry import get_logger

Progress = Callable[[float], Awaitable[None]]
"""Told how much is done, 0.0 to 1.0."""

STILL_WIDTH = 720
STILL_TIMEOUT_S = 20.0
CUT_TIMEOUT_S = 30.0
"""For opening and closing; a twentieth of the clip's length comes on top (copying runs ~500x)."""

_log = get_logger(__name__)
CUT_TOLERANCE_MS = 1_000
"""ffmpeg takes damaged input for a short one and is content; we are not."""


class Reel(NamedTuple):
    """A file to cut from, and how long its pictures are."""

    path: Path
    duration_ms: int


class FfmpegFailed(Exception):
    """ffmpeg gave up, or took too long; the text is its own plain reason."""


async def cut(
    reels: Sequence[Reel], target: Path, *, skip_ms: int, duration_ms: int, progress: Progress | None = None
) -> None:
    """Copy a stretch of H264 and AAC into an mp4 that begins exactly `skip_ms` into the first picture.

    The packets from the keyframe before are kept and hidden by an edit list, so the start is exact
    in players and in ffmpeg; the end may be late by the few pictures that B frames reorder.
    `reels` after the first are joined: each begins with a keyframe and has the same codec
    configuration. Raises FfmpegFailed.
    """
    lead_in_s = await asyncio.to_thread(picture_lead_in_s, reels[0].path)
    skip = f"{lead_in_s + skip_ms / 1000:.6f}"
    if len(reels) == 1:
        source = ffmpeg.input(str(reels[0].path), ss=skip)
    else:
        playlist = target.with_suffix(".ffconcat")
        await asyncio.to_thread(playlist.write_text, _concat_list(reels, lead_in_s))
        source = ffmpeg.input(str(playlist), format="concat", safe=0, ss=skip)
    output = source.output(
        str(target), t=f"{duration_ms / 1000:.3f}", c="copy", movflags="+faststart", format="mp4"
    )
    await _run(output, CUT_TIMEOUT_S + duration_ms / 20_000, duration_ms, progress)
    made_ms = await asyncio.to_thread(_picture_ms, target)
    if abs(made_ms - duration_ms) > CUT_TOLERANCE_MS:
        raise FfmpegFailed(f"the cut has {made_ms} ms of {duration_ms} ms")


async def still(source: Path, target: Path, *, at_ms: int) -> None:
    """Write one picture as a JPEG of at most 720 pixels width. Raises FfmpegFailed."""
    lead_in_s = await asyncio.to_thread(picture_lead_in_s, source)
    picture = ffmpeg.input(str(source), ss=f"{lead_in_s + at_ms / 1000:.6f}").filter(
        "scale", f"min({STILL_WIDTH},iw)", -2
    )
    output = picture.output(str(target), vframes=1, format="image2", update=1, **{"q:v": 3})
    await _run(output, STILL_TIMEOUT_S)
    if not await asyncio.to_thread(target.exists):
        raise FfmpegFailed("there is no picture at this time")


def picture_lead_in_s(path: Path) -> float:
    """Measure how long the sound of a file begins before its first picture, seconds."""
    try:
        with av.open(path) as container:
            picture = container.streams.video[0]
            start_s = (container.start_time or 0) / av.time_base
            return float((picture.start_time or 0) * (picture.time_base or 0)) - start_s
    except (av.FFmpegError, IndexError) as error:
        raise FfmpegFailed(f"no picture can be read: {error}") from error


def _picture_ms(path: Path) -> int:
    try:
        with av.open(path) as container:
            picture = container.streams.video[0]
            return int((picture.duration or 0) * (picture.time_base or 0) * 1000)
    except (av.FFmpegError, IndexError) as error:
        raise FfmpegFailed(f"no picture was cut: {error}") from error


@cache
def binary() -> str:
    """Path of the ffmpeg program."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _concat_list(reels: Sequence[Reel], lead_in_s: float) -> str:
    """List the reels with their durations, which ffmpeg guesses wrong for fragments that begin late."""
    lines = ["ffconcat version 1.0"]
    for n, reel in enumerate(reels):
        duration_s = reel.duration_ms / 1000 + (lead_in_s if n == 0 else 0)
        lines += [f"file '{reel.path}'", f"duration {duration_s:.6f}"]
    return "\n".join([*lines, ""])


async def _run(output: Any, timeout_s: float, duration_ms: int = 0, progress: Progress | None = None) -> None:
    """Run a compiled command to its end; the child never outlives this call."""
    command = output.global_args(
        *("-v", "error", "-nostdin", "-progress", "pipe:1", "-nostats", "-stats_period", "0.1")
    ).compile(cmd=binary(), overwrite_output=True)
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=die_with_parent,
    )
    assert child.stdout is not None and child.stderr is not None
    try:
        async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as tasks:
            tasks.create_task(_report(child.stdout, duration_ms, progress))
            said = tasks.create_task(child.stderr.read())
            code = await child.wait()
    except TimeoutError as error:
        raise FfmpegFailed(f"not done after {timeout_s:.0f} s") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if code:
        reason = _plain(said.result().decode(errors="replace"))
        _log.warning("ffmpeg failed", code=code, reason=reason, command=command)
        raise FfmpegFailed(reason or f"exit code {code}")


async def _report(lines: asyncio.StreamReader, duration_ms: int, progress: Progress | None) -> None:
    async for line in lines:
        name, _, value = line.decode().strip().partition("=")
        if progress and duration_ms and name == "out_time_us" and value.lstrip("-").isdigit():
            await progress(min(max(int(value) / 1000 / duration_ms, 0.0), 1.0))


def _plain(stderr: str) -> str:
    """Take the last line that says something, without ffmpeg's `[mov,mp4 @ 0x…]` in front."""
    lines = [line.rpartition("] ")[2].strip() for line in stderr.splitlines()]
    return next((line for line in reversed(lines) if line and line != "Conversion failed!"), "")
