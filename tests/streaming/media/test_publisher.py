import pytest

from infra.clock import now_ms
from schemas.media import Stream
from schemas.problems import Refused
from streaming.media import flv, publisher
from streaming.media.flv import Kind, Role
from streaming.media.publisher import MAX_KEY_GAP_BYTES, Publisher
from streaming.media.refusals import MediaRefusal

KEY = flv.video_body(b"idr", key=True)
FRAME = flv.video_body(b"p", key=False)


class Stage:
    def __init__(self) -> None:
        self.taken: list[Role] = []
        self.left: list[str] = []

    def accept(self, publisher: Publisher, kind: Kind, role: Role, source_at: int, body: bytes) -> None:
        self.taken.append(role)
        publisher.seen_picture |= role == Role.KEY

    def detach(self, publisher: Publisher, reason: str) -> None:
        self.left.append(reason)


class Connection:
    """A publisher's connection at a time of the test's choosing."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = now_ms()
        self.stage = Stage()
        self.told: list[str] = []
        monkeypatch.setattr(publisher, "now_ms", lambda: self.now)
        stream = Stream(id="str_1", program="prg_1", business="biz_1", protocol="rtmp", started_at=self.now)
        self.publisher = Publisher(self.stage, stream, "credential", self._hung_up)

    def _hung_up(self, refused: Refused) -> None:
        self.told.append(str(refused.code))

    def sends(self, body: bytes, *, after_s: float = 0.04, kind: Kind = Kind.VIDEO) -> None:
        self.now += round(after_s * 1000)
        self.publisher.feed(kind, 0, body)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    return Connection(monkeypatch)


def test_packets_reach_the_stage_with_their_role(connection: Connection) -> None:
    connection.sends(KEY)
    connection.sends(FRAME)
    connection.sends(b"\x27")
    connection.sends(b"\x02\x00\x0aonMetaData", kind=Kind.SCRIPT)

    assert connection.stage.taken == [Role.KEY, Role.FRAME, Role.METADATA]
    assert connection.told == []


def test_another_codec_is_told_and_nothing_more_is_taken(connection: Connection) -> None:
    connection.sends(b"\x90hvc1")
    connection.sends(KEY)

    assert connection.told == [MediaRefusal.CODEC_UNSUPPORTED]
    assert connection.stage.left == [MediaRefusal.CODEC_UNSUPPORTED]
    assert connection.stage.taken == []


def test_sound_without_a_picture_is_ended_after_ten_seconds(connection: Connection) -> None:
    for _ in range(11):
        connection.sends(flv.audio_body(b"aac"), after_s=1, kind=Kind.AUDIO)

    assert connection.told == [MediaRefusal.NO_PICTURE]


def test_key_frames_have_to_come_every_twenty_seconds(connection: Connection) -> None:
    connection.sends(KEY)
    connection.sends(FRAME, after_s=19)
    connection.sends(KEY, after_s=1)
    connection.sends(FRAME, after_s=20)
    assert connection.told == []

    connection.sends(FRAME, after_s=1)

    assert connection.told == [MediaRefusal.KEY_FRAMES_TOO_RARE]


def test_what_lies_between_two_key_frames_is_bounded_in_bytes(connection: Connection) -> None:
    large = flv.video_body(bytes(8 << 20), key=False)
    connection.sends(KEY)
    for _ in range(MAX_KEY_GAP_BYTES // len(large)):
        connection.sends(large)
    assert connection.told == []

    connection.sends(large)

    assert connection.told == [MediaRefusal.KEY_FRAMES_TOO_RARE]


def test_a_silent_publisher_may_be_replaced_and_is_ended_later(connection: Connection) -> None:
    connection.sends(KEY)
    last = connection.now

    assert not connection.publisher.may_be_replaced(last + 5_000)
    assert connection.publisher.may_be_replaced(last + 5_001)
    connection.publisher.check(last + 10_000)
    assert connection.told == []
    connection.publisher.check(last + 10_001)
    assert connection.told == [MediaRefusal.SILENT]


def test_leaving_is_told_once(connection: Connection) -> None:
    connection.publisher.leave("disconnected")
    connection.publisher.leave("again")
    connection.publisher.close(Refused(MediaRefusal.SILENT))

    assert connection.stage.left == ["disconnected"]
    assert connection.told == []
