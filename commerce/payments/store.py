"""The collection of payments."""

from content.documents import Documents
from infra.mongo import Database, from_doc
from schemas.payments import Payment, PaymentState

payments = Documents("payments", Payment)
WAITING = (PaymentState.OPEN, PaymentState.REFUNDING)


async def ensure_indexes(db: Database) -> None:
    """Create the indexes."""
    collection = db.collection(payments.name)
    await collection.ensure_index([("order", 1)], name="order")
    await collection.ensure_index([("state", 1), ("next_try_at", 1)], name="due")


async def due(db: Database, now: int, limit: int) -> list[Payment]:
    """Give payments whose provider is to be asked, longest due first."""
    where = {"state": {"$in": list(WAITING)}, "next_try_at": {"$lte": now}}
    docs = await db.collection(payments.name).find(where, sort=[("next_try_at", 1)], limit=limit)
    return [from_doc(Payment, doc) for doc in docs]


async def put_off(db: Database, payment: Payment) -> None:
    """Keep when the next try is due, unless the payment has moved on meanwhile."""
    await db.collection(payments.name).update_one(
        {"_id": payment.id, "state": payment.state},
        {"$set": {"next_try_at": payment.next_try_at, "tries": payment.tries}},
    )
