import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media import flv
from streaming.media.flv import Kind, Packet, Role, TagReader, UnsupportedCodec, classify


@pytest.mark.parametrize(
    ("kind", "body", "role"),
    [
        (Kind.VIDEO, flv.video_body(b"record", key=True, config=True), Role.CONFIG),
        (Kind.VIDEO, flv.video_body(b"idr", key=True), Role.KEY),
        (Kind.VIDEO, flv.video_body(b"p", key=False), Role.FRAME),
        (Kind.VIDEO, b"\x27", None),  # one byte, seen from real encoders
        (Kind.VIDEO, b"\x57\x00\0\0\0", None),  # command frame
        (Kind.VIDEO, b"\x17\x02\0\0\0", None),  # end of sequence
        (Kind.VIDEO, b"", None),
        (Kind.AUDIO, flv.audio_body(b"\x12\x10", config=True), Role.CONFIG),
        (Kind.AUDIO, flv.audio_body(b"frame"), Role.FRAME),
        (Kind.AUDIO, b"\xaf", None),
        (Kind.SCRIPT, b"\x02\x00\x0aonMetaData", Role.METADATA),
    ],
)
def test_roles(kind: Kind, body: bytes, role: Role | None) -> None:
    assert classify(kind, body) == role


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (Kind.VIDEO, b"\x90hvc1", "expected H.264 video, got HEVC"),
        (Kind.VIDEO, b"\x90av01", "expected H.264 video, got AV1"),
        (Kind.VIDEO, b"\x1c\x00\0\0\0", "expected H.264 video, got HEVC"),
        (Kind.VIDEO, b"\x12", "expected H.264 video, got Sorenson H.263"),
        (Kind.AUDIO, b"\x90Opus", "expected AAC audio, got Opus"),
        (Kind.AUDIO, b"\x2fabc", "expected AAC audio, got MP3"),
    ],
)
def test_other_codecs_are_named(kind: Kind, body: bytes, says: str) -> None:
    with pytest.raises(UnsupportedCodec, match=says):
        classify(kind, body)


packets = st.builds(
    Packet,
    kind=st.sampled_from(Kind),
    role=st.just(Role.FRAME),
    at=st.integers(0, 0xFFFFFFFF),
    body=st.binary(max_size=300),
)


@given(st.lists(packets, max_size=5), st.integers(1, 100))
def test_tags_are_read_back_however_they_are_cut(sent: list[Packet], cut: int) -> None:
    data = b"".join(flv.tag(packet) for packet in sent)
    reader = TagReader()

    read = [tag for at in range(0, len(data), cut) for tag in reader.feed(data[at : at + cut])]

    assert read == [(packet.kind, packet.at, packet.body) for packet in sent]


def test_a_time_of_more_than_32_bits_wraps_in_the_tag() -> None:
    [(_, at, _)] = TagReader().feed(flv.tag(Packet(Kind.AUDIO, Role.FRAME, (1 << 32) + 7, b"x")))

    assert at == 7


@given(st.binary(max_size=100))
def test_any_bytes_are_tags_or_a_value_error(data: bytes) -> None:
    try:
        list(TagReader(limit=50).feed(data))
    except ValueError as error:
        assert str(error)


def test_the_header_announces_only_what_is_there() -> None:
    assert flv.header(audio=True)[4] == 5
    assert flv.header(audio=False)[4] == 1


@pytest.mark.parametrize("offset", [0, 80, -40, -(1 << 23)])
def test_composition_offsets_are_signed(offset: int) -> None:
    assert flv.composition_ms(flv.video_body(b"", key=False, composition_ms=offset)) == offset
