import itertools
import time

import aiortc
import pytest
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.whip import aiortc_seam
from streaming.media.whip.aiortc_seam import AudioBuffer, Batch, SenderReport, Unwrapped, VideoBuffer
from streaming.media.whip.clock import RtpClock


def packet(number: int, at: int = 0, data: bytes = b"") -> RtpPacket:
    made = RtpPacket(sequence_number=number & 0xFFFF, timestamp=at)
    made._data = data or bytes([number & 0xFF])  # type: ignore[attr-defined]
    return made


def delivered(numbers: list[int]) -> list[int]:
    buffer, out = AudioBuffer(), []
    for number in numbers:
        _, frame = buffer.add(packet(number, number * 960))
        if isinstance(frame, Batch):
            out += [at // 960 for at, _ in frame.packets]
    return out


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, 3, 2, 4], [1, 2, 3, 4]),
        ([1, 3, 4, 5, 6], [1, 3, 4, 5, 6]),  # 2 is passed over once four newer ones wait
        ([1, 3, 4, 5], [1]),
        ([1, 2, 1, 3], [1, 2, 3]),
        ([65534, 65535, 65536, 65537], [65534, 65535, 65536, 65537]),
        ([5000, 100, 101], [5000, 100, 101]),  # the sender began anew
    ],
)
def test_sound_is_put_in_order_and_holes_are_passed_over(arrived: list[int], expected: list[int]) -> None:
    assert delivered(arrived) == expected


@given(st.sets(st.integers(10, 990), max_size=50))
def test_only_lost_packets_are_missing(lost: set[int]) -> None:
    sent = [number for number in range(1010) if number not in lost]

    assert delivered(sent)[:900] == sent[:900]


KEY = b"\0\0\0\x01\x67sps\0\0\0\x01\x68pps\0\0\0\x01\x65idr"
PICTURE = b"\0\0\0\x01\x41p"


def test_after_giving_up_on_a_hole_no_picture_passes_until_a_key_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    buffer = VideoBuffer(512)
    passed, asked = [], 0
    for number in range(200):
        now += 1 / 30
        if number == 20:
            continue
        data = KEY if number in (0, 120) else PICTURE
        lost, frame = buffer.add(packet(number, number * 3000, data))
        asked += lost
        if frame is not None:
            passed.append(frame.timestamp // 3000)

    assert asked == 1
    # A picture is known to be whole when the next one begins: 19 waits for the lost one.
    assert passed == [*range(19), *range(120, 199)]


def test_rtp_time_does_not_wrap() -> None:
    mapper = Unwrapped()

    assert [mapper.map(at) for at in (0xFFFFFF00, 0x100, 0xFFFFFFF0)] == [0xFFFFFF00, 0x100000100, 0xFFFFFFF0]


def test_sound_is_moved_to_where_the_sender_s_clock_has_it() -> None:
    clock = RtpClock()
    # The sound's first packet was captured 50 ms before the first picture, but both arrive together.
    clock.video_report(SenderReport(1000.0, 90_000))
    clock.audio_report(SenderReport(1000.0, 48_000))
    assert clock.video(90_000, 5000.0) == 0

    placed = [clock.audio(48_000 - 2400 + 960 * index, 5000.0 + 20 * index) for index in range(100)]

    assert placed[0] == 0
    assert placed[50] == 50 * 20 - 50
    assert placed[99] == 99 * 20 - 50
    steps = [later - earlier for earlier, later in itertools.pairwise(placed)]
    assert set(steps[1:]) <= {18, 20}


def test_without_reports_each_track_begins_when_it_arrived() -> None:
    clock = RtpClock()

    assert clock.audio(7, 1000.0) == 0
    assert clock.video(123, 1040.0) == 40
    assert clock.video(123 + 9000, 1099.0) == 140


def test_another_version_of_aiortc_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiortc, "__version__", "1.17.0")

    with pytest.raises(RuntimeError, match=r"expected aiortc 1\.16\.0, got 1\.17\.0"):
        aiortc_seam.install()
