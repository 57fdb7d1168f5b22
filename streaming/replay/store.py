"""Recordings, segments and marks, as they are read after they were made."""

from collections.abc import Collection, Iterable

from infra.mongo import Database, from_doc
from schemas.jobs import Mark
from schemas.media import Recording, Segment

RECORDINGS, SEGMENTS, MARKS = "recordings", "segments", "marks"


async def ensure_indexes(db: Database) -> None:
    """Create the indexes of the queries below that other owners of the collections don't need."""
    await db.collection(SEGMENTS).ensure_index(
        [("start_at", 1)], name="to_upload", partial={"uploaded_at": {"$type": "null"}}
    )
    await db.collection(SEGMENTS).ensure_index([("recording", 1), ("start_at", 1)], name="showing")
    await db.collection(SEGMENTS).ensure_index([("recording", 1), ("file", 1)], name="file")
    await db.collection(RECORDINGS).ensure_index([("folder", 1)], name="folder", unique=True)
    await db.collection(MARKS).ensure_index([("program", 1), ("product", 1)], name="explained")


async def recording_of(db: Database, program: str) -> Recording | None:
    """Give the recording of a program."""
    doc = await db.collection(RECORDINGS).find_one({"program": program})
    return from_doc(Recording, doc) if doc else None


async def recordings(db: Database, identifiers: Iterable[str]) -> list[Recording]:
    """Give recordings in the order they were begun."""
    docs = await db.collection(RECORDINGS).find(
        {"_id": {"$in": sorted(set(identifiers))}}, sort=[("started_at", 1)]
    )
    return [from_doc(Recording, doc) for doc in docs]


async def segments(db: Database, recording: str) -> list[Segment]:
    """Give all closed segments of a recording, in order."""
    docs = await db.collection(SEGMENTS).find({"recording": recording}, sort=[("seq", 1)])
    return [from_doc(Segment, doc) for doc in docs]


async def segments_showing(db: Database, recording: str, from_at: int, to_at: int) -> list[Segment]:
    """Give the closed segments, in order, that show anything of [from_at, to_at)."""
    collection = db.collection(SEGMENTS)
    first = await collection.find_one(
        {"recording": recording, "start_at": {"$lte": from_at}}, sort=[("start_at", -1)]
    )
    begin_at = first["start_at"] if first else 0
    docs = await collection.find(
        {"recording": recording, "start_at": {"$gte": begin_at, "$lt": to_at}}, sort=[("seq", 1)]
    )
    return [found for doc in docs if (found := from_doc(Segment, doc)).end_at > from_at]


async def last_segment(db: Database, recording: str) -> Segment | None:
    """Give the newest closed segment."""
    doc = await db.collection(SEGMENTS).find_one({"recording": recording}, sort=[("seq", -1)])
    return from_doc(Segment, doc) if doc else None


async def not_uploaded(db: Database, limit: int, without: Collection[str] = ()) -> list[Segment]:
    """Give the oldest segments that the object store has not confirmed."""
    where = {"uploaded_at": None, "_id": {"$nin": list(without)}}
    docs = await db.collection(SEGMENTS).find(where, sort=[("start_at", 1)], limit=limit)
    return [from_doc(Segment, doc) for doc in docs]


async def segment_of_file(db: Database, folder: str, file: str) -> tuple[Recording, Segment] | None:
    """Find the recording and the segment that a file on the disk belongs to."""
    recording = await db.collection(RECORDINGS).find_one({"folder": folder})
    if recording is None:
        return None
    segment = await db.collection(SEGMENTS).find_one({"recording": recording["_id"], "file": file})
    return (from_doc(Recording, recording), from_doc(Segment, segment)) if segment else None


async def set_uploaded(db: Database, segment: str, now: int) -> None:
    """Note that the object store has a segment, with its size and checksum confirmed."""
    await db.collection(SEGMENTS).update_one(
        {"_id": segment}, {"$set": {"uploaded_at": now, "updated_at": now}, "$inc": {"rev": 1}}
    )


async def mark(db: Database, identifier: str) -> Mark | None:
    """Give a mark."""
    doc = await db.collection(MARKS).find_one({"_id": identifier})
    return from_doc(Mark, doc) if doc else None


async def marks(db: Database, program: str, product: str = "") -> list[Mark]:
    """Give a program's marks, in order; of one product if it is named."""
    where = {"program": program, **({"product": product} if product else {})}
    docs = await db.collection(MARKS).find(where, sort=[("from_at", 1), ("_id", 1)])
    return [from_doc(Mark, doc) for doc in docs]


async def forget(db: Database, recording: Recording) -> None:
    """Delete what is known of a recording, itself last: until then the rest can be found again."""
    await db.collection(SEGMENTS).delete_many({"recording": recording.id})
    await db.collection(MARKS).delete_many({"program": recording.program})
    await db.collection(RECORDINGS).delete_one({"_id": recording.id})
