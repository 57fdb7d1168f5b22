"""The collection of creators."""

from content.documents import Documents
from infra.mongo import Database, Session
from schemas.creators import Creator, CreatorState

creators = Documents("creators", Creator)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; an account is one creator of a business."""
    collection = db.collection(creators.name)
    await collection.ensure_index(
        [("account", 1), ("business", 1)], name="account", unique=True, partial={"account": {"$gt": ""}}
    )
    await collection.ensure_index([("business", 1), ("state", 1), ("_id", -1)], name="business")


async def of_account(
    db: Database, business: str, account: str, session: Session | None = None
) -> Creator | None:
    """Give the creator an account is in a business."""
    return await creators.find(db, {"account": account, "business": business}, session) if account else None


async def is_suspended(db: Database, business: str, account: str) -> bool:
    """Tell whether an account is a suspended creator of a business."""
    found = await of_account(db, business, account)
    return found is not None and found.state is CreatorState.SUSPENDED
