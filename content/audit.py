"""The audit trail: who did what to which thing, written in the transaction that does it."""

from typing import Any

import structlog

from infra.clock import now_ms
from infra.mongo import Database, Session, to_doc
from schemas.accounts import Actor
from schemas.base import Document
from schemas.ids import new_id

COLLECTION = "audit"


class Entry(Document, frozen=True, kw_only=True):
    """One action that took effect."""

    action: str
    target: str
    business: str
    actor: str
    actor_name: str
    request: str = ""
    """Id of the request that asked for it."""
    data: dict[str, Any] = {}


async def ensure_indexes(db: Database) -> None:
    """Create the indexes of the trail."""
    await db.collection(COLLECTION).ensure_index([("target", 1), ("_id", -1)], name="target")
    await db.collection(COLLECTION).ensure_index([("business", 1), ("_id", -1)], name="business")


async def record(
    db: Database,
    session: Session,
    actor: Actor,
    action: str,
    *,
    target: str,
    business: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write that `actor` did `action` to `target`."""
    now = now_ms()
    entry = Entry(
        id=new_id("aud"),
        created_at=now,
        updated_at=now,
        action=action,
        target=target,
        business=business,
        actor=actor.id,
        actor_name=actor.name,
        request=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        data=data or {},
    )
    await db.collection(COLLECTION).insert_one(to_doc(entry), session=session)
