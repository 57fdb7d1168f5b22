"""The broadcaster against a real RTMP server (ffmpeg -listen): picture, true time, sound, coming back."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest
from PIL import ImageChops

from tests.conftest import free_ports
from workers.demo import render
from workers.demo.art import scene
from workers.demo.broadcaster import Broadcaster


@pytest.fixture(scope="module")
def loops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loops")
    render.main(folder, "xiaoman", ["thermos", "candle"])
    return folder


@contextmanager
def listening(ffmpeg: str, port: int, file: Path) -> Iterator[None]:
    """An RTMP server that writes what it is sent and goes away when it is left."""
    server = subprocess.Popen(
        [ffmpeg, "-v", "error", "-y", "-listen", "1", "-f", "flv", "-i", f"rtmp://127.0.0.1:{port}/live/key",
         "-c", "copy", "-f", "matroska", str(file)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        server.terminate()
        server.wait(20)


def wait_until(condition: object, what: str, within_s: float = 40) -> None:
    deadline = time.monotonic() + within_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"expected {what} within {within_s} s"
        time.sleep(0.05)


def written(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def test_it_pushes_a_moving_picture_with_sound_and_changes_the_product(
    ffmpeg: str, loops: Path, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    file = tmp_path / "received.mkv"
    thermos, candle = (render.loop_file(loops, "xiaoman", name) for name in ("thermos", "candle"))
    broadcaster = Broadcaster(f"rtmp://127.0.0.1:{port}/live/key", loops, thermos)
    with listening(ffmpeg, port, file):
        broadcaster.start()
        wait_until(broadcaster.on_air.is_set, "to be on air")
        wait_until(lambda: written(file) > 150_000, "two seconds of picture")
        broadcaster.show(candle)
        wait_until(lambda: written(file) > 500_000, "some more picture")
        broadcaster.stop()

    with av.open(str(file)) as received:
        frames = [frame.to_image() for frame in received.decode(video=0)]  # type: ignore[no-untyped-call]
    with av.open(str(file)) as received:
        sound = list(received.decode(audio=0))
        loudest = max(abs(sample) for frame in sound for sample in memoryview(frame.planes[0]).cast("f"))

    assert frames[0].size == scene.SIZE
    assert len({frame.crop(scene.CLOCK_BOX).tobytes() for frame in frames[:: scene.RATE]}) > 1
    product = (250, 250, 480, 640)
    first, last = frames[0].crop(product), frames[-1].crop(product)
    assert ImageChops.difference(first, last).convert("L").histogram()[60:] != [0] * 196
    assert sum(frame.samples for frame in sound) / sound[0].sample_rate > 2
    assert 0.02 < loudest < 0.6, "quiet music, not silence"


def test_it_comes_back_when_the_server_does(ffmpeg: str, loops: Path, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    broadcaster = Broadcaster(
        f"rtmp://127.0.0.1:{port}/live/key", loops, render.loop_file(loops, "xiaoman", "thermos")
    )
    with listening(ffmpeg, port, tmp_path / "one.mkv"):
        broadcaster.start()
        wait_until(broadcaster.on_air.is_set, "to be on air")
    wait_until(lambda: not broadcaster.on_air.is_set(), "to notice that the server is gone")

    with listening(ffmpeg, port, tmp_path / "two.mkv"):
        wait_until(broadcaster.on_air.is_set, "to be on air again")
        wait_until(lambda: written(tmp_path / "two.mkv") > 50_000, "a picture on the new connection")
        broadcaster.stop()
