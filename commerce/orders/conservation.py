"""Whether stock and orders agree: every reserved and every sold unit belongs to an order."""

from typing import Any

from prometheus_client import Gauge

from commerce.orders.store import orders
from commerce.stock.actions import check_conservation
from commerce.stock.store import stocks
from infra.mongo import Database, Session
from infra.telemetry import get_logger
from schemas.orders import OrderState

NONE = (0, 0)
log = get_logger("orders")
DISAGREEING = Gauge(
    "kaibo_stock_disagreeing_skus", "SKUs whose reserved or sold units aren't those of orders; must be 0."
)


async def check(db: Database) -> dict[str, str]:
    """Give what is wrong, by SKU: parts that don't add up, units of no order. Sets the metrics."""

    async def compare(session: Session) -> dict[str, str]:
        of_orders = _by_sku(await orders.collection(db).aggregate(_HELD, session=session))
        of_stock = _by_sku(await stocks.collection(db).find(_MOVED, session=session))
        return {
            sku: f"(reserved, sold) of orders {of_orders.get(sku, NONE)}, of stock {of_stock.get(sku, NONE)}"
            for sku in of_orders.keys() | of_stock.keys()
            if of_orders.get(sku, NONE) != of_stock.get(sku, NONE)
        }

    disagreeing = await db.transact(compare)
    DISAGREEING.set(len(disagreeing))
    if disagreeing:
        log.error("stock_disagrees_with_orders", skus=disagreeing)
    off = {
        sku: f"parts are {units:+d} off the total" for sku, units in (await check_conservation(db)).items()
    }
    return {**disagreeing, **off}


def _by_sku(docs: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {doc["_id"]: (doc["reserved"], doc["sold"]) for doc in docs}


def _units_if(condition: object) -> dict[str, object]:
    return {"$sum": {"$cond": [condition, "$lines.quantity", 0]}}


_MOVED = {"$or": [{"reserved": {"$ne": 0}}, {"sold": {"$ne": 0}}]}
_PENDING = {"$eq": ["$state", OrderState.PENDING_PAYMENT]}
_SOLD = {"$and": [{"$ne": ["$paid_at", None]}, {"$not": ["$restocked"]}]}
_HELD = (
    {"$match": {"$or": [{"state": OrderState.PENDING_PAYMENT}, {"paid_at": {"$ne": None}}]}},
    {"$unwind": "$lines"},
    {"$group": {"_id": "$lines.sku", "reserved": _units_if(_PENDING), "sold": _units_if(_SOLD)}},
    {"$match": _MOVED},
)
