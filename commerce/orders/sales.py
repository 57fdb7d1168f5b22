"""What a show has sold so far."""

import msgspec

from commerce.orders import rules
from commerce.orders.store import orders
from infra.mongo import Database

PAID = sorted({state for state in rules.COUNTS if state != rules.S.PENDING_PAYMENT})


class Takings(msgspec.Struct, frozen=True):
    """Orders that are paid and not given back; `amount` in minor units of `currency`."""

    orders: int = 0
    units: int = 0
    amount: int = 0
    currency: str = "CNY"


async def takings(db: Database, program: str) -> Takings:
    """Add up what a program has sold."""
    units = {"$sum": "$lines.quantity"}
    group = {
        "_id": "$amount.currency",
        "orders": {"$sum": 1},
        "units": {"$sum": units},
        "amount": {"$sum": "$amount.amount"},
    }
    docs = await orders.collection(db).aggregate(
        [
            {"$match": {"program": program, "state": {"$in": PAID}}},
            {"$group": group},
            {"$sort": {"amount": -1}},
        ]
    )
    if not docs:
        return Takings()
    first = docs[0]
    return Takings(int(first["orders"]), int(first["units"]), int(first["amount"]), str(first["_id"]))
