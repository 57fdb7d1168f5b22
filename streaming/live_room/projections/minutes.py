"""Statistics of each minute of a show."""

from collections.abc import Iterable

import msgspec

from infra.mongo import Database, Session
from schemas.room import AudienceSampled, ChatSent, LikesCounted, OfferPinned, RoomEvent

COLLECTION = "room_minutes"
MINUTE_MS = 60_000


class Minute(msgspec.Struct):
    """What happened in one minute."""

    lines: int = 0
    pins: int = 0
    viewers: int = 0
    """Most viewers at once."""
    likes: int = 0
    """Total at the end of the minute."""


def count(events: Iterable[RoomEvent]) -> dict[int, Minute]:
    """Count events by the minute (epoch ms of its beginning)."""
    minutes: dict[int, Minute] = {}
    for event in events:
        minute = minutes.setdefault(event.at // MINUTE_MS * MINUTE_MS, Minute())
        if isinstance(event, ChatSent):
            minute.lines += 1
        elif isinstance(event, OfferPinned):
            minute.pins += 1
        elif isinstance(event, AudienceSampled):
            minute.viewers = max(minute.viewers, event.viewers)
        elif isinstance(event, LikesCounted):
            minute.likes = max(minute.likes, event.total)
    return minutes


async def add(db: Database, session: Session, log: str, program: str, counted: dict[int, Minute]) -> None:
    """Add what was counted to the stored minutes, in the transaction that moves the checkpoint."""
    for at, minute in counted.items():
        await db.collection(COLLECTION).update_one(
            {"_id": f"{log}:{at}"},
            {
                "$setOnInsert": {"log": log, "program": program, "at": at},
                "$inc": {"lines": minute.lines, "pins": minute.pins},
                "$max": {"viewers": minute.viewers, "likes": minute.likes},
            },
            upsert=True,
            session=session,
        )


async def minutes_of(db: Database, log: str) -> list[tuple[int, Minute]]:
    """Give the minutes of a show in order."""
    found = await db.collection(COLLECTION).find({"log": log}, sort=[("at", 1)])
    return [(doc["at"], msgspec.convert(doc, Minute)) for doc in found]
