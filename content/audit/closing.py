"""Up to when the trail is closed: what comes later is entered after that, whatever its clock says.

An hour is closed `QUIET_MS` before it is sealed. Who writes entries asks up to when it is closed, in the
transaction, and knows it for `KNOWN_S`; a transaction lasts a minute at most. So nobody who has not heard yet
still writes when the root is computed, and no entry comes too late for its hour.
"""

import time
from contextlib import suppress
from weakref import WeakKeyDictionary

import msgspec

from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session, from_doc
from infra.telemetry import get_logger
from schemas.audit import Entry
from schemas.base import Document, Ms
from schemas.ids import new_id

COLLECTION = "audit_closed"
QUIET_MS = 120_000
KNOWN_S = 30.0
_known: WeakKeyDictionary[Database, tuple[float, int]] = WeakKeyDictionary()
"""Of each database: when it was asked (monotonic), and what it said."""
_moved: WeakKeyDictionary[Database, int] = WeakKeyDictionary()
"""Of each database: the time that the last entry was moved to; the next one comes after it."""
log = get_logger("audit")


class Closed(Document, frozen=True, kw_only=True):
    """Up to when the trail is closed, and up to when it was before that."""

    until: Ms = 0
    since: Ms = 0
    """When it was closed so far."""
    before: Ms = 0


_OPEN = Closed(id="trail")


async def close(db: Database, until: int, now: int) -> int:
    """Close the trail up to a time (epoch ms); give up to when it is quiet, so that it can be sealed."""
    closed = await _read(db)
    quiet = closed.until if now - closed.since >= QUIET_MS else closed.before
    if until > closed.until:
        ahead = {"$set": {"until": until, "since": now, "before": quiet}}
        where = {"_id": closed.id, "until": closed.until}
        with suppress(DuplicateKey):  # another process was faster
            await db.collection(COLLECTION).update_one(where, ahead, upsert=closed is _OPEN)
    return quiet


async def in_time(db: Database, session: Session, entry: Entry) -> Entry:
    """Give the entry as it is to be written: no earlier than the trail is open."""
    asked, until = _known.get(db, (-KNOWN_S, 0))
    if time.monotonic() - asked >= KNOWN_S:
        asked = session.began  # a long transaction sees what was true at its begin
        until = (await _read(db, session)).until
        _known[db] = asked, until
    if entry.created_at >= until:
        return entry
    log.warning("audit_clock_behind", entry=entry.id, ms=until - entry.created_at)
    at = _moved[db] = max(until, _moved.get(db, 0) + 1)
    return msgspec.structs.replace(entry, id=new_id("aud", at), created_at=at, updated_at=now_ms())


async def _read(db: Database, session: Session | None = None) -> Closed:
    doc = await db.collection(COLLECTION).find_one({"_id": _OPEN.id}, session=session)
    return from_doc(Closed, doc) if doc else _OPEN
