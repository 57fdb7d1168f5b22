"""From the end of a show to a replay that plays: the whole product, ffmpeg pushing RTMP, median of three.

The clock starts when POST /end is sent and stops when the replay is listed, its signed playlist is complete
to the last picture, and its first picture is decoded through the web server's static path.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import httpx
import imageio_ffmpeg

from benchmarks.harness import Goal, Reference, Report
from tests.conftest import fresh_settings
from tests.e2e.product import Product, Shop, push

SHOWS = 3
FFMPEG = str(imageio_ffmpeg.get_ffmpeg_exe())
CLIP_S = 62
ON_AIR_S = 7.3
LOOK_S = 0.02
GOAL = Goal("<=", 5)


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder)) as product:
            shop = await Shop.open(product)
            clip = make_clip(Path(folder) / "clip.mp4")
            took_s = [await one_show(shop, product.url, clip) for _ in range(SHOWS)]
        report.note("shows: " + ", ".join(f"{one:.2f} s" for one in took_s))
        report.absolute("replay-ready", statistics.median(took_s), "s", GOAL, stream_copy(clip))


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Product]:
    """The whole product without its pages, on free ports."""
    product = Product(fresh_settings(folder / "data", skip_frontend=True, secret=""))
    try:
        await asyncio.to_thread(product.start)
        yield product
    finally:
        await asyncio.to_thread(product.stop)


@asynccontextmanager
async def on_air(shop: Shop, clip: Path) -> AsyncIterator[str]:
    """A program with a picture; gives its id."""
    program: str = (await shop.new_program())["id"]
    address = await shop.push_address(program)
    publisher = push(FFMPEG, clip, address["url"])
    try:
        while (await shop.clerk.get(f"/v1/programs/{program}"))["state"] != "live":
            await asyncio.sleep(LOOK_S)
        yield program
    finally:
        publisher.kill()
        publisher.wait()


async def one_show(shop: Shop, url: str, clip: Path) -> float:
    """How long after its end a show's replay plays, seconds."""
    async with on_air(shop, clip) as program:
        await asyncio.sleep(ON_AIR_S)
        began = time.monotonic()
        await shop.clerk.post(f"/v1/programs/{program}/end")
        replay = await first_content(shop, program, "replay")
        play = await shop.viewer.get(f"/v1/contents/{replay['id']}/play")
        address = f"{url}{play['url']}"
        async with httpx.AsyncClient() as http:
            playlist = (await http.get(address)).raise_for_status().text
        recorded_s = sum(float(line[8:-1]) for line in playlist.splitlines() if line.startswith("#EXTINF:"))
        await asyncio.to_thread(decode_first, address)
        took_s = time.monotonic() - began
    assert "#EXT-X-ENDLIST" in playlist
    assert recorded_s >= ON_AIR_S - 1, f"the replay holds {recorded_s} s of a show of {ON_AIR_S} s"
    return took_s


async def first_content(shop: Shop, program: str, kind: str, known: int = 0) -> Any:
    """Ask as a viewer does until the program has more than `known` contents of a kind; gives the newest."""
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        items = (await shop.viewer.get(f"/v1/programs/{program}/contents"))["items"]
        found = [one for one in items if one["kind"] == kind]
        if len(found) > known:
            return found[-1]
        await asyncio.sleep(LOOK_S)
    raise AssertionError(f"no {kind} of {program} within a minute")


def decode_first(address: str) -> None:
    with av.open(address) as container:
        next(container.decode(video=0))


def make_clip(path: Path) -> Path:
    """A minute of 720p at 1.9 Mbit/s with a keyframe a second, as a phone sends it."""
    picture = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"]
    video = [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-tune",
        "zerolatency",
        "-g",
        "30",
        "-pix_fmt",
        "yuv420p",
    ]
    rate = ["-b:v", "1800k", "-maxrate", "1800k", "-bufsize", "1800k", "-c:a", "aac", "-b:a", "96k"]
    command = [FFMPEG, "-v", "error", "-y", *picture, *sound, "-t", str(CLIP_S), *video, *rate, str(path)]
    subprocess.run(command, check=True, timeout=300)
    return path


def stream_copy(clip: Path) -> Reference:
    """CPU seconds of copying a minute out of a file, the recorded figure being of the same ffmpeg."""
    command = [FFMPEG, "-v", "error", "-y", "-ss", "0.5", "-i", str(clip), "-t", "60", "-c", "copy"]
    used = []
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [*command, "-movflags", "+faststart", str(clip.with_name("copy.mp4"))], check=True, timeout=60
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return Reference("stream copy of 60 s, cpu-s", statistics.median(used), 0.07)
