"""One program's recording: closed segments to disk, then to the playlist and to the collection."""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path

from infra.telemetry import get_logger
from schemas.media import Recording, Segment
from streaming.media.hls.segmenter import ClosedSegment
from streaming.media.recorder import disk
from streaming.media.recorder.layout import SegmentName, init_file
from streaming.media.recorder.reconcile import describe

log = get_logger("media.recorder")

MAX_WAITING = 32
WITHIN_REACH = 12
"""Segments that a player of the live playlist may still ask for: twice its window."""
_RETRY_S = 1.0


class Recorder:
    """Writes segments one after the other; a segment exists once it and its folder entry are on the disk.

    A full disk is waited out for MAX_WAITING segments, then the oldest is lost and a discontinuity marks it.
    """

    def __init__(
        self,
        recording: Recording,
        root: Path,
        segments: list[Segment],
        closed: Callable[[Segment], None],
    ) -> None:
        self.recording = recording
        self.segments = segments
        self.lost = 0
        self.longest_ms = max((segment.duration_ms for segment in segments), default=0)
        self.breaks = sum(segment.discontinuity for segment in segments)
        """How many discontinuities the recording has."""
        self._folder = root / recording.folder
        self._closed = closed
        self._waiting: deque[ClosedSegment] = deque()
        self._task: asyncio.Task[None] | None = None
        self._last_start = segments[-1].start_at if segments else 0
        self._seq = segments[-1].seq + 1 if segments else 0
        self._init = b""
        self._grown = asyncio.Event()

    def add(self, segment: ClosedSegment) -> None:
        """Take a segment over; it is written in the background."""
        self._waiting.append(segment)
        if len(self._waiting) > MAX_WAITING:
            self._lose_oldest()
        if self._task is None:
            self._task = asyncio.create_task(self._write_all())

    async def settled(self) -> None:
        """Wait until everything taken over is on the disk."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def wait_for_segment(self, timeout_s: float) -> bool:
        """Whether there is a segment, waiting for the first for up to `timeout_s`."""
        if not self.segments:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._grown.wait()
            except TimeoutError:
                return False
        return True

    def _lose_oldest(self) -> None:
        """Give up the oldest segment but the one being written; what follows it is a discontinuity."""
        writing, lost, following = (self._waiting.popleft() for _ in range(3))
        init = following.init or lost.init or writing.init or self._init
        self._waiting.extendleft((following._replace(discontinuity=True, init=init), writing))
        self.lost += 1
        log.error("segment_lost", recording=self.recording.id, lost=self.lost)

    async def _write_all(self) -> None:
        while self._waiting:
            segment = self._waiting[0]
            # PROGRAM-DATE-TIME never goes back, also when the machine's clock is set back.
            name = SegmentName(
                self._seq,
                max(segment.start_at, self._last_start + 1),
                segment.duration_ms,
                segment.discontinuity,
            )
            init = init_file(self.breaks + name.discontinuity)
            try:
                await asyncio.to_thread(self._write, name, init, segment)
            except OSError as full:
                log.error("segment_not_written", recording=self.recording.id, why=str(full))
                await asyncio.sleep(_RETRY_S)
                continue
            self._waiting.popleft()
            self._init = segment.init or self._init
            self._seq += 1
            self._last_start = name.start_at
            self.breaks += name.discontinuity
            self.longest_ms = max(self.longest_ms, name.duration_ms)
            document = describe(self.recording, name, init, segment.data)
            self.segments.append(document)
            self._grown.set()
            if self.recording.kept:
                self._closed(document)
            else:
                await self._drop_old()
        self._task = None

    async def drop(self) -> None:
        """Remove what is on the disk of a show that is not kept."""
        await asyncio.to_thread(disk.remove_folder, self._folder)

    async def _drop_old(self) -> None:
        """Of a show that is not kept, let go of what has left the playlist and the players' buffers."""
        old = self.segments[:-WITHIN_REACH]
        if old:
            self.segments = self.segments[-WITHIN_REACH:]
            await asyncio.to_thread(disk.remove, self._folder, *(one.file for one in old))

    def _write(self, name: SegmentName, init: str, segment: ClosedSegment) -> None:
        disk.make_folder(self._folder)
        if segment.init is not None:
            disk.write_durably(self._folder / init, segment.init)
        disk.write_durably(self._folder / name.file, segment.data)
