"""Recorded time: continuous parts of a recording, and where a moment of the wall clock lies in them.

Segments carry the wall clock at ingest, which may step by fractions of a second while the recorder
learns a publisher's delay; their pictures follow each other without a hole all the same. Between
parts the publisher was away or changed its codec configuration. The replay's own time line is all
parts one after the other, so an interruption takes no time in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from schemas.media import Segment


class Part(msgspec.Struct, frozen=True):
    """Segments that play on without a hole, all under one init segment."""

    segments: tuple[Segment, ...]

    @property
    def start_at(self) -> int:
        """When its first picture came in, epoch ms."""
        return self.segments[0].start_at

    @property
    def end_at(self) -> int:
        """When its last picture ends, epoch ms."""
        return self.segments[-1].end_at

    @property
    def config(self) -> tuple[str, str]:
        """Its codec configuration: the recording and the name of the init segment there."""
        return self.segments[0].recording, self.segments[0].init

    @property
    def duration_ms(self) -> int:
        """Length of its pictures."""
        return sum(segment.duration_ms for segment in self.segments)

    def between(self, from_at: int, to_at: int) -> "Part | None":
        """Narrow to the segments that show anything of [from_at, to_at)."""
        shown = tuple(s for s in self.segments if s.start_at < to_at and s.end_at > from_at)
        return Part(shown) if shown else None


def continues(before: Segment, after: Segment) -> bool:
    """Tell whether `after` plays on from `before` without a hole."""
    return (
        before.recording == after.recording
        and before.init == after.init
        and before.seq + 1 == after.seq
        and not after.discontinuity
    )


def parts_of(segments: Iterable[Segment]) -> list[Part]:
    """Group segments (in order) into continuous parts."""
    parts: list[list[Segment]] = []
    for segment in segments:
        if parts and continues(parts[-1][-1], segment):
            parts[-1].append(segment)
        else:
            parts.append([segment])
    return [Part(tuple(part)) for part in parts]


class ReplayClock:
    """Translates between the wall clock (epoch ms) and positions in the replay (ms from its start)."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._starts = [segment.start_at for segment in segments]
        self._positions = [0]
        for segment in segments:
            self._positions.append(self._positions[-1] + segment.duration_ms)

    @property
    def duration_ms(self) -> int:
        """Length of the replay."""
        return self._positions[-1]

    def position(self, at: int) -> int:
        """Find the position of a moment.

        A moment of an interruption lies where the picture comes back; one before the first picture
        at 0, one after the last at the end.
        """
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        into = min(at - self._starts[index], self._segments[index].duration_ms)
        return self._positions[index] + into

    def is_before(self, at: int, position_ms: int) -> bool:
        """Tell whether a moment is over at a position; what came before the first picture always is."""
        return not self._starts or at < self._starts[0] or self.position(at) < position_ms

    def moment(self, position_ms: int) -> int:
        """Find the wall clock of a position; positions beyond the ends are clamped to them."""
        if not self._segments:
            return 0
        index = min(bisect_right(self._positions, max(position_ms, 0)), len(self._segments)) - 1
        into = min(max(position_ms, 0) - self._positions[index], self._segments[index].duration_ms)
        return self._starts[index] + into
