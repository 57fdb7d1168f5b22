"""Collections of drafts and of revisions."""

from collections.abc import Sequence
from typing import Any

from content.documents import Documents
from infra.mongo import Database, Session, from_doc
from schemas.publishing import Draft, Revision

drafts = Documents("drafts", Draft)
revisions = Documents("revisions", Revision)

FIRST_REV = 1
"""What counts as the revision of a draft that was never made; one that is made begins after it."""


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    kept = db.collection(drafts.name)
    await kept.ensure_index([("business", 1), ("state", 1), ("since", 1), ("_id", 1)], name="waiting")
    await kept.ensure_index([("state", 1), ("since", 1), ("_id", 1)], name="waiting_anywhere")
    await db.collection(revisions.name).ensure_index(
        [("document", 1), ("number", -1)], name="of_document", unique=True
    )


def draft_id(document: str) -> str:
    """Name the draft of a document."""
    return f"drf_{document}"


async def draft_of(db: Database, document: str, session: Session | None = None) -> Draft | None:
    """Give the draft of a document, if one was ever made."""
    return await drafts.find(db, {"_id": draft_id(document)}, session)


def revision_id(document: str, number: int) -> str:
    """Name a revision."""
    return f"{document}.{number}"


async def last_revision(db: Database, document: str, session: Session | None = None) -> Revision | None:
    """Give the newest revision of a document."""
    ahead = {} if session is None else session.ahead.get(revisions.name, {})
    if document in ahead:
        known: Revision | None = ahead.pop(document)  # who asks may write the next one
        return known
    found = await revisions.collection(db).find(
        {"document": document}, sort=[("number", -1)], limit=1, session=session
    )
    return from_doc(Revision, found[0]) if found else None


async def last_revisions(db: Database, documents: Sequence[str]) -> dict[str, Revision]:
    """Give the newest revision of each document that has any."""
    stages: list[dict[str, Any]] = [
        {"$match": {"document": {"$in": list(documents)}}},
        {"$sort": {"document": 1, "number": -1}},
        {"$group": {"_id": "$document", "last": {"$first": "$$ROOT"}}},
    ]
    docs = await revisions.collection(db).aggregate(stages)
    return {doc["_id"]: revisions.read(doc["last"]) for doc in docs}


async def forget_drafts(db: Database, session: Session, documents: list[str]) -> None:
    """Forget drafts and revisions of documents that are gone."""
    names = [draft_id(one) for one in documents]
    await drafts.collection(db).delete_many({"_id": {"$in": names}}, session=session)
    await revisions.collection(db).delete_many({"document": {"$in": documents}}, session=session)


async def outdate(db: Database, session: Session, documents: list[str]) -> None:
    """Count up drafts whose documents a process of ours changed, so that who edits them looks again."""
    names = [draft_id(one) for one in documents]
    await drafts.collection(db).update_many({"_id": {"$in": names}}, {"$inc": {"rev": 1}}, session=session)
