"""What must be kept until a date, whoever asks: locks on the objects of a subject, never shortened.

A lock names the prefixes of the object keys it covers. The object store asks here before it deletes or
replaces anything, and so do the actions that would remove a record. The embedded store knows no Object
Lock (`docs/adr/0008-retention.md`), so that this guard is the lock.
"""

from collections.abc import Iterable, Sequence

from infra.clock import now_ms
from infra.mongo import Database, Session, from_doc
from schemas.base import Document, Ms

COLLECTION = "retention"
ENDS = "/."
"""A prefix ends with one of these, so that a key has few prefixes to look for."""


class Lock(Document, frozen=True, kw_only=True):
    """Everything under `prefixes`, and the record of the subject (its id), stays until then."""

    business: str
    until: Ms
    prefixes: list[str] = []


class Retained(Exception):
    """The object or record is locked until `until` (epoch ms)."""

    def __init__(self, what: str, until: int) -> None:
        self.what, self.until = what, until
        super().__init__(f"{what} is kept until {until}")


class Retention:
    """The locks of one database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def ensure_indexes(self) -> None:
        """Create the index by which a key finds its locks."""
        await self._db.collection(COLLECTION).ensure_index([("prefixes", 1)], name="prefixes")

    async def keep(
        self,
        subject: str,
        business: str,
        until: int,
        prefixes: Sequence[str],
        session: Session | None = None,
    ) -> None:
        """Lock a subject and what lies under the prefixes; a lock only ever grows, in time and in reach."""
        wrong = [prefix for prefix in prefixes if not prefix or prefix[-1] not in ENDS]
        if wrong:
            raise ValueError(f"expected prefixes that end with one of {ENDS!r}, got {wrong}")
        now = now_ms()
        await self._db.collection(COLLECTION).update_one(
            {"_id": subject},
            {
                "$max": {"until": until, "updated_at": now},
                "$addToSet": {"prefixes": {"$each": list(prefixes)}},
                "$setOnInsert": {"business": business, "created_at": now, "rev": 1},
            },
            upsert=True,
            session=session,
        )

    async def until(self, subjects: Iterable[str], session: Session | None = None) -> dict[str, int]:
        """Tell until when each of some subjects is kept; those without a lock are left out."""
        docs = await self._db.collection(COLLECTION).find(
            {"_id": {"$in": sorted(set(subjects))}}, session=session
        )
        return {doc["_id"]: from_doc(Lock, doc).until for doc in docs}

    async def until_of_key(self, key: str) -> int:
        """Tell until when an object is kept; 0 when no lock covers it."""
        prefixes = [key[: place + 1] for place, letter in enumerate(key) if letter in ENDS]
        docs = await self._db.collection(COLLECTION).find({"prefixes": {"$in": prefixes}})
        return max((from_doc(Lock, doc).until for doc in docs), default=0)
