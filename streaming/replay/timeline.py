"""What happened beside the picture: chat, pins, shelf and notice, by the replay's own time.

Read from the room log. Chat lies where its sender's screen was (`seen_at`), everything else where
the owner's clock says; what was said during an interruption lies where the picture comes back.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from content.programs.store import programs
from infra.mongo import Database
from schemas.base import Ms
from schemas.content import Content, ContentKind, Program, ProgramState
from schemas.media import Segment
from schemas.problems import CommonRefusal, Refused
from schemas.room import (
    Announced,
    AnyRoomEvent,
    AudienceSampled,
    ChatSent,
    LikesCounted,
    OfferPinned,
    OfferUnpinned,
    RoomEvent,
    RoomView,
    ShelfSet,
    StateChanged,
)
from streaming.live_room.log.reader import COLLECTION, events_between, read_batches, read_tail
from streaming.replay import store
from streaming.replay.spans import ReplayClock

MAX_WINDOW_MS = 30 * 60_000
MAX_DELAY_MS = 60_000
"""How far behind the show a sender's screen may have been; what claims more is not believed."""
MAX_MOMENTS = 5_000
SCENERIES_KEPT = 64

SceneryEvent = (
    OfferPinned | OfferUnpinned | Announced | ShelfSet | LikesCounted | AudienceSampled | StateChanged
)
"""What changes the view: few events even in a long show."""
SEEN_STATES = frozenset({ProgramState.LIVE, ProgramState.INTERRUPTED, ProgramState.ENDED})
"""States a show has a picture in; a replay has no waiting room."""
Scenery = tuple[SceneryEvent, ...]


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
    """A window [from_ms, to_ms) of a replay: the room as it was at its start, and all moments in it."""

    from_ms: Ms
    to_ms: Ms
    duration_ms: Ms
    view: RoomView
    moments: list[Moment]
    chapters: list[Chapter]
    next_ms: Ms | None = None
    """Where to ask on when the window held more moments than are given; null when it did not."""


class _Reading(NamedTuple):
    """A log's scenery as far as it was read."""

    upto: int
    scenery: Scenery


async def timeline(db: Database, content: Content, from_ms: int, to_ms: int) -> Timeline:
    """Give the timeline of a replay's window, at most half an hour of it; `to_ms` 0 asks for as much.

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
    to_ms = min(to_ms or clock.duration_ms + 1, from_ms + MAX_WINDOW_MS)
    scenery = await _scenery(db, program.log)
    moments = await _moments(db, program.log, segments, from_ms, to_ms)
    given = first_of(moments)
    return Timeline(
        from_ms=from_ms,
        to_ms=to_ms,
        duration_ms=clock.duration_ms,
        view=view(program, (event for event in scenery if clock.is_before(event.at, from_ms))),
        moments=given,
        chapters=chapters(program, scenery, clock),
        next_ms=moments[len(given)].at_ms if len(moments) > len(given) else None,
    )


def place(event: RoomEvent, clock: ReplayClock) -> int:
    """Find where an event lies in the replay, ms."""
    if isinstance(event, ChatSent) and event.seen_at is not None:
        return clock.position(min(max(event.seen_at, event.at - MAX_DELAY_MS), event.at))
    return clock.position(event.at)


def first_of(moments: Sequence[Moment], most: int = MAX_MOMENTS) -> list[Moment]:
    """Give the first moments, about `most`, without tearing apart those of the same millisecond."""
    count = most
    while 0 < count < len(moments) and moments[count - 1].at_ms == moments[count].at_ms:
        count -= 1
    return list(moments[: count or len(moments)])


def view(program: Program, events: Iterable[RoomEvent]) -> RoomView:
    """Fold events into what everybody in the room saw after them.

    A shelf that stood before the room was opened need not be in its log: until the log tells of
    another, the program's own stands there.
    """
    seen: dict[str, Any] = {"offers": program.shelf}
    for event in events:
        match event:
            case ShelfSet():
                seen["offers"] = event.offers
            case OfferPinned():
                seen |= {"pinned": event.offer, "pinned_at": event.at}
            case OfferUnpinned() if event.offer == seen.get("pinned"):
                seen |= {"pinned": "", "pinned_at": None}
            case Announced():
                seen["notice"] = event.text
            case LikesCounted():
                seen["likes"] = event.total
            case AudienceSampled():
                seen |= {"viewers": event.viewers, "peak": event.peak, "came": event.came}
            case StateChanged() if event.state in SEEN_STATES:
                seen |= {"state": event.state, "grace_until": event.grace_until}
            case _:
                pass
    return RoomView(
        program=program.id,
        title=program.title,
        went_live_at=program.went_live_at,
        **{"state": ProgramState.LIVE, **seen},
    )


def chapters(program: Program, events: Iterable[RoomEvent], clock: ReplayClock) -> list[Chapter]:
    """Make a chapter of every explanation that can be seen in the replay."""
    titles = {offer.id: offer.title for offer in program.shelf}
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
        if isinstance(event, ChatSent | SceneryEvent):
            at_ms = place(event, clock)
            if from_ms <= at_ms < to_ms:
                found.append(Moment(at_ms=at_ms, event=event))
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
            if isinstance(event, SceneryEvent)
        ]
        kept = _read[log] = _Reading(tail.seq, tuple(scenery))
    _read.move_to_end(log)
    while len(_read) > SCENERIES_KEPT:
        _read.popitem(last=False)
    return kept.scenery
