"""The collection of invitations. Members are accounts."""

from content.documents import Documents
from infra.mongo import Database, Session
from schemas.accounts import Invitation

invitations = Documents("invitations", Invitation)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    collection = db.collection(invitations.name)
    await collection.ensure_index([("token_hash", 1)], name="token", unique=True)
    await collection.ensure_index([("business", 1), ("_id", -1)], name="business")


async def count_open(db: Database, session: Session, business: str, now: int, most: int) -> int:
    """Count the open invitations of a business, to `most`."""
    where = {"business": business, "expires_at": {"$gt": now}, "accepted_at": 0, "revoked_at": 0}
    return await db.collection(invitations.name).count(where, limit=most, session=session)
