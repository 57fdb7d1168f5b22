"""Verbs of the trail: looking things up and proving them. Nobody changes it."""

from typing import Any

import msgspec

from content.audit import rules
from content.audit.rules import merkle
from content.audit.rules.merkle import SPAN, canonical, leaf_hash
from content.audit.sealing import root_id
from content.audit.store import HOUR_MS, entries, leaves, of_hour, roots
from content.audit.views import Proof, show_root
from content.authority import authorise
from content.models.rules.facets import words_of
from infra.http import Page
from infra.mongo import Database, plain
from schemas.accounts import PLATFORM, Actor
from schemas.audit import Entry, Root
from schemas.ids import first_id, is_id
from schemas.problems import CommonRefusal, Refused

DIGEST = 32
MOST_DIGITS = 15
"""Of an hour in epoch ms."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted; what is left out is no condition."""

    business: str
    """Id, or `*` for what is of no business."""
    actor: str = ""
    action: str = ""
    target: str = ""
    since: int = 0
    until: int = 0
    """Epoch ms, excluded."""
    words: str = ""


def filter_of(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """Make the filter of a search, for operators of the business; `*` for those of the platform."""
    authorise(actor, rules.READ, wanted.business)
    where: dict[str, Any] = {"business": "" if wanted.business == PLATFORM else wanted.business}
    where |= {name: value for name in ("actor", "action", "target") if (value := getattr(wanted, name))}
    span = {}
    if wanted.since:
        span["$gte"] = first_id("aud", wanted.since)
    if wanted.until:
        span["$lt"] = first_id("aud", wanted.until)
    if span:
        where["_id"] = span
    if is_id(wanted.words.strip()):
        where["target"] = wanted.words.strip()
    elif wanted.words:
        where["words"] = {"$all": words_of(wanted.words) or [""]}
    return where


async def search(db: Database, actor: Actor, wanted: Wanted, *, cursor: str, limit: int) -> Page[Entry]:
    """Give a page of the trail, newest first."""
    return await entries.page(db, filter_of(actor, wanted), cursor=cursor, limit=limit)


async def list_roots(db: Database, actor: Actor, business: str, *, cursor: str, limit: int) -> Page[Root]:
    """Give the roots of a business, newest first."""
    authorise(actor, rules.READ, business)
    where: dict[str, Any] = {"business": "" if business == PLATFORM else business}
    if cursor:
        sound = cursor.isascii() and cursor.isdigit() and len(cursor) <= MOST_DIGITS
        where["hour"] = {"$lt": int(cursor) if sound else 0}
    docs = await roots.collection(db).find(where, sort=[("hour", -1)], limit=limit + 1)
    found = [roots.read(doc) for doc in docs[:limit]]
    return Page(items=found, next_cursor=str(found[-1].hour) if len(docs) > limit else None)


async def prove(db: Database, actor: Actor, identifier: str) -> Proof:
    """Prove that an entry is one of those under the root of its hour. Raises Refused(not_sealed)."""
    stored = await entries.collection(db).find_one({"_id": identifier})
    if stored is None:
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    business, hour = stored["business"], int(stored["created_at"]) // HOUR_MS * HOUR_MS
    authorise(actor, rules.READ, business or PLATFORM)
    root = await roots.find(db, {"_id": root_id(business, hour)})
    if root is None:
        raise Refused(rules.AuditRefusal.NOT_SEALED, id=identifier)
    leaf = canonical(plain(stored))
    before = {**of_hour(business, hour), "_id": {"$gte": first_id("aud", hour), "$lt": identifier}}
    place = await entries.collection(db).count(before)
    path = await _path(db, root, place)
    reached = merkle.climb(leaf_hash(leaf), place, root.entries, path)
    return Proof(
        entry=identifier,
        leaf=leaf.decode(),
        place=place,
        path=[one.hex() for one in path],
        holds=reached is not None and reached.hex() == root.root,
        root=show_root(root),
    )


async def _path(db: Database, root: Root, place: int) -> list[bytes]:
    number = place // SPAN
    part = await leaves.find(db, {"_id": f"{root.id}:{number}"})
    if part is None or number >= len(root.tops):
        return []
    hashes = [part.hashes[at : at + DIGEST] for at in range(0, len(part.hashes), DIGEST)]
    return merkle.path(hashes, place % SPAN) + merkle.path(root.tops, number)
