"""The collection of orders."""

from collections.abc import Iterable

from commerce.orders import rules
from content.documents import Documents
from infra.mongo import Database, Session, from_doc
from schemas.orders import Order, OrderState

orders = Documents("orders", Order)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    collection = db.collection(orders.name)
    await collection.ensure_index([("account", 1), ("key", 1)], name="once", unique=True)
    await collection.ensure_index([("account", 1), ("_id", -1)], name="account")
    await collection.ensure_index([("business", 1), ("_id", -1)], name="business")
    await collection.ensure_index([("state", 1), ("expires_at", 1)], name="due")
    await collection.ensure_index([("program", 1), ("account", 1), ("state", 1)], name="program")
    await collection.ensure_index([("account", 1), ("state", 1)], name="account_state")


async def by_keys(db: Database, session: Session, keys: Iterable[tuple[str, str]]) -> list[Order]:
    """Find the orders that were placed under some (account, key)."""
    either = [{"account": account, "key": key} for account, key in keys]
    if not either:
        return []
    docs = await orders.collection(db).find({"$or": either}, session=session)
    return [from_doc(Order, doc) for doc in docs]


async def unpaid_of(db: Database, session: Session, accounts: Iterable[str]) -> dict[str, int]:
    """Count the unpaid orders of some buyers."""
    where = {"account": {"$in": sorted(set(accounts))}, "state": OrderState.PENDING_PAYMENT}
    found: dict[str, int] = {}
    for doc in await orders.collection(db).find(where, projection={"account": 1}, session=session):
        found[doc["account"]] = found.get(doc["account"], 0) + 1
    return found


async def bought_by(
    db: Database, session: Session, program: str, accounts: Iterable[str]
) -> dict[tuple[str, str], int]:
    """Count the units of each product that some buyers have of a program, by (account, product)."""
    where = {
        "program": program,
        "account": {"$in": sorted(set(accounts))},
        "state": {"$in": sorted(rules.COUNTS)},
    }
    chosen = {"account": 1, "lines.product": 1, "lines.quantity": 1}
    found: dict[tuple[str, str], int] = {}
    for doc in await orders.collection(db).find(where, projection=chosen, session=session):
        for line in doc["lines"]:
            whose = (doc["account"], line["product"])
            found[whose] = found.get(whose, 0) + int(line["quantity"])
    return found


async def overdue(db: Database, now: int, limit: int) -> list[str]:
    """Give orders whose time to be paid is over, longest overdue first."""
    where = {"state": OrderState.PENDING_PAYMENT, "expires_at": {"$lte": now}}
    docs = await orders.collection(db).find(
        where, projection={"_id": 1}, sort=[("expires_at", 1)], limit=limit
    )
    return [doc["_id"] for doc in docs]
