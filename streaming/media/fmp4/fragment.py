"""A media fragment: `moof` with the sample tables, `mdat` with the samples (ISO/IEC 14496-12 §8.8)."""

import struct
from typing import NamedTuple

from streaming.media.fmp4.boxes import box, full_box

SYNC = 0x02000000
"""Sample flags of a sample that depends on no other."""
DEPENDENT = 0x01010000
"""Sample flags of a sample that can't be a start."""
_DEFAULT_BASE_IS_MOOF = 0x020000
_OFFSET_DURATION_SIZE_FLAGS_COMPOSITION = 0x000F01


class Sample(NamedTuple):
    """One frame; duration and composition offset in the clock of its track."""

    duration: int
    flags: int
    composition: int
    data: bytes


class Run(NamedTuple):
    """The samples of one track in a fragment, beginning at `start` in the clock of that track."""

    track: int
    start: int
    samples: list[Sample]


def fragment(sequence: int, runs: list[Run]) -> bytes:
    """A `moof` and its `mdat`; the tracks' samples lie one track after the other."""
    runs = [run for run in runs if run.samples]
    sizes = [sum(len(sample.data) for sample in run.samples) for run in runs]
    first = len(_movie_fragment(sequence, runs, [0] * len(runs))) + 8
    offsets = [first + sum(sizes[:index]) for index in range(len(runs))]
    return b"".join(
        (
            _movie_fragment(sequence, runs, offsets),
            struct.pack(">I4s", sum(sizes) + 8, b"mdat"),
            *(sample.data for run in runs for sample in run.samples),
        )
    )


def _movie_fragment(sequence: int, runs: list[Run], offsets: list[int]) -> bytes:
    header = full_box(b"mfhd", 0, 0, struct.pack(">I", sequence))
    return box(b"moof", header, *(_track_fragment(*pair) for pair in zip(runs, offsets, strict=True)))


def _track_fragment(run: Run, offset: int) -> bytes:
    table = b"".join(
        struct.pack(">IIIi", sample.duration, len(sample.data), sample.flags, sample.composition)
        for sample in run.samples
    )
    return box(
        b"traf",
        full_box(b"tfhd", 0, _DEFAULT_BASE_IS_MOOF, struct.pack(">I", run.track)),
        full_box(b"tfdt", 1, 0, struct.pack(">Q", run.start)),
        full_box(
            b"trun",
            1,
            _OFFSET_DURATION_SIZE_FLAGS_COMPOSITION,
            struct.pack(">Ii", len(run.samples), offset),
            table,
        ),
    )
