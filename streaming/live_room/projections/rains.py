"""Rains from the log: packets into wallets, what is left back into the budget, and a list to read."""

from collections.abc import Sequence

import msgspec

from commerce.wallets.actions import credit_winners, return_rest
from infra.mongo import Database, Session, from_doc, to_doc
from schemas.base import Document, Ms
from schemas.room import PacketGrabbed, RainAnnounced, RainSettled, RoomEvent
from schemas.wallets import Win

COLLECTION = "rains"


class RainRecord(Document, frozen=True, kw_only=True):
    """A rain as it was announced and, once settled, revealed; its id is the envelope's."""

    business: str
    program: str
    log: str
    total: int
    packets: int
    announced_at: Ms
    starts_at: Ms
    ends_at: Ms
    commitment: str
    settled_at: Ms | None = None
    seed: str = ""
    grabbed: int = 0
    paid: int = 0
    returned: int = 0


async def ensure_indexes(db: Database) -> None:
    """Create the index of a program's rains."""
    await db.collection(COLLECTION).ensure_index([("program", 1), ("_id", 1)], name="program")


async def project(
    db: Database, session: Session, log: str, program: str, business: str, events: Sequence[RoomEvent]
) -> None:
    """Pay and keep what these events tell, in the transaction that moves the checkpoint."""
    wins = [
        Win(envelope=event.envelope, user=event.user, slot=event.slot, amount=event.amount, at=event.at)
        for event in events
        if isinstance(event, PacketGrabbed)
    ]
    if wins:
        await credit_winners(db, session, wins)
    for event in events:
        if isinstance(event, RainAnnounced):
            await db.collection(COLLECTION).insert_one(
                to_doc(_record(event, log, program, business)), session=session
            )
        elif isinstance(event, RainSettled):
            await return_rest(db, session, event.envelope)
            told = {name: getattr(event, name) for name in ("seed", "grabbed", "paid", "returned")}
            await db.collection(COLLECTION).update_one(
                {"_id": event.envelope},
                {"$set": {**told, "settled_at": event.at, "updated_at": event.at}},
                session=session,
            )


async def rains_of(db: Database, program: str) -> list[RainRecord]:
    """Give the rains of a program, the last first."""
    found = await db.collection(COLLECTION).find({"program": program}, sort=[("announced_at", -1)])
    return [from_doc(RainRecord, doc) for doc in found]


async def rain(db: Database, envelope: str) -> RainRecord | None:
    """Find a rain."""
    doc = await db.collection(COLLECTION).find_one({"_id": envelope})
    return None if doc is None else from_doc(RainRecord, doc)


def _record(event: RainAnnounced, log: str, program: str, business: str) -> RainRecord:
    fields = msgspec.structs.asdict(event)
    envelope, at = fields.pop("envelope"), fields.pop("at")
    del fields["seq"]
    return RainRecord(
        id=envelope,
        created_at=at,
        updated_at=at,
        business=business,
        program=program,
        log=log,
        announced_at=at,
        **fields,
    )
