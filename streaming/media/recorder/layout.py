"""Names of recorded files. A folder listing alone tells the recording: nothing else need survive a crash.

<seq>-<start, epoch ms>-<duration, ms>[-d].mp4     a closed segment; d: a discontinuity before it
init-<k>.mp4                                       initialisation; k counts the discontinuities so far
"""

import re
from typing import NamedTuple

_SEGMENT = re.compile(r"(\d{6,9})-(\d{1,15})-(\d{1,9})(-d)?\.mp4")


class SegmentName(NamedTuple):
    """What a segment's file name tells."""

    seq: int
    start_at: int
    duration_ms: int
    discontinuity: bool

    @property
    def file(self) -> str:
        """The name itself."""
        mark = "-d" if self.discontinuity else ""
        return f"{self.seq:06d}-{self.start_at}-{self.duration_ms}{mark}.mp4"


def parse(file: str) -> SegmentName | None:
    """Read a segment's file name; None for any other file."""
    match = _SEGMENT.fullmatch(file)
    if match is None:
        return None
    seq, start_at, duration_ms, mark = match.groups()
    return SegmentName(int(seq), int(start_at), int(duration_ms), mark is not None)


def init_file(index: int) -> str:
    """Name of the initialisation segment in force after `index` discontinuities."""
    return f"init-{index}.mp4"
