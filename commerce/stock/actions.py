"""Verbs of stock.

Every command has a key and is applied once: the same key again gives what is there now. Orders
move stock in `commerce.orders`, in the transaction in which the order itself moves; shows get their
units in `commerce.stock.allotting`.
"""

from collections.abc import Callable, Sequence

from prometheus_client import Gauge

from commerce.products.skus import sku_of, skus_of
from commerce.products.store import products
from commerce.stock import rules, store
from commerce.stock.store import stocks
from content import audit
from content.authority import authorise
from infra import outbox
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session
from infra.telemetry import get_logger
from schemas.accounts import Actor
from schemas.commerce import Product, Sku
from schemas.events import StockChanged
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


async def read_stock(db: Database, actor: Actor, product: str) -> list[tuple[Sku, Stock]]:
    """Give every SKU of a product with its stock to the people of its business, and to its supplier."""
    found = await products.get(db, product)
    authorise(actor, rules.READ, found.business, supplier=found.supplier)
    kept = await stocks.several(db, skus_of(found))
    return [(sku, kept.get(name) or _empty(found, name)) for name, sku in skus_of(found).items()]


async def availability(db: Database, product_ids: Sequence[str], *, log: str = "") -> list[Availability]:
    """Tell what a room (no log: anybody) can still have of some products; retired SKUs are left out."""
    found = await products.several(db, product_ids)
    sold = {name for one in found.values() for name, sku in skus_of(one).items() if not sku.retired}
    kept = await store.of_products(db, product_ids)
    return [rules.availability(stock, log) for stock in kept if stock.id in sold]


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


def _move(kind: StockMoveKind, stock: Stock, key: str, quantity: int, *, actor: str) -> StockMove:
    return StockMove(
        id=f"{stock.business}:{key}",
        kind=kind,
        sku=stock.id,
        product=stock.product,
        business=stock.business,
        quantity=quantity,
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
        await store.keep_move(db, session, move)
        if not actor.system:
            data = {"kind": move.kind, "quantity": move.quantity, "total": after.total}
            await audit.record(
                db, session, actor, rules.SET.name, target=move.sku, business=move.business, data=data
            )
        await outbox.publish(db, session, StockChanged(product=after.product, business=after.business))
        if before is None:
            return await stocks.insert(db, session, after)
        return await stocks.replace(db, session, after)

    try:
        return await db.transact(work)
    except DuplicateKey:  # another process was faster with this key, or with the SKU's first units
        return await db.transact(work)


def _again(stock: Stock, applied: StockMove, move: StockMove) -> Stock:
    """Answer a key that was used; raises Refused(idempotency_key_reused) if for something else."""
    if (applied.kind, applied.sku, applied.quantity) != (move.kind, move.sku, move.quantity):
        raise Refused(CommonRefusal.IDEMPOTENCY_KEY_REUSED, key=move.id)
    return stock
