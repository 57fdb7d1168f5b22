import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.flv import Kind
from streaming.media.rtmp import amf0
from streaming.media.rtmp.chunks import ChunkReader, ChunkWriter, Message, ProtocolError
from streaming.media.rtmp.session import Event, Media, Session, StopsPublishing, WantsToPublish


def greeted() -> Session:
    session = Session()
    assert list(session.feed(b"\x03" + bytes(1536))) == []
    assert len(session.outgoing()) == 1 + 2 * 1536
    assert list(session.feed(bytes(1536))) == []
    return session


def tell(session: Session, kind: int, body: bytes, at: int = 0) -> list[Event]:
    return list(session.feed(ChunkWriter().message(5, Message(kind, at, 1, body))))


def command(session: Session, *values: amf0.Value) -> list[Event]:
    return tell(session, 20, amf0.encode(*values))


def answers(session: Session) -> list[Message]:
    return list(ChunkReader().feed(session.outgoing()))


def test_the_handshake_echoes_the_hello_and_may_come_in_pieces() -> None:
    session = Session()
    hello = b"\x03" + bytes(range(256)) * 6
    for at in range(0, len(hello), 100):
        assert list(session.feed(hello[at : at + 100])) == []
    assert session.outgoing()[1537:] == hello[1:]


def test_another_protocol_is_refused_at_its_first_byte() -> None:
    with pytest.raises(ProtocolError, match="expected RTMP version 3, got 71"):
        list(Session().feed(b"GET / HTTP/1.1"))


def test_publishing_from_connect_to_unpublish() -> None:
    session = greeted()

    assert command(session, "connect", 1, {"app": "live"}) == []
    result = amf0.decode(answers(session)[-1].body)
    assert result[:2] == ["_result", 1]
    assert command(session, "releaseStream", 2, None, "k") == []
    assert command(session, "FCPublish", 3, None, "k") == []
    assert command(session, "createStream", 4, None) == []
    assert amf0.decode(answers(session)[-1].body) == ["_result", 4, None, 1]
    assert command(session, "publish", 5, None, "k", "live") == [WantsToPublish("live", "", "k")]
    session.accept()
    [status] = answers(session)
    information = amf0.decode(status.body)[3]
    assert isinstance(information, dict)
    assert information["code"] == "NetStream.Publish.Start"
    assert tell(session, 9, b"\x17\x01\x00\x00\x00x", at=40) == [
        Media(Kind.VIDEO, 40, b"\x17\x01\x00\x00\x00x")
    ]
    assert command(session, "deleteStream", 6, None, 1) == [StopsPublishing()]


@pytest.mark.parametrize(
    ("application", "name", "expected"),
    [
        ("live", "secret", WantsToPublish("live", "", "secret")),
        ("live/", "secret", WantsToPublish("live", "", "secret")),
        ("live", "prg_1?key=secret", WantsToPublish("live", "prg_1", "secret")),
        ("live", "anything?key=secret", WantsToPublish("live", "", "secret")),
        ("live?key=secret", "prg_1", WantsToPublish("live", "prg_1", "secret")),
        ("live?key=old", "prg_1?key=secret", WantsToPublish("live", "prg_1", "secret")),
        ("live", "prg_1", WantsToPublish("live", "prg_1", "")),
        ("vod", "secret", WantsToPublish("vod", "", "secret")),
        ("", "", WantsToPublish("", "", "")),
    ],
)
def test_where_the_key_may_stand(application: str, name: str, expected: WantsToPublish) -> None:
    session = greeted()
    command(session, "connect", 1, {"app": application})

    assert command(session, "publish", 2, None, name, "live") == [expected]


def test_a_refusal_names_code_and_reason() -> None:
    session = greeted()
    session.refuse("key_expired", "The stream key has expired.")

    [status] = answers(session)
    assert amf0.decode(status.body) == [
        "onStatus",
        0,
        None,
        {
            "level": "error",
            "code": "NetStream.Publish.BadName",
            "description": "key_expired: The stream key has expired.",
        },
    ]


def test_a_ping_is_answered_with_its_time() -> None:
    session = greeted()

    assert tell(session, 4, struct.pack(">HI", 6, 777)) == []

    assert answers(session) == [Message(4, 0, 0, struct.pack(">HI", 7, 777))]


def test_what_is_received_is_acknowledged() -> None:
    session = greeted()
    for _ in range(3):
        tell(session, 9, bytes(1 << 20))

    assert 3 in {message.type for message in answers(session)}


def test_an_aggregate_is_taken_apart_on_the_message_s_time() -> None:
    def tag(kind: int, at: int, body: bytes) -> bytes:
        size = len(body).to_bytes(3, "big")
        return bytes([kind]) + size + at.to_bytes(3, "big") + bytes(4) + body + bytes(4)

    body = tag(9, 1000, b"video") + tag(8, 1010, b"sound") + tag(18, 1020, b"skipped") + b"\x09\x00\x00\xff"

    assert tell(greeted(), 22, body, at=5000) == [
        Media(Kind.VIDEO, 5000, b"video"),
        Media(Kind.AUDIO, 5010, b"sound"),
    ]


def test_metadata_loses_its_wrapping_and_amf3_its_first_byte() -> None:
    session = greeted()
    inner = amf0.encode("onMetaData", {"width": 640})

    wrapped = amf0.encode("@setDataFrame") + inner
    assert tell(session, 18, wrapped) == [Media(Kind.SCRIPT, 0, inner)]
    assert tell(session, 15, b"\0" + wrapped) == [Media(Kind.SCRIPT, 0, inner)]
    assert tell(session, 17, b"\0" + amf0.encode("deleteStream", 1)) == [StopsPublishing()]


@pytest.mark.parametrize("body", [b"", b"\x11\x04\x01", b"\x02\x00", amf0.encode("publish"), amf0.encode(7)])
def test_a_command_that_makes_no_sense_leaves_the_connection_usable(body: bytes) -> None:
    session = greeted()

    tell(session, 20, body)

    assert command(session, "deleteStream", 6, None, 1) == [StopsPublishing()]


@given(
    st.lists(st.tuples(st.sampled_from([1, 2, 3, 4, 8, 9, 15, 17, 18, 20, 22, 99]), st.binary(max_size=60)))
)
def test_any_messages_are_understood_skipped_or_end_the_connection(messages: list[tuple[int, bytes]]) -> None:
    session = greeted()
    for kind, body in messages:
        try:
            tell(session, kind, body)
        except ProtocolError as error:
            assert str(error)
            return


values = st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just({"app": 7})


@given(
    st.sampled_from(["connect", "createStream", "publish", "play", "FCPublish"]), st.lists(values, max_size=5)
)
def test_commands_with_any_arguments_are_answered_or_skipped(name: str, arguments: list[amf0.Value]) -> None:
    session = greeted()

    command(session, name, *arguments)

    assert command(session, "deleteStream", 6, None, 1) == [StopsPublishing()]


def test_playing_over_rtmp_is_declined_in_words() -> None:
    session = greeted()

    command(session, "play", 1, None, "prg_1")

    assert b"watch over HTTP-FLV or HLS" in answers(session)[0].body
