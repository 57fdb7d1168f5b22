"""Taking a personal text out of a log that is never changed."""

from infra.mongo import Database
from streaming.live_room.log.reader import COLLECTION, batch_at


async def erase(db: Database, log: str, seq: int) -> bool:
    """Erase the text of an event for good (takedown, a person's wish); False when there is none.

    The event's stub and its salted hash stay, so the chain still verifies; without the salt the
    hash tells nothing about the text.
    """
    batches = db.collection(COLLECTION)
    holding = await batch_at(batches, log, seq)
    if holding is None or str(seq) not in holding["texts"]:
        return False
    return bool(await batches.update_one({"_id": holding["_id"]}, {"$unset": {f"texts.{seq}": ""}}))
