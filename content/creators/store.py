"""The collection of creators."""

from collections.abc import Iterable

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
    return (business, account) in await are_suspended(db, {account})


async def are_suspended(db: Database, accounts: Iterable[str]) -> set[tuple[str, str]]:
    """Tell in which businesses which of some accounts are suspended creators."""
    where = {"account": {"$in": sorted(filter(None, accounts))}, "state": CreatorState.SUSPENDED}
    docs = await creators.collection(db).find(where, projection={"business": 1, "account": 1})
    return {(doc["business"], doc["account"]) for doc in docs}
