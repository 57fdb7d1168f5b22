"""Make what a whole show leaves: its replay, and a cover for one that has none."""

from typing import Any

from content.contents.actions import publish_from
from content.programs.actions import cover_if_none
from content.programs.rules import is_recorded
from content.programs.store import programs
from infra.jobs import Progress
from schemas.content import ContentKind, Program, Source
from schemas.media import Recording, Segment
from streaming.replay import store
from streaming.replay.ffmpeg import still
from streaming.replay.reasons import Reason, failed
from streaming.replay.spans import ReplayClock
from streaming.replay.waiting import wait_for, wait_for_end
from streaming.replay.workshop import Workshop

COVER_AFTER_MS = 10_000
END_PATIENCE_S = 10.0
"""How long a replay waits for the recorder to close the last segment."""


async def make_replay(shop: Workshop, program_id: str, progress: Progress) -> dict[str, Any]:
    """Publish a show's replay as soon as its last segment is closed; doing it again changes nothing."""
    if not is_recorded(await programs.get(shop.db, program_id)):
        return {"skipped": "not_kept"}
    recording = await wait_for_end(shop.db, program_id, END_PATIENCE_S)
    segments = await store.segments(shop.db, recording.id) if recording else []
    if recording is None or not segments:
        return {"skipped": Reason.NOTHING_RECORDED}
    await progress(0.5)
    program = await programs.get(shop.db, program_id)
    duration_ms = ReplayClock(segments).duration_ms
    content = await publish_from(
        shop.db,
        kind=ContentKind.REPLAY,
        program_id=program_id,
        title=program.title,
        cover=program.cover or cover_key(program),
        duration_ms=duration_ms,
        products=[offer.product for offer in program.shelf],
        source=Source(recordings=[recording.id], from_at=segments[0].start_at, to_at=segments[-1].end_at),
    )
    if not program.cover:
        # Afterwards: the replay plays at once even when the object store is away.
        await _take_cover(shop, program, recording, segments)
    return {"content": content.id, "duration_ms": duration_ms}


async def make_cover(shop: Workshop, program_id: str, progress: Progress) -> dict[str, Any]:
    """Give a show without a cover a still of its picture, taken ten seconds after it began."""
    program = await programs.get(shop.db, program_id)
    if program.cover:
        return {"skipped": "has_cover"}
    if not is_recorded(program):
        return {"skipped": "not_kept"}
    began_at = program.went_live_at or program.created_at
    recording = await wait_for(shop.db, program_id, began_at + COVER_AFTER_MS)
    await progress(0.5)
    segments = await store.segments(shop.db, recording.id) if recording else []
    if recording is None or not segments:
        raise failed(Reason.NOTHING_RECORDED, program_id, retry=False)
    await _take_cover(shop, program, recording, segments)
    return {"cover": cover_key(program)}


def cover_key(program: Program) -> str:
    """Object key of a program's still."""
    return f"cover/{program.id}.jpg"


async def _take_cover(
    shop: Workshop, program: Program, recording: Recording, segments: list[Segment]
) -> None:
    """Take a still ten seconds in, or from the middle of a shorter show, and make it the cover."""
    clock = ReplayClock(segments)
    at = clock.moment(min(COVER_AFTER_MS, clock.duration_ms // 2))
    segment = next((one for one in reversed(segments) if one.start_at <= at), segments[0])
    async with shop.bench() as bench:
        source, picture = bench / "piece.mp4", bench / "cover.jpg"
        await shop.footage(recording).join([segment], source)
        async with shop.ffmpegs:
            await still(source, picture, at_ms=max(at - segment.start_at, 0))
        await shop.keep(cover_key(program), picture, "image/jpeg")
    await cover_if_none(shop.db, program.id, cover_key(program))
