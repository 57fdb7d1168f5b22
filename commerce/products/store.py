"""The collection of products."""

from content.documents import Documents
from infra.mongo import Database
from schemas.commerce import Product

products = Documents("products", Product)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    await db.collection(products.name).ensure_index([("business", 1), ("_id", -1)], name="business")
    await db.collection(products.name).ensure_index(
        [("supplier", 1), ("_id", -1)], name="supplier", partial={"supplier": {"$gt": ""}}
    )
