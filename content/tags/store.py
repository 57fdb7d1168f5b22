"""The collections of the tag library."""

from content.documents import Documents
from infra.clock import now_ms
from infra.mongo import Database, Session, from_doc
from schemas.tags import Tag, TagCategory

categories = Documents("tag_categories", TagCategory)
tags = Documents("tags", Tag)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; a name is once in its place."""
    held = db.collection(categories.name)
    await held.ensure_index([("business", 1), ("parent", 1), ("name", 1)], name="once", unique=True)
    found = db.collection(tags.name)
    await found.ensure_index([("category", 1), ("name", 1)], name="once", unique=True)
    await found.ensure_index([("business", 1), ("_id", -1)], name="business")


async def tree_of(db: Database, business: str, session: Session | None = None) -> list[TagCategory]:
    """Give all categories of a business, by name."""
    docs = await categories.collection(db).find({"business": business}, sort=[("name", 1)], session=session)
    return [from_doc(TagCategory, doc) for doc in docs]


async def holds_something(db: Database, category: str, session: Session) -> bool:
    """Tell whether a tag or a category stands in a category."""
    if await tags.find(db, {"category": category}, session):
        return True
    return await categories.find(db, {"parent": category}, session) is not None


async def hold(db: Database, category: str, session: Session) -> None:
    """Write a category as it is, so that who deletes or moves it meanwhile collides with this."""
    touched = {"$set": {"updated_at": now_ms()}}
    await categories.collection(db).update_one({"_id": category}, touched, session=session)
