"""Verbs of stock.

Every command has a key and is applied once: the same key again gives what is there now. Orders
move stock in `commerce.orders`, in the transaction in which the order itself moves.
"""

from collections.abc import Callable, Sequence

import msgspec
from prometheus_client import Gauge

from commerce.products.skus import sku_of, skus_of
from commerce.products.store import products
from commerce.stock import rules, store
from commerce.stock.store import stocks
from content import audit
from content.authority import authorise
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session, from_doc
from infra.telemetry import get_logger
from schemas.accounts import SYSTEM, Actor
from schemas.commerce import Product
from schemas.problems import CommonRefusal, Refusal, Refused
from schemas.stock import Availability, CountStock, ReceiveStock, Stock, StockMove, StockMoveKind

Change = Callable[[Stock], Stock | Refusal]
log = get_logger("stock")
IMBALANCED = Gauge("kaibo_stock_imbalanced_skus", "SKUs whose parts don't add up to their total; must be 0.")


async def receive_stock(db: Database, actor: Actor, product: str, new: ReceiveStock, key: str) -> Stock:
    """Add units that came in; raises Refused(sku_unknown)."""
    fresh = await _stock_of(db, actor, product, new.sku)
    move = _move(StockMoveKind.RECEIVE, fresh, key, new.quantity, actor=actor.id)
    return await _apply(db, actor, fresh, move, lambda stock: rules.receive(stock, new.quantity))


async def count_stock(db: Database, actor: Actor, product: str, new: CountStock, key: str) -> Stock:
    """Set what stands in the store; raises Refused(sku_unknown, stock_promised)."""
    fresh = await _stock_of(db, actor, product, new.sku)
    move = _move(StockMoveKind.COUNT, fresh, key, new.on_hand, actor=actor.id)
    return await _apply(db, actor, fresh, move, lambda stock: rules.count(stock, new.on_hand))


async def allot(db: Database, *, log: str, sku: str, quantity: int, key: str) -> Stock:
    """Promise units to a room; `key` is `<log>:<n>` of the command that asked for it.

    Raises Refused(stock_short, not_found).
    """
    stock = await stocks.get(db, sku)
    move = _move(StockMoveKind.ALLOT, stock, key, quantity, log=log)
    return await _apply(db, SYSTEM, stock, move, lambda now: rules.allot(now, log, quantity))


async def return_allotment(db: Database, *, log: str, sku: str, key: str) -> int:
    """Take back what a room has not spent of an SKU, give how many units; again: the same number."""
    stock = await stocks.get(db, sku)
    move = _move(StockMoveKind.RETURN, stock, key, 0, log=log)
    await _apply(db, SYSTEM, stock, move, lambda now: rules.give_back(now, log))
    applied = await store.find_move(db, move.id)
    return applied.quantity if applied else 0


async def return_allotments(db: Database, *, log: str, key: str) -> dict[str, int]:
    """Take back all that a room has not spent, give the units by SKU. For the end of a program."""

    async def allotted(session: Session) -> list[str]:
        return await store.allotted_skus(db, log, session)

    skus = await db.transact(allotted)
    return {sku: await return_allotment(db, log=log, sku=sku, key=f"{key}:{sku}") for sku in skus}


async def read_stock(db: Database, actor: Actor, product: str) -> list[Stock]:
    """Give the stock of every SKU of a product to the people of its business."""
    found = await products.get(db, product)
    authorise(actor, rules.READ, found.business)
    kept = await stocks.several(db, skus_of(found))
    return [kept.get(sku) or _empty(found, sku) for sku in skus_of(found)]


async def availability(db: Database, product_ids: Sequence[str], *, log: str = "") -> list[Availability]:
    """Tell what a room (no log: anybody) can still have of some products, in one query."""
    docs = await stocks.collection(db).find({"product": {"$in": sorted(set(product_ids))}})
    return [rules.availability(from_doc(Stock, doc), log) for doc in docs]


async def check_conservation(db: Database) -> dict[str, int]:
    """Give the SKUs whose parts don't add up, with how far they are off; sets the metric."""
    parts = {
        "$add": ["$free", {"$sum": {"$map": {"input": {"$objectToArray": "$allotted"}, "in": "$$this.v"}}}]
    }
    off = {"$subtract": [{"$add": [parts, "$reserved", "$sold"]}, "$total"]}
    docs = await stocks.collection(db).aggregate(
        [{"$project": {"off": off}}, {"$match": {"off": {"$ne": 0}}}]
    )
    found = {str(doc["_id"]): int(doc["off"]) for doc in docs}
    IMBALANCED.set(len(found))
    if found:
        log.error("stock_imbalanced", skus=found)
    return found


async def _stock_of(db: Database, actor: Actor, product: str, wanted: str) -> Stock:
    """Authorise, and give the empty stock that stands for an SKU of which there was none yet."""
    found = await products.get(db, product)
    authorise(actor, rules.SET, found.business)
    sku = sku_of(found, wanted)
    if isinstance(sku, Refusal):
        raise Refused(sku)
    return _empty(found, sku.id)


def _empty(product: Product, sku: str) -> Stock:
    return Stock(id=sku, business=product.business, product=product.id)


def _move(
    kind: StockMoveKind, stock: Stock, key: str, quantity: int, *, log: str = "", actor: str = ""
) -> StockMove:
    return StockMove(
        id=f"{stock.business}:{key}",
        kind=kind,
        sku=stock.id,
        business=stock.business,
        quantity=quantity,
        log=log,
        actor=actor,
        at=now_ms(),
    )


async def _apply(db: Database, actor: Actor, fresh: Stock, move: StockMove, change: Change) -> Stock:
    """Apply a command once; `fresh` is inserted when the SKU has no stock yet."""

    async def work(session: Session) -> Stock:
        before = await stocks.find(db, {"_id": fresh.id}, session)
        if (applied := await store.find_move(db, move.id, session)) is not None:
            return _again(before or fresh, applied, move)
        after = change(before or fresh)
        if isinstance(after, Refusal):
            raise Refused(after)
        moved = after.free - (before or fresh).free if move.kind is StockMoveKind.RETURN else move.quantity
        await store.keep_move(db, session, msgspec.structs.replace(move, quantity=moved))
        if not actor.system:
            data = {"kind": move.kind, "quantity": moved, "total": after.total}
            await audit.record(
                db, session, actor, rules.SET.name, target=move.sku, business=move.business, data=data
            )
        if before is None:
            return await stocks.insert(db, session, after)
        return await stocks.replace(db, session, after)

    try:
        return await db.transact(work)
    except DuplicateKey:  # another process was faster with this key, or with the SKU's first units
        return await db.transact(work)


def _again(stock: Stock, applied: StockMove, move: StockMove) -> Stock:
    """Answer a key that was used; raises Refused(idempotency_key_reused) if for something else."""
    same = (applied.kind, applied.sku, applied.log) == (move.kind, move.sku, move.log)
    if not same or (move.kind is not StockMoveKind.RETURN and applied.quantity != move.quantity):
        raise Refused(CommonRefusal.IDEMPOTENCY_KEY_REUSED, key=move.id)
    return stock
