"""Which documents an export has, in its order: all that a filter takes, or those of a list of the library."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content.audit.actions import Wanted
from content.audit.actions import filter_of as trail_filter
from content.authority import authorise
from content.bulk.importing import Nouns
from content.bulk.rules import BulkRefusal
from content.library.listing import condition, list_library
from content.library.views import Listing
from infra.mongo import Collection, Database, plain
from schemas.accounts import PLATFORM, SYSTEM, Actor
from schemas.bulk import Export, NounName
from schemas.problems import Refused

PAGE = 500
LISTED = 100
"""Longest page of a list."""
Doc = dict[str, Any]


class Page(msgspec.Struct, frozen=True):
    """Documents, and behind which the next page begins; None: there is none."""

    docs: Sequence[Doc]
    cursor: str | None


class Extent(msgspec.Struct, frozen=True):
    """How far an export reaches: its last document, and how many there are (0: unknown)."""

    last: str
    total: int


async def filter_of(db: Database, nouns: Nouns, actor: Actor, export: Export) -> Doc:
    """Make the filter of an export, for those who may read what it shows."""
    if export.noun is NounName.AUDIT:
        said = export.where
        return trail_filter(
            actor,
            Wanted(
                business=export.business or PLATFORM,
                actor=said.get("actor", ""),
                action=said.get("action", ""),
                target=said.get("target", ""),
                since=_moment(said.get("since", "")),
                until=_moment(said.get("until", "")),
                words=said.get("q", "")[:60],
            ),
        )
    noun = (await nouns(db, export.business)).get(export.noun)
    if noun is None:
        raise Refused(BulkRefusal.NOT_IMPORTED, noun=export.noun)
    authorise(actor, noun.read, export.business or PLATFORM)
    return noun.where(export.business, export.where, export.ids)


def _moment(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


async def extent(export: Export, collection: Collection, where: Doc) -> Extent:
    """Find out how far an export reaches."""
    if listing := _listing(export):
        by_fields = listing.equal or listing.within
        return Extent("", 0 if by_fields else await collection.count(condition(listing)))
    newest = await collection.find(where, projection={"_id": 1}, sort=[("_id", -1)], limit=1)
    last = newest[0]["_id"] if newest else ""
    return Extent(last, await collection.count(_between(where, "", last)))


async def page(db: Database, export: Export, collection: Collection, where: Doc, cursor: str) -> Page:
    """Give the documents behind `cursor`."""
    if listing := _listing(export):
        listed = await list_library(db, SYSTEM, msgspec.structs.replace(listing, cursor=cursor, limit=LISTED))
        ids = [row.id for row in listed.items]
        there = {doc["_id"]: plain(doc) for doc in await collection.find({"_id": {"$in": ids}})}
        return Page([there[one] for one in ids if one in there], listed.next_cursor)
    docs = await collection.find(_between(where, cursor, export.last), sort=[("_id", 1)], limit=PAGE)
    return Page([plain(doc) for doc in docs], docs[-1]["_id"] if len(docs) == PAGE else None)


def _between(where: Doc, after: str, last: str) -> Doc:
    return {"$and": [where, {"_id": {"$gt": after, "$lte": last}}]}


def _listing(export: Export) -> Listing | None:
    if not export.listing or export.ids:
        return None
    return msgspec.json.decode(export.listing, type=Listing)
