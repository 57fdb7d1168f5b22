"""The collection of API keys."""

from content.accounts.seen import seen
from content.documents import Documents
from infra.mongo import Database, Session
from schemas.accounts import ApiKey

USED_EVERY_MS = 60_000
"""When a key was used last is told to the minute."""


class Keys(Documents[ApiKey]):
    """API keys; what one may is looked up anew when one has changed."""

    async def replace(self, db: Database, session: Session, document: ApiKey) -> ApiKey:
        """Store an edited key over the revision it was read at."""
        session.afterwards.append(seen(db).forget)
        return await super().replace(db, session, document)


keys = Keys("api_keys", ApiKey)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    collection = db.collection(keys.name)
    await collection.ensure_index([("hash", 1)], name="hash", unique=True)
    await collection.ensure_index([("businesses", 1), ("_id", -1)], name="businesses")
    await collection.ensure_index([("account", 1), ("_id", -1)], name="account")


async def count_good(db: Database, session: Session, business: str, now: int, most: int) -> int:
    """Count the keys of a business that one can act with, to `most`."""
    where = {"businesses": business, "expires_at": {"$gt": now}, "revoked_at": 0}
    return await db.collection(keys.name).count(where, limit=most, session=session)


async def note_use(db: Database, identifier: str, now: int) -> None:
    """Keep that a key was used."""
    stale = {"_id": identifier, "last_used_at": {"$lt": now - USED_EVERY_MS}}
    await db.collection(keys.name).update_one(stale, {"$set": {"last_used_at": now}})
