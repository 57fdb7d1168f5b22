"""After a restart the folder is the truth: every closed segment in it belongs to the collection."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

from schemas.media import Recording, Segment
from streaming.media.recorder import disk
from streaming.media.recorder.layout import SegmentName, init_file
from streaming.media.recorder.store import RecordStore


async def reconcile(store: RecordStore, recording: Recording, root: Path) -> list[Segment]:
    """Add what the folder has and the collection lacks; returns all segments of the recording, in order.

    Of a show that is not kept nothing is taken up again, and nothing stays.
    """
    folder = root / recording.folder
    if not recording.kept:
        await asyncio.to_thread(disk.remove_folder, folder)
        return []
    known = await store.segments(recording.id)
    names = await asyncio.to_thread(disk.closed_segments, folder)
    for name, init in missing(known, names):
        data = await asyncio.to_thread((folder / name.file).read_bytes)
        segment = describe(recording, name, init, data)
        await store.add_segment(segment)
        known.append(segment)
    return sorted(known, key=lambda segment: segment.seq)


def missing(known: Sequence[Segment], names: Sequence[SegmentName]) -> list[tuple[SegmentName, str]]:
    """The closed segments that are not known, in order, each with the initialisation segment it needs.

    Old segments may have left the disk for the object store: the known ones count for them.
    """
    there = {segment.seq for segment in known}
    breaks = {segment.seq for segment in known if segment.discontinuity}
    breaks |= {name.seq for name in names if name.discontinuity}
    return [
        (name, init_file(sum(at <= name.seq for at in breaks)))
        for name in sorted(names)
        if name.seq not in there
    ]


def describe(recording: Recording, name: SegmentName, init: str, data: bytes) -> Segment:
    """The document of a closed segment."""
    return Segment(
        id=f"{recording.id}:{name.seq:06d}",
        recording=recording.id,
        program=recording.program,
        seq=name.seq,
        start_at=name.start_at,
        duration_ms=name.duration_ms,
        file=name.file,
        init=init,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        discontinuity=name.discontinuity,
        created_at=name.start_at + name.duration_ms,
        updated_at=name.start_at + name.duration_ms,
    )
