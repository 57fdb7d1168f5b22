"""The collection of contents."""

from content.contents.rules import MADE
from content.uses.store import Using
from infra.mongo import Database, Session, from_doc
from schemas.content import Content, ContentKind

contents = Using("contents", Content)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; a program has one live content, one replay, and one clip per mark."""
    collection = db.collection(contents.name)
    await collection.drop_index("source")  # it counted every kind, so that no two articles had a place
    await collection.ensure_index([("program", 1), ("_id", -1)], name="program")
    await collection.ensure_index(
        [("program", 1), ("kind", 1), ("source.mark", 1)],
        name="made_from",
        unique=True,
        partial={"kind": {"$in": sorted(MADE)}},
    )
    await collection.ensure_index([("business", 1), ("_id", -1)], name="business")
    await collection.ensure_index([("kind", 1), ("state", 1), ("_id", -1)], name="kind")
    await collection.ensure_index([("products", 1), ("_id", -1)], name="product")
    await collection.ensure_index([("media", 1)], name="media")
    await collection.ensure_index([("cover", 1)], name="cover")
    await collection.ensure_index([("pictures.key", 1)], name="picture")
    await collection.ensure_index([("author", 1), ("_id", -1)], name="author")


async def by_source(
    db: Database, program: str, kind: ContentKind, mark: str = "", session: Session | None = None
) -> Content | None:
    """Find the content that was made from a source."""
    return await contents.find(db, {"program": program, "kind": kind, "source.mark": mark}, session)


async def showing(db: Database, key: str) -> list[Content]:
    """Give the contents that show an object, the newest twenty."""
    where = {"$or": [{"media": key}, {"cover": key}, {"pictures.key": key}]}
    docs = await contents.collection(db).find(where, sort=[("_id", -1)], limit=20)
    return [from_doc(Content, doc) for doc in docs]
