import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.rtmp.chunks import (
    MAX_HALF_OPEN,
    MAX_STREAMS,
    ChunkReader,
    ChunkWriter,
    Message,
    ProtocolError,
)


def read(*parts: bytes) -> list[Message]:
    reader = ChunkReader()
    return [message for part in parts for message in reader.feed(part)]


def head(form: int, stream: int, time: int, length: int, kind: int = 9) -> bytes:
    """A chunk header of form 0 to 2; `time` up to 0xFFFFFF."""
    whole = time.to_bytes(3, "big") + length.to_bytes(3, "big") + bytes([kind]) + (1).to_bytes(4, "little")
    return bytes([form << 6 | stream]) + whole[: (11, 7, 3)[form]]


messages = st.builds(
    Message,
    type=st.sampled_from([8, 9, 18, 20]),
    at=st.integers(0, 0xFFFFFFFF),
    stream=st.integers(0, 5),
    body=st.binary(max_size=700),
)


@given(st.lists(st.tuples(st.integers(2, 20), messages), max_size=6), st.integers(1, 400), st.booleans())
def test_what_is_written_is_read_however_it_is_cut(
    sent: list[tuple[int, Message]], cut: int, announced: bool
) -> None:
    writer = ChunkWriter()
    data = b""
    if announced:
        data = writer.message(2, Message(1, 0, 0, ChunkWriter.CHUNK_SIZE.to_bytes(4, "big")))
        writer.announced()
    data += b"".join(writer.message(stream, message) for stream, message in sent)

    received = read(*(data[at : at + cut] for at in range(0, len(data), cut)))

    assert received == [message for _, message in sent]


@given(st.binary(max_size=600))
def test_any_bytes_give_messages_or_a_protocol_error(data: bytes) -> None:
    try:
        read(data)
    except ProtocolError as error:
        assert str(error)


@pytest.mark.parametrize("repeated", [True, False])
def test_the_extended_time_may_or_may_not_be_repeated_in_continuing_chunks(repeated: bool) -> None:
    time = 0x01020304
    extended = time.to_bytes(4, "big")
    body = bytes(range(256)) + bytes(44)
    data = head(0, 4, 0xFFFFFF, len(body)) + extended + body[:128]
    for at in (128, 256):
        data += b"\xc4" + (extended if repeated else b"") + body[at : at + 128]

    assert read(data) == [Message(9, time, 1, body)]


def test_interleaved_chunk_streams_are_put_together() -> None:
    video, sound = bytes(200), b"\xff" * 10
    data = head(0, 6, 40, 200) + video[:128] + head(0, 4, 41, 10, 8) + sound + b"\xc6" + video[128:]

    assert read(data) == [Message(8, 41, 1, sound), Message(9, 40, 1, video)]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (23, [23, 46]),  # FFmpeg repeats a first time as the delta
        (500_000, [500_000, 500_000]),  # librtmp means that no time has passed
    ],
)
def test_a_headerless_message_after_an_absolute_time(first: int, expected: list[int]) -> None:
    data = head(0, 4, first, 1, 8) + b"a" + b"\xc4" + b"b"

    assert [message.at for message in read(data)] == expected


def test_deltas_add_up_and_wrap() -> None:
    data = head(0, 4, 0xFFFFFF, 1) + b"\xff\xff\xff\xf0" + b"a"
    data += head(1, 4, 32, 1) + b"b" + head(2, 4, 8, 1) + b"c" + b"\xc4d"

    assert [message.at for message in read(data)] == [0xFFFFFFF0, 0x10, 0x18, 0x20]


def test_high_chunk_stream_numbers_have_longer_headers() -> None:
    body = head(0, 0, 7, 1)[1:] + b"x"
    data = b"\x00\x05" + body + b"\x01\x05\x01" + body

    assert [message.at for message in read(data)] == [7, 7]


def test_set_chunk_size_counts_from_the_next_chunk() -> None:
    data = head(0, 2, 0, 4, 1) + (1000).to_bytes(4, "big") + head(0, 4, 0, 900) + bytes(900)

    assert [len(message.body) for message in read(data)] == [900]


def test_an_aborted_message_is_forgotten() -> None:
    data = head(0, 4, 0, 200) + bytes(128)
    data += head(0, 2, 0, 4, 2) + (4).to_bytes(4, "big")
    data += head(0, 4, 9, 3) + b"new"

    assert read(data) == [Message(9, 9, 1, b"new")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xc4", "starts without a header"),
        (head(0, 2, 0, 4, 1) + bytes(4), "chunk size of at least 1, got 0"),
        (head(0, 4, 0, 9_000_000), "at most 8388608 bytes, got 9000000"),
        (head(0, 4, 0, 200) + bytes(128) + head(0, 4, 0, 9), "inside another"),
        (
            b"".join(head(0, stream, 0, 200) + bytes(128) for stream in range(3, 4 + MAX_STREAMS)),
            "at most 32 chunk streams",
        ),
    ],
)
def test_what_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        read(data)


def test_unfinished_messages_are_bounded_in_all() -> None:
    size = 6 << 20
    chunk = 5 << 20
    data = head(0, 2, 0, 4, 1) + chunk.to_bytes(4, "big")
    half = b"".join(head(0, stream, 0, size) + bytes(chunk) for stream in range(3, 7))
    assert 4 * chunk > MAX_HALF_OPEN

    with pytest.raises(ProtocolError, match="too many bytes in unfinished messages"):
        read(data, half)
