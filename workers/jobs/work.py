"""Which event asks for which job, and who does it."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from commerce.stock import allotting
from content.programs.store import programs
from infra.jobs import Handler, Progress, enqueue
from infra.mongo import Database
from schemas.events import (
    Event,
    ExplanationEnded,
    ProgramEnded,
    ProgramErased,
    ProgramWentLive,
    ShelfChanged,
    StockChanged,
)
from schemas.jobs import Job
from schemas.problems import Refused
from streaming.replay.actions import make_cover, make_replay
from streaming.replay.clips.actions import make_clip
from streaming.replay.erasing import erase_footage
from streaming.replay.keeping import keep_show
from streaming.replay.reasons import Reason, failed
from streaming.replay.workshop import Workshop

COVER, REPLAY, CLIP, ERASE = "cover", "replay", "clip", "erase"

Maker = Callable[[Workshop, str, Progress], Awaitable[dict[str, Any]]]
MAKERS: Mapping[str, Maker] = {COVER: make_cover, REPLAY: make_replay, CLIP: make_clip, ERASE: erase_footage}
"""Each takes the job's key: a program's id, for a clip a mark's."""


def handlers(shop: Workshop) -> dict[str, Handler]:
    """Give the handlers of our jobs."""
    return {kind: partial(_make, shop, maker) for kind, maker in MAKERS.items()}


def listeners(shop: Workshop) -> dict[type[Event], Callable[[Any], Awaitable[None]]]:
    """Give what is to be done at each event; done again, it asks for the same job."""
    db = shop.db

    async def went_live(event: ProgramWentLive) -> None:
        await keep_show(shop, event.program)
        await _ask(db, COVER, event.program, event)
        await allotting.follow(db, event.program)

    async def ended(event: ProgramEnded) -> None:
        await keep_show(shop, event.program)
        await _ask(db, REPLAY, event.program, event)
        await allotting.follow(db, event.program)

    async def shelf_changed(event: ShelfChanged) -> None:
        await keep_show(shop, event.program)
        await allotting.follow(db, event.program)

    async def stock_changed(event: StockChanged) -> None:
        await allotting.share_out(db, event.product)

    async def explained(event: ExplanationEnded) -> None:
        await _ask(db, CLIP, event.mark, event)

    async def erased(event: ProgramErased) -> None:
        await _ask(db, ERASE, event.program, event)

    return {
        ProgramWentLive: went_live,
        ProgramEnded: ended,
        ShelfChanged: shelf_changed,
        StockChanged: stock_changed,
        ExplanationEnded: explained,
        ProgramErased: erased,
    }


async def _make(shop: Workshop, maker: Maker, job: Job, progress: Progress) -> dict[str, Any]:
    try:
        return await maker(shop, job.key, progress)
    except Refused as refused:  # the program was erased meanwhile
        raise failed(Reason.SOURCE_GONE, str(refused), retry=False) from refused


async def _ask(
    db: Database,
    kind: str,
    key: str,
    event: ProgramWentLive | ProgramEnded | ExplanationEnded | ProgramErased,
) -> None:
    program = await programs.find(db, {"_id": event.program})
    title = program.title if program else ""
    if program and isinstance(event, ExplanationEnded):
        on_shelf = (offer.title for offer in program.shelf if offer.product == event.product)
        title = next(on_shelf, title)
    await enqueue(db, kind, key, {"title": title}, business=event.business, program=event.program)
