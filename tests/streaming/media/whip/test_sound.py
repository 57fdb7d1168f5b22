import itertools
from collections.abc import Iterator
from fractions import Fraction

import av
import pytest

from streaming.media.whip.sound import RATE, Transcoder


@pytest.fixture(scope="module")
def opus() -> list[bytes]:
    """Two seconds of a tone, in packets of 20 ms."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "stereo", av.AudioFormat("s16")
    encoder.time_base = Fraction(1, RATE)
    packets = []
    for index in range(100):
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        samples = (8000 if at // 54 % 2 else -8000 for at in range(index * 960, index * 960 + 960))
        data = b"".join(value.to_bytes(2, "little", signed=True) * 2 for value in samples)
        frame.planes[0].update(data)
        frame.sample_rate, frame.pts, frame.time_base = RATE, index * 960, Fraction(1, RATE)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def times(frames: Iterator[tuple[int, bytes]]) -> list[int]:
    return [at for at, _ in frames]


def test_opus_becomes_aac_that_decodes_and_keeps_its_time(opus: list[bytes]) -> None:
    transcoder = Transcoder()
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = transcoder.config.record
    loudest, placed = 0.0, []
    for index, packet in enumerate(opus):
        for at, data in transcoder.feed(7_000_000 + index * 960, packet):
            placed.append(at)
            for frame in decoder.decode(av.Packet(data)):
                assert isinstance(frame, av.AudioFrame)
                assert frame.sample_rate == RATE
                values = memoryview(bytes(frame.planes[0])).cast("f")[: frame.samples]
                loudest = max(loudest, max(map(abs, values)))

    assert loudest > 0.1
    assert abs(placed[0] - 7_000_000) <= 1024
    assert {later - earlier for earlier, later in itertools.pairwise(placed)} == {1024}


def test_lost_packets_become_silence_so_that_time_goes_on(opus: list[bytes]) -> None:
    transcoder = Transcoder()

    placed = [
        at
        for index, packet in enumerate(opus)
        if not 30 <= index < 50
        for at in times(transcoder.feed(index * 960, packet))
    ]

    assert {later - earlier for earlier, later in itertools.pairwise(placed)} == {1024}
    assert placed[-1] > 96_000 - 4 * 1024


def test_a_long_pause_is_skipped_not_filled(opus: list[bytes]) -> None:
    transcoder = Transcoder()
    for index in range(10):
        list(transcoder.feed(index * 960, opus[index]))

    placed = [
        at for index in range(10, 20) for at in times(transcoder.feed(10_000_000 + index * 960, opus[index]))
    ]

    assert len(placed) < 15
    assert placed[-1] > 10_000_000


def test_a_broken_packet_is_passed_over(opus: list[bytes]) -> None:
    transcoder = Transcoder()
    list(transcoder.feed(0, opus[0]))

    list(transcoder.feed(960, b"\xff" * 3))

    assert times(transcoder.feed(1920, opus[2])) or times(transcoder.feed(2880, opus[3]))
