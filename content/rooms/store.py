"""The collection of rooms."""

from content.uses.store import Using
from infra.mongo import Database
from schemas.content import Room

rooms = Using("rooms", Room)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    await db.collection(rooms.name).ensure_index([("business", 1), ("_id", -1)], name="business")
    await db.collection(rooms.name).ensure_index([("anchor", 1), ("_id", -1)], name="anchor")
