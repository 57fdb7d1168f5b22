"""GET /v1/feed: the cards of the home page, each complete in one call."""

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from content.accounts.store import accounts
from content.contents.actions import listed_contents
from content.programs.store import programs
from content.programs.views import show_anchor
from content.rooms.store import rooms
from content.sight import on_lists
from infra.clock import now_ms
from infra.http import Access, Call, Page, PageQuery, Routes
from infra.mongo import Database, from_doc
from schemas.accounts import Account, Actor, PublicAccount
from schemas.base import Ms
from schemas.content import Content, ContentKind, Offer, Program, ProgramState, Room
from schemas.problems import CommonRefusal, Refused
from streaming.live_room.audience import latest_audience

routes = Routes("feed")

CARD_OFFERS = 3
LATE_MS = 6 * 3_600_000
"""A program that has not begun this long after its plan is no longer announced."""


class Tab(StrEnum):
    """The tabs of the home page."""

    LIVE = "live"
    COMING = "coming"
    REPLAYS = "replays"


class FeedQuery(PageQuery, frozen=True, kw_only=True):
    """Which cards are wanted."""

    tab: Tab = Tab.LIVE
    business: Annotated[str, msgspec.Meta(description="Only this business's; empty: all")] = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A program on the home page."""

    program: str
    business: str
    content: str
    """Id of the replay; empty for programs that are on air or coming."""
    title: str
    cover: str
    state: ProgramState
    viewers: int
    starts_at: Ms | None
    went_live_at: Ms | None
    ended_at: Ms | None
    duration_ms: Ms
    anchor: PublicAccount
    offers: list[Offer]
    """The first products of the shelf."""


@routes.get("/v1/feed", access=Access.PUBLIC)
async def read_feed(call: Call[FeedQuery, None]) -> Page[Card]:
    """List what is on air, what comes, or what can be watched again."""
    query = call.query
    if query.tab is Tab.REPLAYS:
        return await _replays(call.db, call.actor, query)
    found = await (_on_air if query.tab is Tab.LIVE else _coming)(call.db, query, call.actor.channel)
    more = len(found) > query.limit
    shown = found[: query.limit]
    viewers = await latest_audience(call.db, [one.id for one in shown]) if query.tab is Tab.LIVE else {}
    cards = await _cards(call.db, shown, viewers, {})
    return Page(items=cards, next_cursor=_cursor(query.tab, shown[-1]) if more else None)


async def _on_air(db: Database, query: FeedQuery, channel: str) -> list[Program]:
    where: dict[str, Any] = {"state": {"$in": [ProgramState.LIVE, ProgramState.INTERRUPTED]}}
    return await _find(db, query, where | on_lists(channel), "went_live_at", -1)


async def _coming(db: Database, query: FeedQuery, channel: str) -> list[Program]:
    where: dict[str, Any] = {
        "state": {"$in": [ProgramState.SCHEDULED, ProgramState.READY]},
        "starts_at": {"$gt": now_ms() - LATE_MS},
    }
    return await _find(db, query, where | on_lists(channel), "starts_at", 1)


async def _find(db: Database, query: FeedQuery, where: dict[str, Any], by: str, order: int) -> list[Program]:
    conditions = [where]
    if query.business:
        conditions.append({"business": query.business})
    if query.cursor:
        at, identifier = _read_cursor(query.cursor)
        beyond = "$gt" if order > 0 else "$lt"
        conditions.append({"$or": [{by: {beyond: at}}, {by: at, "_id": {beyond: identifier}}]})
    docs = await programs.collection(db).find(
        {"$and": conditions}, sort=[(by, order), ("_id", order)], limit=query.limit + 1
    )
    return [from_doc(Program, doc) for doc in docs]


async def _replays(db: Database, actor: Actor, query: FeedQuery) -> Page[Card]:
    where: dict[str, Any] = {"kind": ContentKind.REPLAY}
    if query.business:
        where["business"] = query.business
    page = await listed_contents(db, actor, where, cursor=query.cursor, limit=query.limit)
    of = await programs.several(db, [one.program for one in page.items])
    replays = {one.program: one for one in page.items}
    shown = [of[one.program] for one in page.items if one.program in of]
    return Page(items=await _cards(db, shown, {}, replays), next_cursor=page.next_cursor)


async def _cards(
    db: Database, found: Sequence[Program], viewers: Mapping[str, int], replays: Mapping[str, Content]
) -> list[Card]:
    in_rooms, anchors = await asyncio.gather(
        rooms.several(db, [one.room for one in found]),
        accounts.several(db, [one.anchor for one in found]),
    )
    return [
        _card(
            one,
            in_rooms.get(one.room),
            anchors.get(one.anchor),
            viewers.get(one.id, 0),
            replays.get(one.id),
        )
        for one in found
    ]


def _card(
    program: Program, room: Room | None, anchor: Account | None, viewers: int, replay: Content | None
) -> Card:
    cover = (replay.cover if replay else "") or program.cover or (room.cover if room else "")
    return Card(
        program=program.id,
        business=program.business,
        content=replay.id if replay else "",
        title=replay.title if replay else program.title,
        cover=cover,
        state=program.state,
        viewers=viewers,
        starts_at=program.starts_at,
        went_live_at=program.went_live_at,
        ended_at=program.ended_at,
        duration_ms=replay.duration_ms if replay else 0,
        anchor=show_anchor(room, anchor),
        offers=program.shelf[:CARD_OFFERS],
    )


def _cursor(tab: Tab, last: Program) -> str:
    at = last.went_live_at if tab is Tab.LIVE else last.starts_at
    return f"{at}.{last.id}"


def _read_cursor(cursor: str) -> tuple[int, str]:
    at, _, identifier = cursor.partition(".")
    if not at.isascii() or not at.isdigit() or len(at) > 15:
        raise Refused(CommonRefusal.INVALID, pointer="/cursor", got=cursor)
    return int(at), identifier
