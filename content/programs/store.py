"""Collections of programs and of their streams."""

from collections.abc import Sequence

from content.programs.rules import ON_AIR, PUSHABLE
from content.uses.store import Using
from infra.mongo import Database, Session, from_doc, to_doc
from schemas.content import Program, ProgramState
from schemas.media import Stream

programs = Using("programs", Program)
STREAMS = "streams"


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    collection = db.collection(programs.name)
    await collection.ensure_index(
        [("key_hash", 1)], name="key", unique=True, partial={"key_hash": {"$gt": ""}}
    )
    await collection.ensure_index([("business", 1), ("_id", -1)], name="business")
    await collection.ensure_index([("room", 1), ("_id", -1)], name="room")
    await collection.ensure_index([("anchor", 1), ("_id", -1)], name="anchor")
    await collection.ensure_index([("assistants", 1), ("_id", -1)], name="assistants")
    await collection.ensure_index([("state", 1), ("starts_at", 1), ("_id", 1)], name="coming")
    await collection.ensure_index([("state", 1), ("went_live_at", -1), ("_id", -1)], name="on_air")
    await collection.ensure_index([("suppliers", 1), ("_id", -1)], name="suppliers")
    await collection.ensure_index([("cover", 1)], name="cover")
    await collection.ensure_index([("shelf.product", 1)], name="product")
    await db.collection(STREAMS).ensure_index([("program", 1), ("_id", -1)], name="program")


async def by_key(db: Database, key_hash: str) -> Program | None:
    """Find the program a stream key belongs to."""
    return await programs.find(db, {"key_hash": key_hash})


async def pushable_in(db: Database, room: str) -> list[Program]:
    """Give the programs of a room that are open for a publisher."""
    docs = await programs.collection(db).find(
        {"room": room, "state": {"$in": sorted(PUSHABLE)}}, sort=[("_id", -1)], limit=20
    )
    return [from_doc(Program, doc) for doc in docs]


async def in_states(db: Database, states: Sequence[ProgramState]) -> list[Program]:
    """Give all programs in some states (few are ever on air at once)."""
    docs = await db.collection(programs.name).find({"state": {"$in": list(states)}})
    return [from_doc(Program, doc) for doc in docs]


async def on_air_of(db: Database, business: str, anchor: str, session: Session) -> list[Program]:
    """Give the programs that somebody leads on air in a business."""
    where = {"anchor": anchor, "business": business, "state": {"$in": sorted(ON_AIR)}}
    docs = await programs.collection(db).find(where, session=session)
    return [from_doc(Program, doc) for doc in docs]


async def keep_stream(db: Database, session: Session, stream: Stream) -> None:
    """Keep a publish; the same one again changes nothing."""
    doc = to_doc(stream)
    await db.collection(STREAMS).update_one(
        {"_id": doc.pop("_id")}, {"$setOnInsert": doc}, upsert=True, session=session
    )


async def close_streams(db: Database, session: Session, program: str, at: int, reason: str) -> None:
    """Mark the program's open publishes as over."""
    await db.collection(STREAMS).update_many(
        {"program": program, "ended_at": None},
        {"$set": {"ended_at": at, "end_reason": reason}},
        session=session,
    )


async def by_cover(db: Database, key: str) -> Program | None:
    """Find a program that shows an object as its cover."""
    return await programs.find(db, {"cover": key})
