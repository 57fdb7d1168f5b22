"""Letting files go that were kept long enough: what was exported, and what was brought to be imported."""

import asyncio

from content.bulk.exporting import clear, place_of
from content.bulk.store import exports, forget_errors, imports
from infra.clock import now_ms
from infra.mongo import Database, Unavailable, Unknown
from infra.objects import ObjectStore, StoreUnavailable
from infra.telemetry import get_logger
from schemas.base import DAY_MS
from schemas.bulk import ExportState, ImportState

LOOK_S = 600.0
AT_ONCE = 100
AT_WORK = (ImportState.RUNNING, ImportState.CHECKING)
log = get_logger("bulk")


async def make_rounds(db: Database, objects: ObjectStore, kept_days: int) -> None:
    """Let files go, until cancelled."""
    while True:
        try:
            await sweep(db, objects, now_ms(), kept_days)
        except (Unavailable, Unknown, StoreUnavailable) as away:
            log.warning("sweep_interrupted", reason=str(away)[:200])
        await asyncio.sleep(LOOK_S)


async def sweep(db: Database, objects: ObjectStore, now: int, kept_days: int) -> int:
    """Delete the files that are over; tell how many."""
    return await _exported(db, objects, now) + await _brought(db, objects, now - kept_days * DAY_MS)


async def _exported(db: Database, objects: ObjectStore, now: int) -> int:
    where = {"expires_at": {"$lt": now}, "state": {"$ne": ExportState.EXPIRED}}
    due = await exports.collection(db).find(where, limit=AT_ONCE)
    for doc in due:
        await clear(objects, place_of(doc["_id"]))
        change = {"$set": {"state": ExportState.EXPIRED, "file": "", "parts": []}, "$inc": {"rev": 1}}
        await exports.collection(db).update_one({"_id": doc["_id"]}, change)
    return len(due)


async def _brought(db: Database, objects: ObjectStore, before: int) -> int:
    """Delete what was brought, with the rows of it that were wrong: they are told in its words."""
    where = {"file": {"$gt": ""}, "updated_at": {"$lt": before}, "state": {"$nin": AT_WORK}}
    due = await imports.collection(db).find(where, limit=AT_ONCE)
    for doc in due:
        await objects.delete(doc["file"])
        await forget_errors(db, doc["_id"])
        change = {"$set": {"file": ""}, "$inc": {"rev": 1}}
        await imports.collection(db).update_one({"_id": doc["_id"], "rev": doc["rev"]}, change)
    return len(due)
