"""VP8 → H.264 for browsers that have no H.264, in a process of its own: it takes a fifth of a core.

The process reads and writes pictures as `<time, length>` and their bytes. It decodes all, because VP8
pictures build on each other, but encodes none while others wait: a busy machine shows fewer, not later ones.
"""

import asyncio
import queue
import struct
import sys
import threading
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

import av
from av.video.frame import PictureType

from infra.processes import die_with_parent

BIT_RATE = 2_500_000
KEY_FRAME_EVERY_MS = 2_000
LATE = 6
"""Waiting pictures at which the next one is only decoded: 0.2 s at 30 a second."""
MAX_WAITING = 2 << 20
_HEAD = struct.Struct(">qI")
_MS = Fraction(1, 1000)
_PATIENCE_S = 2.0


class RecoderGone(Exception):
    """The process ended or does not keep up."""


class Recoder:
    """Our side of the process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> "Recoder":
        """Start the process."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "streaming.media.whip.recoding"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=die_with_parent,
        )
        return cls(process)

    def feed(self, at: int, picture: bytes) -> None:
        """Give it a VP8 picture. Raises RecoderGone."""
        pipe = self._process.stdin
        assert pipe is not None
        if self._process.returncode is not None or pipe.transport.get_write_buffer_size() > MAX_WAITING:
            raise RecoderGone
        pipe.write(_HEAD.pack(at, len(picture)) + picture)

    async def take(self) -> tuple[int, bytes]:
        """Wait for the next H.264 picture (Annex B) and its time. Raises RecoderGone."""
        pipe = self._process.stdout
        assert pipe is not None
        try:
            at, length = _HEAD.unpack(await pipe.readexactly(_HEAD.size))
            return at, await pipe.readexactly(length)
        except asyncio.IncompleteReadError:
            raise RecoderGone from None

    async def close(self) -> None:
        """End the process."""
        pipe = self._process.stdin
        assert pipe is not None
        pipe.close()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Encoder:
    """H.264 pictures of one size after the other."""

    def __init__(self) -> None:
        self._codec: av.VideoCodecContext | None = None
        self._key_at = 0

    def encode(self, frame: av.VideoFrame, at: int) -> Iterator[tuple[int, bytes]]:
        """The pictures that are ready with this one; a new size begins with a key frame."""
        width, height = frame.width & ~1, frame.height & ~1
        frame = frame.reformat(width, height, "yuv420p")
        if self._codec is None or (self._codec.width, self._codec.height) != (width, height):
            self._codec = _codec(width, height)
            self._key_at = at
        key = at >= self._key_at
        if key:
            self._key_at = at + KEY_FRAME_EVERY_MS
        frame.pict_type = PictureType.I if key else PictureType.NONE
        frame.pts, frame.time_base = at, _MS
        for packet in self._codec.encode(frame):
            yield packet.pts or 0, bytes(packet)


def _codec(width: int, height: int) -> av.VideoCodecContext:
    codec = av.VideoCodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base = _MS
    codec.framerate = Fraction(30)
    codec.thread_count = 1
    codec.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "profile": "baseline",
        "crf": "23",
        "maxrate": str(BIT_RATE),
        "bufsize": str(BIT_RATE // 2),
        "g": "600",
        "forced-idr": "1",
    }
    return codec


def recode(source: BinaryIO, sink: BinaryIO) -> None:
    """Work until the source ends."""
    waiting: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, waiting), daemon=True).start()
    decoder = av.VideoCodecContext.create("vp8", "r")
    decoder.thread_count = 1
    encoder = Encoder()
    while (arrived := waiting.get()) is not None:
        at, picture = arrived
        try:
            frames = decoder.decode(av.Packet(picture))
        except av.FFmpegError:
            continue  # broken: the next key frame mends it
        if waiting.qsize() >= LATE:
            continue
        for frame in frames:
            for made_at, made in encoder.encode(frame, at):
                sink.write(_HEAD.pack(made_at, len(made)) + made)
        sink.flush()


def _read(source: BinaryIO, waiting: "queue.SimpleQueue[tuple[int, bytes] | None]") -> None:
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        at, length = _HEAD.unpack(head)
        waiting.put((at, source.read(length)))
    waiting.put(None)


if __name__ == "__main__":
    recode(sys.stdin.buffer, sys.stdout.buffer)
