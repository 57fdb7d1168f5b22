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
    await imports.collection(db).ensure_index(
        [("updated_at", 1)], name="expiry", partial={"file": {"$gt": ""}}
    )
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


def error_id(place: str, row: int) -> str:
    """Name the error of a row; sorts by row."""
    return f"{place}:{row:09d}"


def errors_place(current: Import) -> str:
    """Give what the errors of an import's last try are named by."""
    return f"{current.id}.{current.tries:06d}"


async def errors_of(db: Database, current: Import, after: int, limit: int) -> list[RowError]:
    """Give the errors of an import's last try, by row."""
    place = errors_place(current)
    where = {"_id": {"$gt": error_id(place, after), "$lt": f"{place};"}}
    docs = await row_errors.collection(db).find(where, sort=[("_id", 1)], limit=limit)
    return [row_errors.read(doc) for doc in docs]


async def forget_errors(db: Database, identifier: str, before: str = "") -> None:
    """Delete the errors of an import: all, or those of the tries before one (`errors_place`)."""
    within = {"_id": {"$gt": f"{identifier}.", "$lt": before or f"{identifier}/"}}
    await row_errors.collection(db).delete_many(within)
