"""The collection of businesses."""

from content.documents import Documents
from infra.mongo import Database
from schemas.content import Business

businesses = Documents("businesses", Business)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    await db.collection(businesses.name).ensure_index([("slug", 1)], name="slug", unique=True)
