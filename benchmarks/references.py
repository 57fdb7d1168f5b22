"""Known loads with their figures on the machine of record: may this machine, now, judge absolute goals?"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import imageio_ffmpeg
import msgspec

from benchmarks.harness import Reference
from infra.embedded import find_mongod, initiate, mongod_command, mongod_environment
from infra.mongo import Database
from infra.settings import Settings, load

MONGOD_READY_S = 0.65
"""An empty folder to the first primary: 0.60-0.70 s in six starts."""
INSERT_MS = 1.6
"""One insert, w:majority j:true, one after the other, median."""
X264_CPU_S = 0.159
"""H264 to H264, x264 ultrafast on one thread, 2 Mbit/s 720p30: CPU seconds a second of picture."""


def mongod_start() -> Reference:
    """A bare mongod on an empty folder until it takes writes, median of three; s."""
    return Reference("mongod start", statistics.median(_mongod_start() for _ in range(3)), MONGOD_READY_S)


def _mongod_start() -> float:
    folder = Path(tempfile.mkdtemp(prefix="kaibo-bench-"))
    settings: Settings = msgspec.structs.replace(load({}, folder), data=folder)
    began = time.monotonic()
    child = subprocess.Popen(
        mongod_command(settings, find_mongod(settings)),
        env=mongod_environment(settings.run_dir),
        stdout=subprocess.DEVNULL,
    )
    try:
        asyncio.run(initiate(settings))
        return time.monotonic() - began
    finally:
        child.terminate()
        child.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def journaled_insert(db: Database, inserts: int = 200) -> Reference:
    """Serial inserts that are on the disk of the majority when answered; median, ms."""
    collection = db.collection("benchmark_reference")
    taken = []
    for number in range(inserts):
        began = time.perf_counter()
        await collection.insert_one({"_id": f"{time.time_ns()}-{number}"})
        taken.append((time.perf_counter() - began) * 1000)
    return Reference("serial journaled insert", statistics.median(taken), INSERT_MS)


def x264(seconds: int = 8) -> Reference:
    """CPU seconds that x264 takes for a second of a known picture."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.mp4"
        picture = f"testsrc2=size=1280x720:rate=30:duration={seconds}"
        _ffmpeg("-f", "lavfi", "-i", picture, "-c:v", "libx264", "-preset", "medium", "-bf", "0", "-g", "60",
                "-b:v", "2M", "-threads", "1", str(source))  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _ffmpeg("-threads", "1", "-i", str(source), "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "2M",
                "-threads", "1", "-f", "null", "-")  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Reference("x264 ultrafast 720p30", spent / seconds, X264_CPU_S)


def _ffmpeg(*arguments: str) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-nostdin", "-y", *arguments], check=True, timeout=300)


class DiskSyncs:
    """How long bare syncs of 4 KiB took while something was measured, ms."""

    EVERY_S = 0.1

    def __init__(self, folder: Path) -> None:
        self.taken_ms: list[float] = []
        self._over = threading.Event()
        self._file = folder / "syncs"

    def __str__(self) -> str:
        parts = statistics.quantiles(self.taken_ms, n=100)
        told = f"p50 {parts[49]:.1f}, p99 {parts[98]:.0f}, slowest {max(self.taken_ms):.0f} ms"
        return f"fdatasync of 4 KiB meanwhile: {told}"

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Sync ten times a second for the length of a `with`."""
        thread = threading.Thread(target=self._sync)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _sync(self) -> None:
        with self._file.open("wb", buffering=0) as file:
            while not self._over.wait(self.EVERY_S):
                began = time.perf_counter()
                file.write(bytes(4096))
                os.fdatasync(file.fileno())
                self.taken_ms.append((time.perf_counter() - began) * 1000)
