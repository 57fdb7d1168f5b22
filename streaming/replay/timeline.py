"""What happened beside the picture: chat, pins, shelf and notice, by the replay's own time.

Read from the room log. Chat lies where its sender's screen was (`seen_at`), everything else where
the owner's clock says; what was said during an interruption lies where the picture comes back.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from content.programs.store import programs
from infra.mongo import Database
from schemas.base import Ms
from schemas.content import Content, ContentKind, Offer
from schemas.media import Segment
from schemas.problems import CommonRefusal, Refused
from schemas.room import AnyRoomEvent, Announced, ChatSent, OfferPinned, OfferUnpinned, RoomEvent, ShelfSet
from streaming.live_room.log.reader import COLLECTION, events_between, read_batches, read_tail
from streaming.replay import store
from streaming.replay.spans import ReplayClock

MAX_WINDOW_MS = 10 * 60_000
MAX_DELAY_MS = 60_000
"""How far behind the show a sender's screen may have been; what claims more is not believed."""
MAX_MOMENTS = 5_000
SCENERIES_KEPT = 64

Scenery = tuple[RoomEvent, ...]
"""The events of a log that change what stands beside the picture, few even in a long show."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the picture at a moment."""

    offers: list[Offer] = []
    pinned: str = ""
    """Offer id being explained, or empty."""
    notice: str = ""


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A product being explained, in the replay's time."""

    offer: str
    product: str
    title: str
    from_ms: Ms
    to_ms: Ms


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """An event and where it lies in the replay."""

    at_ms: Ms
    event: AnyRoomEvent


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A window [from_ms, to_ms) of a replay: the scene at its start and all moments in it."""

    from_ms: Ms
    to_ms: Ms
    duration_ms: Ms
    scene: Scene
    moments: list[Moment]
    chapters: list[Chapter]
    truncated: bool = False
    """True when there was more in the window than is given: ask for a shorter one."""


class _Reading(NamedTuple):
    """A log's scenery as far as it was read."""

    upto: int
    scenery: Scenery


async def timeline(db: Database, content: Content, from_ms: int, to_ms: int) -> Timeline:
    """Give the timeline of a replay's window, at most ten minutes of it.

    Raises Refused(not_found) when the content is no replay.
    """
    if content.kind is not ContentKind.REPLAY:
        raise Refused(CommonRefusal.NOT_FOUND, id=content.id)
    program = await programs.get(db, content.program)
    segments = [
        segment
        for recording in await store.recordings(db, content.source.recordings)
        for segment in await store.segments(db, recording.id)
    ]
    clock = ReplayClock(segments)
    to_ms = min(to_ms, from_ms + MAX_WINDOW_MS)
    scenery = await _scenery(db, program.log)
    moments = await _moments(db, program.log, segments, from_ms, to_ms)
    return Timeline(
        from_ms=from_ms,
        to_ms=to_ms,
        duration_ms=clock.duration_ms,
        scene=scene(event for event in scenery if clock.position(event.at) < from_ms),
        moments=moments[:MAX_MOMENTS],
        chapters=chapters(scenery, clock),
        truncated=len(moments) > MAX_MOMENTS,
    )


def place(event: RoomEvent, clock: ReplayClock) -> int:
    """Find where an event lies in the replay, ms."""
    if isinstance(event, ChatSent) and event.seen_at is not None:
        return clock.position(min(max(event.seen_at, event.at - MAX_DELAY_MS), event.at))
    return clock.position(event.at)


def scene(events: Iterable[RoomEvent]) -> Scene:
    """Fold events into what stands beside the picture after them."""
    offers: list[Offer] = []
    pinned = notice = ""
    for event in events:
        match event:
            case ShelfSet():
                offers = event.offers
            case OfferPinned():
                pinned = event.offer
            case OfferUnpinned() if event.offer == pinned:
                pinned = ""
            case Announced():
                notice = event.text
            case _:
                pass
    return Scene(offers=offers, pinned=pinned, notice=notice)


def chapters(events: Iterable[RoomEvent], clock: ReplayClock) -> list[Chapter]:
    """Make a chapter of every explanation that can be seen in the replay."""
    titles: dict[str, str] = {}
    found = []
    for event in events:
        match event:
            case ShelfSet():
                titles |= {offer.id: offer.title for offer in event.offers}
            case OfferUnpinned():
                from_ms, to_ms = clock.position(event.since_at), clock.position(event.at)
                if to_ms > from_ms:
                    title = titles.get(event.offer, "")
                    found.append(
                        Chapter(
                            offer=event.offer,
                            product=event.product,
                            title=title,
                            from_ms=from_ms,
                            to_ms=to_ms,
                        )
                    )
            case _:
                pass
    return found


async def _moments(
    db: Database, log: str, segments: Sequence[Segment], from_ms: int, to_ms: int
) -> list[Moment]:
    """Read what lies in a window; what was said before the first picture is not part of the replay."""
    if not segments or to_ms <= from_ms:
        return []
    clock = ReplayClock(segments)
    # One step before the window, so that an interruption which ends where it begins is read too.
    from_at = clock.moment(from_ms - 1) if from_ms else segments[0].start_at
    to_at = clock.moment(to_ms) + MAX_DELAY_MS
    found = []
    async for event in events_between(db.collection(COLLECTION), log, from_at, to_at):
        if isinstance(event, ChatSent | OfferPinned | OfferUnpinned | Announced | ShelfSet):
            at_ms = place(event, clock)
            if from_ms <= at_ms < to_ms:
                found.append(Moment(at_ms=at_ms, event=event))
                if len(found) > 2 * MAX_MOMENTS:
                    break
    return sorted(found, key=lambda moment: (moment.at_ms, moment.event.seq))


_read: OrderedDict[str, _Reading] = OrderedDict()
"""Sceneries read lately: reading a long log whole takes a while, and most of it is chat."""


async def _scenery(db: Database, log: str) -> Scenery:
    batches = db.collection(COLLECTION)
    tail = await read_tail(batches, log)
    kept = _read.get(log)
    if kept is None or kept.upto != tail.seq:
        scenery = [
            event
            async for batch in read_batches(batches, log)
            for event in batch.events
            if isinstance(event, OfferPinned | OfferUnpinned | Announced | ShelfSet)
        ]
        kept = _read[log] = _Reading(tail.seq, tuple(scenery))
    _read.move_to_end(log)
    while len(_read) > SCENERIES_KEPT:
        _read.popitem(last=False)
    return kept.scenery
