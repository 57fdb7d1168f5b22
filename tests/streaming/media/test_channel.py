import asyncio
from dataclasses import dataclass, field

from streaming.media import flv
from streaming.media.channel import MAX_GOP_PACKETS, MAX_VIEWER_BACKLOG, Channel
from streaming.media.flv import Kind, Packet, Role, TagReader

HEADER = len(flv.header(audio=True))


@dataclass(eq=False)
class Viewer:
    waiting: int = 0
    written: bytearray = field(default_factory=bytearray)
    writes: int = 0
    dropped: bool = False
    finished: bool = False

    def write(self, data: bytes) -> None:
        self.written += data
        self.writes += 1

    def backlog(self) -> int:
        return self.waiting

    def drop(self) -> None:
        self.dropped = True

    def finish(self) -> None:
        self.finished = True

    def seen(self) -> list[tuple[Kind, int, bytes]]:
        return list(TagReader().feed(bytes(self.written[HEADER:])))


METADATA = Packet(Kind.SCRIPT, Role.METADATA, 0, b"meta")
AVC = Packet(Kind.VIDEO, Role.CONFIG, 0, flv.video_body(b"avc", key=True, config=True))
AAC = Packet(Kind.AUDIO, Role.CONFIG, 0, flv.audio_body(b"aac", config=True))


def key(at: int) -> Packet:
    return Packet(Kind.VIDEO, Role.KEY, at, flv.video_body(b"key", key=True))


def frame(at: int) -> Packet:
    return Packet(Kind.VIDEO, Role.FRAME, at, flv.video_body(b"p", key=False))


async def test_a_late_joiner_begins_with_the_last_key_frame_and_its_time() -> None:
    channel = Channel()
    for packet in (METADATA, AVC, AAC, key(1000), frame(1033), key(2000), frame(2033)):
        channel.send(packet)
    viewer = Viewer()

    channel.join(viewer)

    assert viewer.written.startswith(b"FLV\x01\x05")
    assert [(kind, at) for kind, at, _ in viewer.seen()] == [
        (Kind.SCRIPT, 2000),
        (Kind.VIDEO, 2000),
        (Kind.AUDIO, 2000),
        (Kind.VIDEO, 2000),
        (Kind.VIDEO, 2033),
    ]


async def test_who_came_first_waits_for_a_key_frame() -> None:
    channel, viewer = Channel(), Viewer()
    channel.join(viewer)
    channel.send(AVC)
    assert viewer.writes == 0

    channel.send(key(0))

    assert viewer.written.startswith(b"FLV\x01\x01")
    assert [at for _, at, _ in viewer.seen()] == [0, 0]


async def test_packets_go_out_in_batches_that_a_key_frame_closes() -> None:
    channel, viewer = Channel(), Viewer()
    channel.send(AVC)
    channel.send(key(0))
    channel.join(viewer)
    assert viewer.writes == 1

    channel.send(frame(33))
    channel.send(frame(66))
    assert viewer.writes == 1
    channel.send(key(100))
    assert viewer.writes == 2
    async with asyncio.timeout(2):
        while viewer.writes < 3:
            await asyncio.sleep(0.01)

    assert [at for _, at, _ in viewer.seen()] == [0, 0, 33, 66, 100]


async def test_a_slow_viewer_is_dropped_alone() -> None:
    channel, slow, quick = Channel(), Viewer(), Viewer()
    channel.send(key(0))
    channel.join(slow)
    channel.join(quick)
    slow.waiting = MAX_VIEWER_BACKLOG + len(slow.written) + 1

    channel.send(frame(33))
    channel.flush()

    assert slow.dropped
    assert slow.writes == 1
    assert not quick.dropped
    assert quick.writes == 2
    assert channel.viewers == 1


async def test_a_long_opening_alone_does_not_make_a_viewer_slow() -> None:
    channel, viewer = Channel(), Viewer()
    channel.send(Packet(Kind.VIDEO, Role.KEY, 0, bytes(MAX_VIEWER_BACKLOG + 1)))
    channel.join(viewer)
    viewer.waiting = len(viewer.written)

    channel.send(frame(33))
    channel.flush()

    assert not viewer.dropped


async def test_configuration_that_is_known_is_not_repeated() -> None:
    channel, viewer = Channel(), Viewer()
    channel.send(AVC)
    channel.send(key(0))
    channel.join(viewer)

    channel.send(AVC)
    channel.send(AVC._replace(body=flv.video_body(b"another", key=True, config=True)))
    channel.flush()

    assert len(viewer.seen()) == 3


async def test_viewers_stay_through_a_pause_and_joiners_wait_for_the_next_publisher() -> None:
    channel, viewer, late = Channel(), Viewer(), Viewer()
    channel.send(AVC)
    channel.send(key(0))
    channel.join(viewer)

    channel.pause()
    channel.join(late)
    assert late.writes == 0
    channel.send(key(40))

    channel.flush()
    assert [at for _, at, _ in viewer.seen()] == [0, 0, 40]
    assert [at for _, at, _ in late.seen()] == [40, 40]


async def test_the_end_reaches_everybody() -> None:
    channel, watching, waiting = Channel(), Viewer(), Viewer()
    channel.join(waiting)
    channel.pause()
    channel.send(key(0))
    channel.join(watching)

    channel.end()

    assert watching.finished
    assert waiting.finished
    assert channel.viewers == 0


async def test_pictures_without_key_frames_are_not_kept_for_ever() -> None:
    channel, viewer = Channel(), Viewer()
    channel.send(key(0))
    for at in range(MAX_GOP_PACKETS + 10):
        channel.send(frame(at))

    channel.join(viewer)

    assert viewer.writes == 0
