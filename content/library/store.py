"""The collection of saved views."""

from content.documents import Documents
from infra.mongo import Database, Session
from schemas.library import SavedView

saved_views = Documents("saved_views", SavedView)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    collection = db.collection(saved_views.name)
    await collection.ensure_index([("business", 1), ("of", 1), ("_id", -1)], name="list")
    await collection.ensure_index([("owner", 1), ("business", 1)], name="owner")


async def count_of(db: Database, session: Session, owner: str, business: str) -> int:
    """Count the views somebody keeps in a business."""
    where = {"owner": owner, "business": business}
    return await db.collection(saved_views.name).count(where, session=session)
