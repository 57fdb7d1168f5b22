"""The collection of stores."""

from content.documents import Documents
from infra.mongo import Database
from schemas.stores import Store

stores = Documents("stores", Store)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    await db.collection(stores.name).ensure_index([("business", 1), ("_id", -1)], name="business")
