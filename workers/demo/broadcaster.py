"""Pushes the composed picture over real RTMP: a rendered loop, the true time on its clock, music.

Runs in a thread of its own at real-time pace; decoding and encoding happen in FFmpeg's code without the
interpreter lock. When the connection breaks it comes back by itself until it is told to stop.
"""

import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import av
from PIL import Image

from infra.telemetry import get_logger
from workers.demo.art import scene
from workers.demo.art.canvas import INK, figures
from workers.demo.render import AAC_FRAME, MUSIC_FRAMES, SAMPLE_RATE, music_file

RETRY_S = 1.0
OPEN_WITHIN_S = 5.0
LATE_S = 5.0
"""When this far behind (a suspended machine), the clock starts anew instead of rushing."""
ENCODER: dict[str, object] = {
    "preset": "superfast",
    "tune": "zerolatency",
    "crf": "25",
    "maxrate": "1000k",
    "bufsize": "1000k",
    "threads": "1",
    "sc_threshold": "0",
}
log = get_logger("demo.broadcaster")


class Broadcaster:
    """One publish; `show` changes what is on the podium while it runs."""

    def __init__(self, url: str, loops: Path, loop: Path) -> None:
        self._url = url
        self._loops = loops
        self._loop = loop
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broadcaster", daemon=True)
        self.on_air = threading.Event()

    def start(self) -> None:
        """Begin to push."""
        self._thread.start()

    def show(self, loop: Path) -> None:
        """Put the product of this loop on the podium, from the next frame on."""
        self._loop = loop

    def stop(self) -> None:
        """Close the connection and wait for the thread."""
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._push()
            except (av.FFmpegError, OSError) as broken:
                log.info("publish_broken", reason=str(broken)[:200])
            self.on_air.clear()
            self._stop.wait(RETRY_S)

    def _push(self) -> None:
        options = {"flvflags": "no_duration_filesize"}
        timeout = (OPEN_WITHIN_S, OPEN_WITHIN_S)
        with (
            av.open(str(music_file(self._loops))) as music,
            av.open(self._url, "w", format="flv", options=options, timeout=timeout) as out,
        ):
            video = out.add_stream("libx264", rate=scene.RATE)
            video.width, video.height = scene.SIZE
            video.pix_fmt = "yuv420p"
            video.gop_size = scene.RATE * 2
            video.max_b_frames = 0
            video.options = dict(ENCODER)
            audio = out.add_stream_from_template(music.streams.audio[0])
            sound = _rounds(music)
            began = time.monotonic()
            played = 0
            for number, frame in enumerate(self._frames()):
                if self._stop.is_set():
                    break
                due = began + number / scene.RATE
                now = time.monotonic()
                if now < due:
                    time.sleep(due - now)
                elif now > due + LATE_S:
                    raise OSError(
                        f"expected to send every {1 / scene.RATE:.2f} s, got {now - due:.1f} s behind"
                    )
                _write_time(frame)
                frame.pts, frame.time_base = number, Fraction(1, scene.RATE)
                out.mux(video.encode(frame))
                while played * AAC_FRAME * scene.RATE <= number * SAMPLE_RATE:
                    packet = av.Packet(next(sound))
                    packet.pts = packet.dts = played * AAC_FRAME
                    packet.time_base = Fraction(1, SAMPLE_RATE)
                    packet.stream = audio
                    out.mux(packet)
                    played += 1
                self.on_air.set()

    def _frames(self) -> Iterator[av.VideoFrame]:
        """Frames for ever: the loop in force, from its beginning when it changes."""
        while True:
            loop = self._loop
            with av.open(str(loop)) as source:
                for frame in source.decode(video=0):
                    frame.make_writable()
                    frame.pict_type = 0
                    yield frame
                    if self._loop != loop or self._stop.is_set():
                        break
            if self._stop.is_set():
                return


def _rounds(music: Any) -> Iterator[bytes]:
    """The packets of the second round of the music, for ever: the first has the encoder's beginning in it."""
    packets = [bytes(packet) for packet in music.demux(audio=0) if packet.size]
    once = packets[MUSIC_FRAMES : MUSIC_FRAMES * 2]
    for n in count():
        yield once[n % len(once)]


class _Clock:
    """The time as rows of luma, drawn once a second."""

    def __init__(self) -> None:
        self._text = ""
        self._rows: list[bytes] = []

    def rows(self) -> list[bytes]:
        text = time.strftime("%H:%M:%S")
        if text != self._text:
            self._text = text
            self._rows = _luma_rows(text)
        return self._rows


_clock = _Clock()


def _luma_rows(text: str) -> list[bytes]:
    left, top, right, bottom = scene.CLOCK_BOX
    plate = Image.new("RGB", (right - left, bottom - top), INK)
    digits = figures(text, 26, (255, 255, 255), weight=0.02)
    plate.paste(digits, ((plate.width - digits.width) // 2, 4), digits)
    limited = plate.convert("L").point([16 + value * 219 // 255 for value in range(256)])
    luma = limited.tobytes()
    return [luma[start : start + plate.width] for start in range(0, len(luma), plate.width)]


def _write_time(frame: av.VideoFrame) -> None:
    """Writes the true time onto the plate; the frame's own buffers, no copy."""
    left, top, right, bottom = scene.CLOCK_BOX
    luma = memoryview(frame.planes[0])
    stride = frame.planes[0].line_size
    for row, pixels in enumerate(_clock.rows(), start=top):
        luma[row * stride + left : row * stride + right] = pixels
    grey = b"\x80" * ((right - left) // 2)
    for plane in frame.planes[1:]:
        chroma, stride = memoryview(plane), plane.line_size
        for row in range(top // 2, bottom // 2):
            chroma[row * stride + left // 2 : row * stride + right // 2] = grey
