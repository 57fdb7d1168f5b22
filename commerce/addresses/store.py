"""The collection of addresses."""

from content.documents import Documents
from infra.mongo import Database, Session, from_doc
from schemas.addresses import SavedAddress

addresses = Documents("addresses", SavedAddress)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; the second lets an account have one usual address."""
    collection = db.collection(addresses.name)
    await collection.ensure_index([("account", 1), ("_id", -1)], name="account")
    await collection.ensure_index([("account", 1)], name="usual", unique=True, partial={"usual": True})


async def of_account(db: Database, account: str, session: Session | None = None) -> list[SavedAddress]:
    """Give a person's addresses: the usual one first, then the newest."""
    docs = await addresses.collection(db).find(
        {"account": account}, sort=[("usual", -1), ("_id", -1)], session=session
    )
    return [from_doc(SavedAddress, doc) for doc in docs]
