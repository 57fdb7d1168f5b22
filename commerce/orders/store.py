"""The collection of orders, and what a batch of commands needs of others beside them.

A batch reads by joins: each query costs the web process several times what its documents cost.
"""

from collections.abc import Iterable
from typing import Any

from commerce.orders import rules
from commerce.payments.store import payments
from commerce.products.store import products
from commerce.stock.store import stocks
from content.documents import Documents
from content.programs.store import programs
from infra.mongo import Database, Session, from_doc
from schemas.content import Program
from schemas.orders import Order, OrderState
from schemas.payments import Payment

Doc = dict[str, Any]

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


async def unpaid_or_placed(
    db: Database, session: Session, accounts: Iterable[str], keys: Iterable[str]
) -> list[Doc]:
    """Find the orders of some buyers that are unpaid, or were placed under one of the keys."""
    buyers = {"account": {"$in": sorted(accounts)}}
    either = [
        {**buyers, "state": OrderState.PENDING_PAYMENT},
        {**buyers, "key": {"$in": sorted(keys)}},
    ]
    return await orders.collection(db).find({"$or": either}, session=session)


async def with_payment(db: Database, identifier: str) -> tuple[Order | None, Payment | None]:
    """Give an order and its payment, if they are there."""
    found = await orders.collection(db).aggregate(
        [{"$match": {"_id": identifier}}, _join(payments.name, "payment", "_id", "payment_docs")]
    )
    if not found:
        return None, None
    [paid_by] = found[0].pop("payment_docs") or [None]
    return from_doc(Order, found[0]), None if paid_by is None else from_doc(Payment, paid_by)


async def with_payment_and_stock(db: Database, session: Session, identifiers: list[str]) -> list[Doc]:
    """Give orders, each with its payment (`payment_docs`) and the stock of its lines (`stock_docs`)."""
    return await orders.collection(db).aggregate(
        [
            {"$match": {"_id": {"$in": identifiers}}},
            _join(payments.name, "payment", "_id", "payment_docs"),
            _join(stocks.name, "lines.sku", "_id", "stock_docs"),
        ],
        session=session,
    )


async def payments_with_order_and_stock(db: Database, session: Session, identifiers: list[str]) -> list[Doc]:
    """Give payments, each with its order (`order_docs`) and the stock of its lines (`stock_docs`)."""
    return await payments.collection(db).aggregate(
        [
            {"$match": {"_id": {"$in": identifiers}}},
            _join(orders.name, "order", "_id", "order_docs"),
            _join(stocks.name, "order_docs.lines.sku", "_id", "stock_docs"),
        ],
        session=session,
    )


async def products_with_stock(db: Database, session: Session, identifiers: Iterable[str]) -> list[Doc]:
    """Give products, each with the stock of its SKUs (`stock_docs`)."""
    return await products.collection(db).aggregate(
        [
            {"$match": {"_id": {"$in": sorted(identifiers)}}},
            _join(stocks.name, "_id", "product", "stock_docs"),
        ],
        session=session,
    )


async def programs_named(db: Database, session: Session, identifiers: Iterable[str]) -> list[Program]:
    """Give those of the programs that exist."""
    if not (wanted := sorted(identifiers)):
        return []
    docs = await programs.collection(db).find({"_id": {"$in": wanted}}, session=session)
    return [from_doc(Program, doc) for doc in docs]


def _join(name: str, own: str, other: str, into: str) -> Doc:
    return {"$lookup": {"from": name, "localField": own, "foreignField": other, "as": into}}


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
