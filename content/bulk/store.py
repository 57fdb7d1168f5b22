"""Collections of imports, their errors, exports, and what other systems call our documents."""

from collections.abc import Iterable, Sequence

from content.documents import Documents
from infra.mongo import Database
from schemas.bulk import Export, ExternalKey, Import, NounName, RowError

imports = Documents("imports", Import)
row_errors = Documents("import_errors", RowError)
exports = Documents("exports", Export)
external_keys = Documents("external_keys", ExternalKey)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    for one in (imports, exports):
        await one.collection(db).ensure_index([("business", 1), ("_id", -1)], name="business")
    await exports.collection(db).ensure_index([("expires_at", 1)], name="expiry")
    await external_keys.collection(db).ensure_index([("document", 1)], name="document", unique=True)


def key_id(business: str, noun: NounName, key: str) -> str:
    """Name an external key."""
    return f"{business}:{noun}:{key}"


async def documents_of(db: Database, business: str, noun: NounName, keys: Iterable[str]) -> dict[str, str]:
    """Give the documents that external keys mean."""
    found = await external_keys.several(db, [key_id(business, noun, key) for key in keys if key])
    return {name.split(":", 2)[2]: one.document for name, one in found.items()}


async def keys_of(db: Database, documents: Sequence[str]) -> dict[str, str]:
    """Give the external keys of documents."""
    docs = await external_keys.collection(db).find({"document": {"$in": list(documents)}})
    return {doc["document"]: doc["_id"].split(":", 2)[2] for doc in docs}


def error_id(identifier: str, row: int) -> str:
    """Name the error of a row; sorts by row."""
    return f"{identifier}:{row:09d}"


async def errors_of(db: Database, identifier: str, after: int, limit: int) -> list[RowError]:
    """Give the errors of an import, by row."""
    where = {"_id": {"$gt": error_id(identifier, after), "$lt": f"{identifier};"}}
    docs = await row_errors.collection(db).find(where, sort=[("_id", 1)], limit=limit)
    return [row_errors.read(doc) for doc in docs]
