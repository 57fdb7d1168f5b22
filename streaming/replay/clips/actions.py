"""Make the clip of an explained product: wait for its picture, cut, cover, publish."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from content.contents.actions import publish_from
from content.programs.rules import makes_clips
from content.programs.store import programs
from infra.jobs import Progress
from schemas.content import Content, ContentKind, Program, Source
from schemas.jobs import Mark
from schemas.media import Recording
from streaming.replay import store
from streaming.replay.clips.rules import (
    MIN_CLIP_MS,
    PRE_ROLL_MS,
    Explanation,
    Piece,
    explanation_of,
    length_ms,
    pieces,
)
from streaming.replay.ffmpeg import Reel, cut, still
from streaming.replay.reasons import Reason, failed
from streaming.replay.waiting import wait_for
from streaming.replay.workshop import Workshop

COVER_AFTER_MS = PRE_ROLL_MS + 1_000
"""The cover is taken a second after the pin."""
TITLE_LENGTH = 60
WAITED, GATHERED, KEPT = 0.1, 0.2, 0.95
"""Progress at the end of each step; cutting and keeping lie between the last two."""


async def make_clip(shop: Workshop, mark_id: str, progress: Progress) -> dict[str, Any]:
    """Publish the clip that a mark belongs to; doing it again changes nothing.

    A mark that continues an earlier one of its product makes that one's clip longer.
    """
    mark = await store.mark(shop.db, mark_id)
    if mark is None:
        raise failed(Reason.SOURCE_GONE, mark_id, retry=False)
    if not makes_clips(await programs.get(shop.db, mark.program)):
        return {"skipped": "not_kept"}
    explanation = await _explanation(shop, mark)
    if explanation.too_short:
        return {"skipped": "too_short"}
    recording = await wait_for(shop.db, mark.program, explanation.to_at)
    await progress(WAITED)
    if recording is None:
        raise failed(Reason.NOTHING_RECORDED, mark_id, retry=False)
    name = f"clip/{mark.program}/{explanation.marks[0]}-{explanation.to_at}"
    async with shop.bench() as bench:
        stretches = await _stretches(shop, recording, explanation)
        if not stretches:
            raise failed(Reason.NOTHING_RECORDED, mark_id, retry=False)
        if length_ms(stretches) < MIN_CLIP_MS:
            return {"skipped": "too_short"}
        reels = await _gather(shop, recording, stretches, bench)
        await progress(GATHERED)
        await _together(
            _cut_and_keep(shop, f"{name}.mp4", reels, stretches, bench / "clip.mp4", progress),
            _cover_and_keep(shop, f"{name}.jpg", reels[0], stretches[0], bench / "cover.jpg"),
        )
    await progress(KEPT)
    if await _explanation(shop, mark) != explanation:
        return {"skipped": "grown"}
    content = await _publish(shop, mark, explanation, recording, name, length_ms(stretches))
    return {"content": content.id}


async def _explanation(shop: Workshop, mark: Mark) -> Explanation:
    found = explanation_of(await store.marks(shop.db, mark.program, mark.product), mark.id)
    if found is None:
        raise failed(Reason.SOURCE_GONE, mark.id, retry=False)
    return found


async def _stretches(shop: Workshop, recording: Recording, explanation: Explanation) -> list[Piece]:
    from_at, to_at = explanation.opening_at, explanation.to_at
    segments = await store.segments_showing(shop.db, recording.id, from_at, to_at)
    return pieces(await shop.footage(recording).unify(segments), from_at, to_at)


async def _gather(shop: Workshop, recording: Recording, stretches: list[Piece], bench: Path) -> list[Reel]:
    reels = []
    for n, piece in enumerate(stretches):
        reel = Reel(bench / f"piece-{n}.mp4", piece.part.duration_ms)
        await shop.footage(recording).join(piece.part.segments, reel.path)
        reels.append(reel)
    return reels


async def _together(*steps: Coroutine[Any, Any, None]) -> None:
    """Do steps at once; when one fails the others are given up and its own error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _cut_and_keep(
    shop: Workshop, key: str, reels: list[Reel], stretches: list[Piece], clip: Path, progress: Progress
) -> None:
    async def cutting(done: float) -> None:
        await progress(GATHERED + (KEPT - GATHERED) / 2 * done)

    async with shop.ffmpegs:
        await cut(
            reels,
            clip,
            skip_ms=stretches[0].skip_ms,
            duration_ms=length_ms(stretches),
            progress=cutting,
        )
    await shop.keep(key, clip, "video/mp4")


async def _cover_and_keep(shop: Workshop, key: str, reel: Reel, piece: Piece, picture: Path) -> None:
    async with shop.ffmpegs:
        await still(reel.path, picture, at_ms=piece.skip_ms + min(COVER_AFTER_MS, piece.duration_ms // 2))
    await shop.keep(key, picture, "image/jpeg")


async def _publish(
    shop: Workshop,
    mark: Mark,
    explanation: Explanation,
    recording: Recording,
    name: str,
    duration_ms: int,
) -> Content:
    program = await programs.get(shop.db, mark.program)
    return await publish_from(
        shop.db,
        kind=ContentKind.CLIP,
        program_id=program.id,
        title=_title(program, mark),
        media=f"{name}.mp4",
        cover=f"{name}.jpg",
        duration_ms=duration_ms,
        products=[mark.product],
        source=Source(
            recordings=[recording.id],
            mark=explanation.marks[0],
            from_at=explanation.opening_at,
            to_at=explanation.to_at,
        ),
    )


def _title(program: Program, mark: Mark) -> str:
    """The name the product had on the shelf; the show's when it is not there any more."""
    on_shelf = (offer.title for offer in program.shelf if mark.offer == offer.id)
    return next(on_shelf, program.title)[:TITLE_LENGTH]
