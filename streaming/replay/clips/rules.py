"""Which clips a show's marks give, and which stretches of the recording make one.

One product explained is one clip. Marks of a product whose clips would overlap are one clip; under
8 s there is none. A clip begins 2 s before the pin, or where the recording begins. Where the
publisher reconnected, the pieces are joined, for the next one begins with a keyframe; pieces of
another codec configuration can't be joined by copying, so the longest joinable run is the clip.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import groupby

import msgspec

from schemas.jobs import Mark
from schemas.media import Segment
from streaming.replay.spans import Part, ReplayClock, parts_of

PRE_ROLL_MS = 2_000
MIN_CLIP_MS = 8_000
PATIENCE_MS = 30_000
"""How long after the unpin the covering segment may still come (publishers with rare keyframes)."""


class Explanation(msgspec.Struct, frozen=True):
    """A product explained without a break that would show: one mark or several merged."""

    product: str
    marks: tuple[str, ...]
    from_at: int
    to_at: int

    @property
    def opening_at(self) -> int:
        """Where its clip begins: the pin less the pre-roll."""
        return max(self.from_at - PRE_ROLL_MS, 0)

    @property
    def too_short(self) -> bool:
        """True when it gives no clip."""
        return self.to_at - self.from_at < MIN_CLIP_MS


class Piece(msgspec.Struct, frozen=True):
    """A stretch of one part: skip `skip_ms` of its pictures, then show `duration_ms`."""

    part: Part
    skip_ms: int
    duration_ms: int


class Cover(Enum):
    """How far the recording covers what is wanted."""

    WHOLE = "whole"
    """All there: cut."""
    COMING = "coming"
    """The open segment holds the rest: wait."""
    PARTIAL = "partial"
    """The rest will not come: cut what is there."""


def explanations(marks: Iterable[Mark]) -> list[Explanation]:
    """Merge a program's marks into explanations, in order of their start."""
    merged: list[Explanation] = []
    ordered = sorted(marks, key=lambda mark: (mark.product, mark.from_at, mark.id))
    for _, group in groupby(ordered, key=lambda mark: mark.product):
        open_one: Explanation | None = None
        for mark in group:
            here = Explanation(mark.product, (mark.id,), mark.from_at, mark.to_at)
            if open_one is not None and here.opening_at <= open_one.to_at:
                open_one = Explanation(
                    here.product,
                    (*open_one.marks, mark.id),
                    open_one.from_at,
                    max(open_one.to_at, here.to_at),
                )
                merged[-1] = open_one
            else:
                open_one = here
                merged.append(here)
    return sorted(merged, key=lambda one: (one.from_at, one.marks))


def explanation_of(marks: Iterable[Mark], mark: str) -> Explanation | None:
    """Find the explanation that a mark belongs to."""
    return next((one for one in explanations(marks) if mark in one.marks), None)


def cover(last: Segment | None, to_at: int, *, now: int, finished: bool) -> Cover:
    """Judge whether to cut, wait or take what is there.

    `last` is the newest closed segment, `finished` says that the recording gets no further ones.
    """
    if last is not None and last.end_at >= to_at:
        return Cover.WHOLE
    if finished or now - to_at > PATIENCE_MS:
        return Cover.PARTIAL
    return Cover.COMING


def pieces(segments: Sequence[Segment], from_at: int, to_at: int) -> list[Piece]:
    """Choose the stretches that make [from_at, to_at), in order; none when nothing was recorded.

    All but the first begin with their part's first picture, which is a keyframe.
    """
    stretches = [
        piece
        for part in parts_of(segments)
        if (shown := part.between(from_at, to_at)) is not None
        and (piece := _stretch(shown, from_at, to_at)).duration_ms > 0
    ]
    runs = [list(run) for _, run in groupby(stretches, key=lambda piece: piece.part.config)]
    return max(runs, key=length_ms, default=[])


def length_ms(stretches: Iterable[Piece]) -> int:
    """Length of the clip that the stretches make."""
    return sum(piece.duration_ms for piece in stretches)


def _stretch(part: Part, from_at: int, to_at: int) -> Piece:
    clock = ReplayClock(part.segments)
    skip_ms = clock.position(from_at)
    return Piece(part, skip_ms, max(clock.position(to_at) - skip_ms, 0))
