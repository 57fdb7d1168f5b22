"""How many watch each program now, for pages outside the rooms."""

from collections.abc import Sequence

from infra.clock import now_ms
from infra.mongo import Database

COLLECTION = "room_audience"
FRESH_MS = 30_000


async def tell_audience(db: Database, program: str, viewers: int) -> None:
    """Note how many watch a program now."""
    fields = {"viewers": viewers, "at": now_ms()}
    await db.collection(COLLECTION).update_one({"_id": program}, {"$set": fields}, upsert=True)


async def latest_audience(db: Database, program_ids: Sequence[str]) -> dict[str, int]:
    """Give the viewers of each program; one that nobody reported in the last 30 s is left out."""
    where = {"_id": {"$in": list(program_ids)}, "at": {"$gte": now_ms() - FRESH_MS}}
    return {found["_id"]: found["viewers"] for found in await db.collection(COLLECTION).find(where)}
