"""Glass to glass over RTMP and HTTP-FLV: a time code in the picture, read in Chromium, median after 10 s.

Each 640x360 picture carries the moment it was drawn as a bar code; ffmpeg (x264 zerolatency, key frame every
2 s, AAC) pushes it over RTMP; mpegts.js, set as in the viewer app, plays it; a canvas reads the code of every
picture shown. The encoder, the batches of 50 ms and the player's buffer are all in the figure. The peer is
ffmpeg serving the same stream to the same player itself: no server between can be faster than none.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import av
import imageio_ffmpeg
from playwright.async_api import Page, async_playwright

from benchmarks.harness import Goal, Reference, Report, paired_async
from infra.embedded import find_mongod, initiate, mongod_command, mongod_environment
from infra.mongo import connect
from infra.settings import Settings
from tests.conftest import CHROMIUM_FLAGS, free_ports, fresh_settings
from tests.streaming.media.stage import MediaProcess, open_program, reaches, until

FFMPEG = str(imageio_ffmpeg.get_ffmpeg_exe())
PLAYER = Path(__file__).parents[1] / "frontend/node_modules/mpegts.js/dist/mpegts.js"
WIDTH, HEIGHT, RATE, BITS = 640, 360, 30, 32
SETTLE_S, WATCH_S = 10.0, 6.0
GOAL_S = 1.2
GOAL_RATIO = 1.5
DECODE_RECORDED = 0.045

READ_CODES = """([url, milliseconds, width]) => new Promise((done, failed) => {
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const canvas = document.createElement('canvas');
  canvas.width = width; canvas.height = 1;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  mpegts.LoggingControl.enableAll = false;
  const player = mpegts.createPlayer({type: 'flv', url, isLive: true}, {
    enableStashBuffer: false, autoCleanupSourceBuffer: true, liveSync: true,
    liveSyncTargetLatency: 0.3, liveSyncMaxLatency: 0.6, liveSyncPlaybackRate: 1.2});
  player.on(mpegts.Events.ERROR, (kind, detail) => failed(new Error(kind + ' ' + detail)));
  player.attachMediaElement(video);
  const began = performance.now(), seen = [];
  const look = () => {
    const now = Date.now();
    context.drawImage(video, 0, 40, width, 1, 0, 0, width, 1);
    const pixels = context.getImageData(0, 0, width, 1).data;
    let code = 0;
    for (let bit = 0; bit < 32; bit++) code = code * 2 + (pixels[(bit * 20 + 10) * 4] > 127 ? 1 : 0);
    const late = ((now % 4294967296) - code + 4294967296) % 4294967296;
    seen.push([performance.now() - began, late]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  setTimeout(() => { player.destroy(); video.remove(); done(seen); }, milliseconds);
  player.load();
  video.play();
})"""


async def measure(report: Report) -> None:
    if not PLAYER.exists():
        raise FileNotFoundError(f"{PLAYER} is missing: run `make run` or `npm ci` in frontend/ first")
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        async with media_process(Path(folder)) as media, chromium() as page:
            await page.goto(media.http("/healthz"))
            await page.add_script_tag(path=PLAYER)
            pairs = await paired_async(lambda: over_kaibo(media, page), lambda: over_ffmpeg_alone(page))
        reference = decoding(Path(folder))
    report.absolute("rtmp-flv-delay", pairs.ours, "s", Goal("<=", GOAL_S), reference)
    report.beside("rtmp-flv-delay-ratio", pairs, "s", Goal("<=", GOAL_RATIO), "ffmpeg-alone")


async def over_kaibo(media: MediaProcess, page: Page) -> float:
    """Seconds from drawn to shown, through the media process."""
    db = await connect(media.settings)
    program = await open_program(db)
    camera = Camera(media.rtmp(program.key))
    try:
        await reaches(db, program.id, "live")
        return await watched(page, media.play(program.id, "flv"))
    finally:
        camera.stop()
        db.close()


async def over_ffmpeg_alone(page: Page) -> float:
    """The same with ffmpeg as the HTTP server of its one viewer."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}/live.flv"
    camera = Camera(url, "-listen", "1")
    try:
        await until("ffmpeg listens", lambda: listens(port))
        return await watched(page, url)
    finally:
        camera.stop()


async def listens(port: int) -> bool:
    """Whether somebody listens, by the kernel's word: ffmpeg takes the first connection for its viewer."""
    sockets = await asyncio.to_thread(Path("/proc/net/tcp").read_text)
    return f"0100007F:{port:04X} 00000000:0000 0A" in sockets


async def watched(page: Page, url: str) -> float:
    """Median delay, seconds, of the pictures shown after the player has settled."""
    arguments = [url, (SETTLE_S + WATCH_S) * 1000, WIDTH]
    seen: list[tuple[float, float]] = await page.evaluate(READ_CODES, arguments)
    late = [delay for at, delay in seen if at > SETTLE_S * 1000]
    if len(late) < WATCH_S * RATE / 2:
        raise RuntimeError(f"expected about {WATCH_S * RATE:.0f} pictures, {len(late)} were shown")
    return statistics.median(late) / 1000


class Camera:
    """Draws the time and pushes it, in real time, until stopped."""

    def __init__(self, url: str, *options: str) -> None:
        video = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-"]
        sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"]
        encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
        rest = ["-g", str(2 * RATE), "-b:v", "1M", "-c:a", "aac", "-flush_packets", "1", "-f", "flv"]
        self._process = subprocess.Popen(
            [FFMPEG, "-v", "fatal", *sound, *video, *encoder, *rest, *options, url],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def _draw(self) -> None:
        assert self._process.stdin is not None
        due = time.monotonic()
        with suppress(BrokenPipeError):
            while not self._over.wait(max(0.0, due - time.monotonic())):
                due += 1 / RATE
                code = time.time_ns() // 1_000_000 % (1 << BITS)
                bars = (code >> bit & 1 for bit in reversed(range(BITS)))
                row = b"".join((b"\xeb" if bar else b"\x10") * (WIDTH // BITS) for bar in bars)
                self._process.stdin.write(row * HEIGHT)
                self._process.stdin.flush()


@asynccontextmanager
async def media_process(folder: Path) -> AsyncIterator[MediaProcess]:
    """A mongod and a media process of our own."""
    settings: Settings = fresh_settings(folder)
    mongod = subprocess.Popen(
        mongod_command(settings, find_mongod(settings)),
        env=mongod_environment(settings.run_dir),
        stdout=subprocess.DEVNULL,
    )
    media = MediaProcess(settings, folder / "media.log")
    try:
        await initiate(settings)
        await media.start()
        yield media
    finally:
        if media.process is not None:
            media.stop()
        mongod.terminate()
        mongod.wait(15)


@asynccontextmanager
async def chromium() -> AsyncIterator[Page]:
    """A page that may read a picture of any origin: ffmpeg's own server sends no CORS headers."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*CHROMIUM_FLAGS, "--disable-web-security"]
        )
        yield await browser.new_page()
        await browser.close()


def decoding(folder: Path) -> Reference:
    """CPU seconds of decoding a second of H.264, 720p30 at 2 Mbit/s, in one thread."""
    clip = folder / "reference.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30", "-t", "20"]
    encoder = ["-c:v", "libx264", "-bf", "0", "-g", "60", "-b:v", "2M", "-pix_fmt", "yuv420p"]
    subprocess.run([FFMPEG, "-v", "error", *source, *encoder, str(clip)], check=True, timeout=120)
    used = []
    for _ in range(5):
        with av.open(str(clip), "r") as container:
            container.streams.video[0].thread_count = 1
            before = time.process_time()
            for _frame in container.decode(video=0):
                pass
            used.append((time.process_time() - before) / 20)
    return Reference("decoding 1 s of 720p30, cpu-s", statistics.median(used), DECODE_RECORDED)
