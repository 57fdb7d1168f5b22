"""The collection of rooms."""

from content.uses.store import Using
from infra.mongo import Database
from schemas.content import Room
from schemas.problems import CommonRefusal, Refused

rooms = Using("rooms", Room)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; an address leads to one room, a permanent key opens one."""
    collection = db.collection(rooms.name)
    await collection.ensure_index([("business", 1), ("_id", -1)], name="business")
    await collection.ensure_index([("anchor", 1), ("_id", -1)], name="anchor")
    await collection.ensure_index([("roles.account", 1), ("_id", -1)], name="roles")
    for name in ("address", "key_hash"):
        await collection.ensure_index([(name, 1)], name=name, unique=True, partial={name: {"$gt": ""}})


async def at_address(db: Database, address: str) -> Room:
    """Give the room at a permanent address; raises Refused(not_found)."""
    found = await rooms.find(db, {"address": address}) if address else None
    if found is None:
        raise Refused(CommonRefusal.NOT_FOUND, id=address)
    return found


async def by_key(db: Database, key_hash: str) -> Room | None:
    """Find the room a permanent stream key belongs to."""
    return await rooms.find(db, {"key_hash": key_hash})
