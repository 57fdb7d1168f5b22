"""All shows of this process: who may publish, who watches, and what a restart finds."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from infra.clock import now_ms
from infra.mongo import Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.ids import new_id
from schemas.media import Recording, Segment, Stream
from schemas.problems import CommonRefusal, Refused
from streaming.media import metrics
from streaming.media.channel import Channel, Viewer
from streaming.media.ports import Programs
from streaming.media.publisher import Publisher
from streaming.media.recorder.reconcile import reconcile
from streaming.media.recorder.recorder import Recorder
from streaming.media.recorder.store import RecordStore
from streaming.media.refusals import MediaRefusal
from streaming.media.show import Show, ShowState

log = get_logger("media.hub")

TICK_S = 1.0
KEEP_ENDED_S = 600.0
_RETRY_S = 1.0


class Hub:
    """The shows by program. `run` it all along; publishers are admitted once it has found what was left."""

    def __init__(self, store: RecordStore, programs: Programs, recordings: Path, grace_s: float) -> None:
        self._store = store
        self._programs = programs
        self._root = recordings
        self._grace_ms = round(grace_s * 1000)
        self._shows: dict[str, Show] = {}
        self._channels: dict[str, Channel] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self.ready = False

    async def run(self) -> None:
        """Take up what the last run left, however long the database is away; then keep watch for ever."""
        while not self.ready:
            try:
                await self._recover()
                self.ready = True
            except (Unavailable, Unknown) as away:
                log.warning("database_away", why=str(away)[:200])
                await asyncio.sleep(_RETRY_S)
        async with asyncio.TaskGroup() as watches:
            watches.create_task(self._watch_publishers())
            watches.create_task(self._watch_programs())

    async def close(self, timeout_s: float = 2.0) -> None:
        """Close every publisher and keep what it sent; programs stay on air for the next run."""
        self.ready = False
        for show in self._shows.values():
            if show.publisher is not None:
                show.publisher.close(Refused(MediaRefusal.SHUTTING_DOWN))
        await asyncio.gather(*(show.settle(timeout_s) for show in self._shows.values()))
        for channel in self._channels.values():
            channel.end()

    async def publish(
        self, key: str, protocol: str, peer: str, hang_up: Callable[[Refused], None], program: str = ""
    ) -> Publisher:
        """Admit a publisher by its stream key; `program` if it named one. Raises Refused."""
        try:
            return await self._publish(key, protocol, peer, hang_up, program)
        except (Unavailable, Unknown):
            refused = Refused(CommonRefusal.UNAVAILABLE)
        except Refused as no:
            refused = no
        metrics.REFUSED.labels(refused.code).inc()
        log.warning("publish_refused", code=refused.code, protocol=protocol, peer=peer, program=program)
        raise refused

    def channel(self, program: str) -> Channel:
        """The program's channel; viewers may come before the publisher."""
        if program not in self._channels:
            self._channels[program] = Channel()
        return self._channels[program]

    def show(self, program: str) -> Show | None:
        """The program's show, if it has been on air in this run or was when it began."""
        return self._shows.get(program)

    def join(self, program: str, viewer: Viewer) -> None:
        """Connect a viewer. Raises Refused if the program is over."""
        show = self._shows.get(program)
        if show is not None and show.state == ShowState.ENDED:
            raise Refused(MediaRefusal.PROGRAM_OVER)
        self.channel(program).join(viewer)

    def leave(self, program: str, viewer: Viewer) -> None:
        """Disconnect a viewer; a channel that only it kept goes too."""
        channel = self._channels.get(program)
        if channel is None:
            return
        channel.leave(viewer)
        if not channel.viewers and program not in self._shows:
            del self._channels[program]

    def measure(self) -> None:
        """Bring the gauges up to date."""
        metrics.VIEWERS.set(sum(channel.viewers for channel in self._channels.values()))
        metrics.PENDING.set(sum(show.ledger.pending for show in self._shows.values()))

    async def _publish(
        self, key: str, protocol: str, peer: str, hang_up: Callable[[Refused], None], program: str
    ) -> Publisher:
        if not self.ready:
            raise Refused(CommonRefusal.UNAVAILABLE)
        if not key:
            raise Refused(MediaRefusal.KEY_MISSING)
        admission = await self._programs.admit(key)
        if program and program != admission.program_id:
            raise Refused(MediaRefusal.KEY_OF_ANOTHER_PROGRAM)
        show = await self._open(admission.program_id, admission.business_id, kept=admission.recorded)
        if show.state == ShowState.ENDED:
            raise Refused(MediaRefusal.PROGRAM_OVER)
        now = now_ms()
        if show.publisher is not None:
            if not show.publisher.may_be_replaced(now):
                raise Refused(MediaRefusal.PUBLISHER_ACTIVE)
            show.publisher.close(Refused(MediaRefusal.TAKEN_OVER))
        stream = Stream(
            id=new_id("str"),
            program=admission.program_id,
            business=admission.business_id,
            protocol=protocol,
            peer=peer,
            started_at=now,
            created_at=now,
            updated_at=now,
        )
        publisher = Publisher(show, stream, admission.credential, hang_up)
        show.attach(publisher)
        log.info("publisher_admitted", program=stream.program, stream=stream.id, protocol=protocol, peer=peer)
        return publisher

    async def _open(self, program: str, business: str, *, kept: bool) -> Show:
        """The program's show, with its recording as the folder and the collection have it."""
        async with self._opening.setdefault(program, asyncio.Lock()):
            if program not in self._shows:
                recording = await self._store.open_recording(program, business, now_ms(), kept=kept)
                segments = await reconcile(self._store, recording, self._root)
                self._shows[program] = self._new_show(recording, segments)
            return self._shows[program]

    def _new_show(self, recording: Recording, segments: list[Segment]) -> Show:
        def closed(segment: Segment) -> None:
            show.closed_segment(segment)

        recorder = Recorder(recording, self._root, segments, closed)
        show = Show(
            recording.program,
            self.channel(recording.program),
            recorder,
            self._store,
            self._programs,
            self._grace_ms,
            self._forget_later,
        )
        return show

    def _forget_later(self, show: Show) -> None:
        """An ended show is kept for a while, so that its playlist can say so."""

        def forget() -> None:
            self._shows.pop(show.program, None)
            self._channels.pop(show.program, None)
            self._opening.pop(show.program, None)

        asyncio.get_running_loop().call_later(KEEP_ENDED_S, forget)

    async def _recover(self) -> None:
        """Segments that no collection knows are added; programs on air wait for their publisher."""
        await self._store.ensure_indexes()
        await self._store.end_lost_streams(now_ms())
        on_air = {program.program_id: program for program in await self._programs.on_air()}
        unfinished = await self._store.unfinished()
        over = await self._programs.over([recording.program for recording in unfinished])
        for recording in unfinished:
            if recording.program not in on_air:
                await reconcile(self._store, recording, self._root)
            if recording.program in over:
                await self._store.end_recording(recording.id, now_ms())
        for program, found in on_air.items():
            show = await self._open(program, found.business_id, kept=found.recorded)
            if show.state == ShowState.WAITING:
                show.wait_for_publisher()
                log.info("show_recovered", program=program, segments=len(show.recorder.segments))

    async def _watch_publishers(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            now = now_ms()
            for show in list(self._shows.values()):
                if show.publisher is not None:
                    show.publisher.check(now)

    async def _watch_programs(self) -> None:
        """A program may be ended, its key rotated, by its anchor or an operator: ask the record."""
        while True:
            await asyncio.sleep(TICK_S)
            running = [show for show in self._shows.values() if show.state != ShowState.ENDED]
            publishers = [show.publisher for show in running if show.publisher is not None]
            if not running:
                continue
            try:
                over = await self._programs.over([show.program for show in running])
                revoked = await self._programs.revoked(
                    {one.stream.program: one.credential for one in publishers}
                )
            except (Unavailable, Unknown) as away:
                log.warning("database_away", why=str(away)[:200])
                continue
            for show in running:
                if show.program in over:
                    show.finish()
            for publisher in publishers:
                if publisher.stream.program in revoked:
                    publisher.close(Refused(MediaRefusal.KEY_REVOKED))
