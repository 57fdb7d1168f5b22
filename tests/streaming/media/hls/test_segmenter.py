import io
import itertools
import subprocess
from pathlib import Path

import av
import pytest

from streaming.media import flv
from streaming.media.codecs import h264
from streaming.media.flv import Kind, Packet, Role
from streaming.media.hls.segmenter import ClosedSegment, Segmenter
from tests.streaming.media.stage import decode


def packets_of(clip: Path) -> list[Packet]:
    """A real clip as a publisher sends it."""
    packets = []
    with av.open(str(clip)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        for stream, kind in ((video, Kind.VIDEO), (audio, Kind.AUDIO)):
            record = stream.codec_context.extradata or b""
            config = (
                flv.video_body(record, key=True, config=True)
                if kind == Kind.VIDEO
                else flv.audio_body(record, config=True)
            )
            packets.append(Packet(kind, Role.CONFIG, 0, config))
        first: int | None = None
        for packet in container.demux(video, audio):
            if packet.dts is None or packet.time_base is None:
                continue
            at = round(packet.dts * packet.time_base * 1000)
            if packet.stream is video:
                first = min(at, 0) if first is None else first
            at = max(at - (first or 0), 0)  # frames that refer forwards are decoded before time 0
            if packet.stream is video:
                shown = round(((packet.pts or 0) - packet.dts) * packet.time_base * 1000)
                body = flv.video_body(bytes(packet), key=packet.is_keyframe, composition_ms=shown)
                packets.append(Packet(Kind.VIDEO, Role.KEY if packet.is_keyframe else Role.FRAME, at, body))
            else:
                packets.append(Packet(Kind.AUDIO, Role.FRAME, at, flv.audio_body(bytes(packet))))
    return packets


def feed(segmenter: Segmenter, packets: list[Packet], shift: int = 0) -> list[ClosedSegment]:
    closed = []
    for packet in packets:
        if packet.role == Role.CONFIG:
            segmenter.configure(packet)
            continue
        moved = packet._replace(at=packet.at + shift)
        if segment := segmenter.feed(moved, 1_000_000 + moved.at):
            closed.append(segment)
    return closed


@pytest.fixture(scope="module")
def packets(demo_clip: Path) -> list[Packet]:
    return packets_of(demo_clip)


def test_every_frame_is_in_exactly_one_segment_of_two_seconds(packets: list[Packet]) -> None:
    segmenter = Segmenter()

    closed = feed(segmenter, packets)
    last = segmenter.interrupt()

    assert last is not None
    segments = [*closed, last]
    assert [segment.duration_ms for segment in segments[:-1]] == [2000] * 9
    assert [segment.start_at for segment in segments] == list(range(1_000_000, 1_020_000, 2000))
    assert [segment.discontinuity for segment in segments] == [False] * 10
    assert [segment.init is not None for segment in segments] == [True] + [False] * 9
    assert segmenter.size == (640, 360)
    whole = decode((segments[0].init or b"") + b"".join(segment.data for segment in segments), "mp4")
    assert len(whole.pictures) == sum(packet.kind == Kind.VIDEO for packet in packets) - 1
    assert whole.sounds >= sum(packet.kind == Kind.AUDIO for packet in packets) - 3


def test_each_segment_decodes_alone(packets: list[Packet]) -> None:
    closed = feed(Segmenter(), packets)
    init = closed[0].init or b""

    for segment in closed:
        played = decode(init + segment.data, "mp4")
        assert len(played.pictures) == 60
        assert 80 <= played.sounds <= 90


def test_sound_and_picture_keep_their_times(packets: list[Packet]) -> None:
    closed = feed(Segmenter(), packets)
    with av.open(io.BytesIO((closed[0].init or b"") + b"".join(s.data for s in closed)), "r") as container:
        last: dict[str, float] = {}
        for packet in container.demux():
            if packet.dts is not None and packet.time_base is not None:
                last[packet.stream.type] = float(packet.dts * packet.time_base)
    assert last["video"] == pytest.approx(17.966, abs=0.002)
    assert last["audio"] == pytest.approx(17.98, abs=0.03)


def test_an_interruption_closes_the_segment_and_marks_the_next(packets: list[Packet]) -> None:
    segmenter = Segmenter()
    feed(segmenter, packets[:100])

    cut = segmenter.interrupt()
    assert cut is not None
    [following, *_] = feed(segmenter, packets, shift=60_000)

    assert not cut.discontinuity
    assert following.discontinuity
    assert following.init is not None
    assert following.start_at == 1_060_000
    assert segmenter.interrupt() is not None
    assert segmenter.interrupt() is None


def test_a_recording_that_goes_on_after_a_restart_begins_with_a_discontinuity(packets: list[Packet]) -> None:
    [first, second, *_] = feed(Segmenter(resumed=True), packets)

    assert first.discontinuity
    assert first.init is not None
    assert not second.discontinuity


def test_another_picture_size_makes_another_initialisation(packets: list[Packet]) -> None:
    segmenter = Segmenter()
    feed(segmenter, packets[:200])
    sps = bytes.fromhex("6742c01edb0280bfe5c044000003000400000300f03c58ba80")
    another = h264.build_config(sps, b"\x68\xca\x8c\xb2").record
    segmenter.configure(Packet(Kind.VIDEO, Role.CONFIG, 0, flv.video_body(another, key=True, config=True)))

    key = flv.video_body(b"\0\0\0\x01\x65", key=True)
    closed = segmenter.feed(Packet(Kind.VIDEO, Role.KEY, 9_000, key), 1_009_000)
    following = segmenter.interrupt()

    assert closed is not None
    assert following is not None
    assert following.discontinuity
    assert following.init is not None
    assert another in following.init


def test_nothing_is_recorded_before_a_key_frame_with_configuration() -> None:
    segmenter = Segmenter()

    segmenter.feed(Packet(Kind.VIDEO, Role.FRAME, 0, flv.video_body(b"p", key=False)), 0)
    segmenter.feed(Packet(Kind.AUDIO, Role.FRAME, 0, flv.audio_body(b"a")), 0)
    segmenter.feed(Packet(Kind.VIDEO, Role.KEY, 0, flv.video_body(b"k", key=True)), 0)

    assert segmenter.interrupt() is None


def test_frames_of_both_directions_are_shown_in_their_order(ffmpeg: str, tmp_path: Path) -> None:
    clip = tmp_path / "b-frames.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine", "-t", "5"]
    encoder = ["-c:v", "libx264", "-bf", "3", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", str(clip)]
    subprocess.run([ffmpeg, "-v", "error", *source, *encoder], check=True, timeout=60)

    closed = feed(Segmenter(), packets_of(clip))

    whole = decode((closed[0].init or b"") + b"".join(segment.data for segment in closed), "mp4")
    steps = [later - earlier for earlier, later in itertools.pairwise(whole.pictures)]
    assert set(steps) == {40}
    assert len(whole.pictures) == 50 * len(closed)


def test_sound_is_counted_in_samples_from_segment_to_segment(packets: list[Packet]) -> None:
    starts, counts = [], []
    for segment in feed(Segmenter(), packets):
        track = segment.data.split(b"traf")[2]
        starts.append(int.from_bytes(track.partition(b"tfdt\x01\0\0\0")[2][:8], "big"))
        counts.append(int.from_bytes(track.partition(b"trun\x01\0\x0f\x01")[2][:4], "big"))

    lengths = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert lengths == [1024 * count for count in counts[:-1]]
