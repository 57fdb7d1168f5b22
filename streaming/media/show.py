"""One program on this machine: from its first publisher, through interruptions, to its end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

from infra.clock import now_ms
from infra.telemetry import get_logger
from schemas.media import Segment
from schemas.problems import Refused
from streaming.media import metrics
from streaming.media.channel import Channel
from streaming.media.clock import Timeline, WallClock
from streaming.media.flv import Kind, Packet, Role
from streaming.media.hls.segmenter import ClosedSegment, Segmenter
from streaming.media.ledger import Ledger
from streaming.media.ports import Programs
from streaming.media.publisher import Publisher
from streaming.media.pulse import Beat, Pulse
from streaming.media.recorder.recorder import Recorder
from streaming.media.recorder.store import RecordStore
from streaming.media.refusals import MediaRefusal

log = get_logger("media.show")

_FIRST_PICTURE_S = 10
_LINGER_S = 60.0
"""How long players may still fetch the end of a show that is not kept."""


class ShowState(StrEnum):
    """What the machine sees of a program."""

    WAITING = "waiting"
    LIVE = "live"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


class Show:
    """Takes a publisher's packets to the viewers and onto the disk, and tells the record what happens."""

    def __init__(
        self,
        program: str,
        channel: Channel,
        recorder: Recorder,
        store: RecordStore,
        programs: Programs,
        grace_ms: int,
        over: Callable[["Show"], None],
    ) -> None:
        self.program = program
        self.channel = channel
        self.recorder = recorder
        self.state = ShowState.WAITING
        self.publisher: Publisher | None = None
        self.ledger = Ledger(program)
        self._store = store
        self._programs = programs
        self._grace_ms = grace_ms
        self._over = over
        self._grace: asyncio.TimerHandle | None = None
        self._timeline = Timeline()
        self._wall = WallClock()
        self._segmenter = Segmenter(resumed=bool(recorder.segments))
        self._last: dict[Kind, int] = {}
        self._pulse = Pulse()
        self._stopping = asyncio.Event()
        self._finishing: asyncio.Task[None] | None = None

    def attach(self, publisher: Publisher) -> None:
        """A publisher is admitted; the program goes live with its first key frame."""
        self.publisher = publisher
        self._timeline.rebase()
        self._wall.reset()
        metrics.PUBLISHERS.labels(publisher.stream.protocol).inc()

    def accept(self, publisher: Publisher, kind: Kind, role: Role, source_at: int, body: bytes) -> None:
        """Pass on what the current publisher sent. Raises Refused if its configuration can't be read."""
        if publisher is not self.publisher:
            return
        if role in (Role.CONFIG, Role.METADATA):
            self._configure(Packet(kind, role, max(self._last.values(), default=0), body))
            return
        if not publisher.seen_picture:
            if role != Role.KEY:
                return
            publisher.seen_picture = True
            self._go_live(publisher)
        at, jumped = self._timeline.place(source_at)
        if jumped:
            log.info("publisher_clock_jumped", program=self.program, stream=publisher.stream.id)
            self._keep(self._segmenter.interrupt())
            self._wall.reset()
        at = self._last[kind] = max(at, self._last.get(kind, 0))
        packet = Packet(kind, role, at, body)
        self._pulse.feel(publisher.last_at, kind, role, len(body))
        self.channel.send(packet)
        self._keep(self._segmenter.feed(packet, self._wall.observe(at, publisher.last_at)))

    def detach(self, publisher: Publisher, reason: str) -> None:
        """The publisher is gone, for whatever reason: viewers wait, the grace period runs."""
        if publisher is not self.publisher:
            return
        self.publisher = None
        metrics.PUBLISHERS.labels(publisher.stream.protocol).dec()
        self._keep(self._segmenter.interrupt())
        self._pulse.reset()
        self.channel.pause()
        if not publisher.seen_picture:
            return
        ended = publisher.ended(now_ms(), reason)
        self.ledger.submit(lambda: self._store.save_stream(ended))
        if self.state == ShowState.LIVE:
            self.wait_for_publisher()

    def wait_for_publisher(self) -> None:
        """On air without a publisher: it has the grace period to come back."""
        self.state = ShowState.INTERRUPTED
        self.ledger.submit(
            lambda: self._programs.interrupted(self.program, self._grace_ms), self._refused_by_record
        )
        self._run_grace(self._grace_ms / 1000)

    def finish(self, refusal: MediaRefusal = MediaRefusal.PROGRAM_OVER) -> None:
        """The program is over: close the publisher, tell the viewers, finish the recording."""
        if self.state == ShowState.ENDED:
            return
        self.state = ShowState.ENDED
        self._stop_grace()
        if self.publisher is not None:
            self.publisher.close(Refused(refusal))
        self.channel.end()
        self._finishing = asyncio.create_task(self._finish_recording())
        log.info("show_over", program=self.program, segments=len(self.recorder.segments))
        self._over(self)

    def beat(self) -> Beat:
        """How the show is doing right now."""
        now, publisher, pulse = now_ms(), self.publisher, self._pulse
        return Beat(
            state=self.state,
            protocol=publisher.stream.protocol if publisher else "",
            connected_at=publisher.stream.started_at if publisher else 0,
            video_kbps=pulse.video_kbps(now),
            audio_kbps=pulse.audio_kbps(now),
            fps=pulse.fps(now),
            key_every_ms=pulse.key_every_ms(),
            longest_gap_ms=pulse.longest_gap_ms(now),
            silent_ms=now - publisher.last_at if publisher else 0,
            viewers=self.channel.viewers,
            cut=self.channel.cut,
        )

    def closed_segment(self, segment: Segment) -> None:
        """A segment is safe on disk: the collection shall know it."""
        metrics.SEGMENTS.inc()
        self.ledger.submit(lambda: self._store.add_segment(segment))

    async def settle(self, timeout_s: float) -> None:
        """Before the process stops: everything to the disk, and to the database if it answers in time."""
        self._stop_grace()
        self._stopping.set()
        await self.recorder.settled()
        if self._finishing is not None:
            await self._finishing
        await self.ledger.settled(timeout_s)

    def _configure(self, packet: Packet) -> None:
        if packet.role == Role.CONFIG:
            try:
                self._segmenter.configure(packet)
            except ValueError as why:
                raise Refused(MediaRefusal.CODEC_UNREADABLE, why=str(why)) from None
        self.channel.send(packet)

    def _go_live(self, publisher: Publisher) -> None:
        self.state = ShowState.LIVE
        self._stop_grace()
        width, height = self._segmenter.size
        self.ledger.submit(lambda: self._programs.started(publisher.stream), self._refused_by_record)
        self.ledger.submit(lambda: self._store.save_stream(publisher.stream))
        self.ledger.submit(lambda: self._store.set_size(self.recorder.recording.id, width, height))
        log.info("show_live", program=self.program, stream=publisher.stream.id, width=width, height=height)

    def _refused_by_record(self, refused: Refused) -> None:
        """The record says the program may not be on air (any more)."""
        log.warning("show_refused", program=self.program, code=refused.code)
        self.finish()

    def _keep(self, segment: ClosedSegment | None) -> None:
        if segment is not None:
            self.recorder.add(segment)

    def _run_grace(self, delay_s: float) -> None:
        self._stop_grace()
        self._grace = asyncio.get_running_loop().call_later(delay_s, self._grace_over)

    def _stop_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _grace_over(self) -> None:
        if self.publisher is not None:
            self._run_grace(_FIRST_PICTURE_S)
            return
        log.info("grace_over", program=self.program)
        self.ledger.submit(lambda: self._programs.end(self.program, "grace_over"))
        self.finish()

    async def _finish_recording(self) -> None:
        await self.recorder.settled()
        if not self.recorder.recording.kept:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LINGER_S):
                    await self._stopping.wait()
            await self.recorder.drop()
        self.ledger.submit(lambda: self._store.end_recording(self.recorder.recording.id, now_ms()))
