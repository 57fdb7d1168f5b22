"""The collection of files."""

from collections.abc import Iterable

from content.documents import Documents
from infra.mongo import Database
from schemas.files import StoredFile

files = Documents("files", StoredFile)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; a key is one file."""
    collection = db.collection(files.name)
    await collection.ensure_index([("key", 1)], name="key", unique=True)
    await collection.ensure_index([("business", 1), ("_id", -1)], name="business")


async def keys_of(db: Database, business: str, keys: Iterable[str]) -> set[str]:
    """Give those of the keys that are files of a business."""
    where = {"key": {"$in": sorted(set(keys))}, "business": business}
    return {doc["key"] for doc in await files.collection(db).find(where, projection={"key": 1})}
