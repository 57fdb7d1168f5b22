"""The media plane's collections: recordings, segments, streams."""

import secrets

from infra.mongo import Database, DuplicateKey, from_doc, to_doc
from schemas.ids import new_id
from schemas.media import Recording, Segment, Stream

FOLDER_BYTES = 16


class RecordStore:
    """Knows the collections, their indexes and queries."""

    def __init__(self, db: Database) -> None:
        self._recordings = db.collection("recordings")
        self._segments = db.collection("segments")
        self._streams = db.collection("streams")

    async def ensure_indexes(self) -> None:
        """Create what the queries below need."""
        await self._recordings.ensure_index([("program", 1)], name="program", unique=True)
        await self._recordings.ensure_index(
            [("started_at", 1)], name="unfinished", partial={"ended_at": {"$type": "null"}}
        )
        await self._segments.ensure_index([("recording", 1), ("seq", 1)], name="recording_seq", unique=True)
        await self._segments.ensure_index([("program", 1), ("start_at", 1)], name="program_start")
        await self._streams.ensure_index([("program", 1), ("started_at", 1)], name="program_start")

    async def open_recording(self, program: str, business: str, now: int, *, kept: bool = True) -> Recording:
        """The program's recording; begun now if it has none. `kept` is as the program's policy says now."""
        found = await self._recordings.find_one({"program": program})
        if found is not None:
            if found.get("kept", True) != kept:
                await self._recordings.update_one({"_id": found["_id"]}, {"$set": {"kept": kept}})
            return from_doc(Recording, {**found, "kept": kept})
        recording = Recording(
            id=new_id("rec"),
            program=program,
            business=business,
            folder=secrets.token_urlsafe(FOLDER_BYTES),
            started_at=now,
            kept=kept,
            created_at=now,
            updated_at=now,
        )
        try:
            await self._recordings.insert_one(to_doc(recording))
        except DuplicateKey:
            return await self.open_recording(program, business, now, kept=kept)
        return recording

    async def unfinished(self) -> list[Recording]:
        """Recordings that nobody has ended."""
        return [from_doc(Recording, doc) for doc in await self._recordings.find({"ended_at": None})]

    async def set_size(self, recording: str, width: int, height: int) -> None:
        """Note the picture's size."""
        await self._recordings.update_one({"_id": recording}, {"$set": {"width": width, "height": height}})

    async def end_recording(self, recording: str, now: int) -> None:
        """Nothing will be added any more."""
        await self._recordings.update_one(
            {"_id": recording, "ended_at": None},
            {"$set": {"ended_at": now, "updated_at": now}, "$inc": {"rev": 1}},
        )

    async def segments(self, recording: str) -> list[Segment]:
        """All known segments of a recording, in order."""
        docs = await self._segments.find({"recording": recording}, sort=[("seq", 1)])
        return [from_doc(Segment, doc) for doc in docs]

    async def add_segment(self, segment: Segment) -> None:
        """Note a closed segment; again is harmless."""
        try:
            await self._segments.insert_one(to_doc(segment))
        except DuplicateKey:
            return

    async def save_stream(self, stream: Stream) -> None:
        """Note a publish, or how it ended."""
        await self._streams.replace_one({"_id": stream.id}, to_doc(stream), upsert=True)

    async def end_lost_streams(self, now: int) -> None:
        """Publishes that a crash left open ended with it."""
        await self._streams.update_many(
            {"ended_at": None}, {"$set": {"ended_at": now, "end_reason": "server_restarted"}}
        )
