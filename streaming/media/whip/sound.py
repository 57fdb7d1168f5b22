"""Opus → AAC, the one thing WHIP has to transcode: FLV and HLS players take no Opus."""

from collections.abc import Iterator
from fractions import Fraction

import av

from streaming.media.codecs import aac

RATE = 48_000
CHANNELS = 2
BIT_RATE = 96_000
_MAX_HOLE = RATE
_FRAME = 1024


class Transcoder:
    """Decodes Opus packets and encodes AAC frames that keep the packets' RTP time.

    Lost packets are filled with silence up to a second, so that sound never runs ahead of the picture.
    """

    def __init__(self) -> None:
        self.config = aac.build_config(RATE, CHANNELS)
        self._decoder = av.CodecContext.create("libopus", "r")
        self._decoder.sample_rate = RATE
        self._decoder.layout = "stereo"
        self._encoder = av.CodecContext.create("aac", "w")
        self._encoder.sample_rate = RATE
        self._encoder.layout = "stereo"
        self._encoder.format = av.AudioFormat("fltp")
        self._encoder.bit_rate = BIT_RATE
        self._encoder.time_base = Fraction(1, RATE)
        self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE, frame_size=_FRAME)
        self._base: int | None = None
        self._written = 0
        self._format = ""

    def feed(self, at: int, opus: bytes) -> Iterator[tuple[int, bytes]]:
        """The AAC frames that this packet completes, each with its RTP time."""
        if self._base is None:
            self._base = at
        hole = at - self._base - self._written
        if 0 < hole <= _MAX_HOLE and self._format:
            yield from self._encode(_silence(hole, self._format))
        elif hole > 0:
            self._base += hole
        packet = av.Packet(opus)
        try:
            frames = self._decoder.decode(packet)
        except av.FFmpegError:
            return  # a broken packet is a lost one: the next shows the hole
        for frame in frames:
            self._format = frame.format.name
            yield from self._encode(frame)

    def _encode(self, frame: av.AudioFrame) -> Iterator[tuple[int, bytes]]:
        assert self._base is not None
        frame.pts = self._written
        frame.time_base = Fraction(1, RATE)
        self._written += frame.samples
        for whole in self._resampler.resample(frame):
            for packet in self._encoder.encode(whole):
                yield self._base + (packet.pts or 0), bytes(packet)


def _silence(samples: int, form: str) -> av.AudioFrame:
    frame = av.AudioFrame(format=form, layout="stereo", samples=samples)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate = RATE
    return frame
