"""The trail as it is read, and the trees over it."""

from typing import Any

from content.audit.trail import COLLECTION
from content.documents import Documents
from infra.clock import now_ms
from infra.mongo import Database, Session, plain, to_doc
from schemas.audit import Entry, Leaves, Root
from schemas.base import DAY_MS
from schemas.ids import first_id

entries = Documents(COLLECTION, Entry)
roots = Documents("audit_roots", Root)
leaves = Documents("audit_leaves", Leaves)

HOUR_MS = 3_600_000


async def ensure_indexes(db: Database) -> None:
    """Create the indexes of the trees; those of the trail are `content.audit.trail`'s."""
    await roots.collection(db).ensure_index([("business", 1), ("hour", -1)], name="hour", unique=True)


def of_hour(business: str, hour: int) -> dict[str, Any]:
    """Make the filter of the entries of a business and an hour."""
    return {
        "business": business,
        "_id": {"$gte": first_id("aud", hour), "$lt": first_id("aud", hour + HOUR_MS)},
    }


async def done_today(
    db: Database, business: str, actor: str, action: str, most: int, session: Session | None = None
) -> int:
    """Tell how often somebody did something in a business within a day, up to `most`."""
    recent = {
        "business": business,
        "actor": actor,
        "action": action,
        "created_at": {"$gt": now_ms() - DAY_MS},
    }
    return await entries.collection(db).count(recent, limit=most, session=session)


async def first_hour(db: Database, business: str, since: int) -> int | None:
    """Give the first hour, from `since` on, in which a business has entries."""
    where = {"business": business, "_id": {"$gte": first_id("aud", since)}}
    found = await entries.collection(db).find_one(where, projection={"created_at": 1}, sort=[("_id", 1)])
    return None if found is None else int(found["created_at"]) // HOUR_MS * HOUR_MS


async def last_root(db: Database, business: str) -> Root | None:
    """Give the newest root of a business."""
    docs = await roots.collection(db).find({"business": business}, sort=[("hour", -1)], limit=1)
    return roots.read(docs[0]) if docs else None


async def stored_entries(
    db: Database, business: str, hour: int, after: str, limit: int
) -> list[dict[str, Any]]:
    """Give entries of an hour exactly as they are stored, oldest first."""
    where = {"$and": [of_hour(business, hour), {"_id": {"$gt": after}}]}
    docs = await entries.collection(db).find(where, sort=[("_id", 1)], limit=limit)
    return [plain(doc) for doc in docs]


async def keep_leaves(db: Database, part: Leaves) -> None:
    """Keep a part of a tree; the same part again changes nothing."""
    await leaves.collection(db).replace_one({"_id": part.id}, to_doc(part), upsert=True)
