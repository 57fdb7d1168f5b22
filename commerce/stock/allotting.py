"""Units on their way to the shows that sell them, and back.

What each show may sell follows from what is on air and what the shelves say, so there is one verb: look at
both and move what is not where it belongs, in one transaction per product. Done again it moves nothing;
killed in the middle it has moved nothing. Whoever hears of a change asks for it, and rounds ask
for what nobody heard of.
"""

import asyncio
from collections.abc import Mapping, Sequence

from prometheus_client import Counter

from commerce.stock import rules, store
from commerce.stock.store import stocks
from content.programs.rules import ON_AIR
from content.programs.shelves import on_air_showing
from content.programs.store import programs
from infra import outbox
from infra.clock import now_ms
from infra.mongo import Database, Session, Unavailable, Unknown, from_doc
from infra.telemetry import get_logger
from schemas.content import Program
from schemas.events import StockChanged
from schemas.ids import new_id
from schemas.stock import Stock, StockMove, StockMoveKind

ROUND_S = 15.0
JUST_ENDED_MS = 600_000
"""How long rounds look after a program that is over."""
MOVED = Counter("kaibo_stock_allotted_units_total", "Units moved to shows and back.", ["kind"])
log = get_logger("stock")


async def share_out(db: Database, product: str) -> bool:
    """Bring a product's units to where they belong, tell whether any moved."""

    async def work(session: Session) -> list[StockMove]:
        shows = await on_air_showing(db, product, session)
        moves: list[StockMove] = []
        for stock in await store.of_product(db, product, session):
            after = rules.share_out(stock, claims(shows, stock))
            if after is not stock:
                await stocks.replace(db, session, after)
                moves += _moves(stock, after)
        await store.keep_moves(db, session, moves)
        if moves:
            await outbox.publish(db, session, StockChanged(product=product, business=moves[0].business))
        return moves

    moves = await db.transact(work)
    for move in moves:
        MOVED.labels(move.kind).inc(move.quantity)
    return bool(moves)


async def follow(db: Database, program_id: str) -> None:
    """A program went on air, changed its shelf or is over: move the units of all it sells or sold."""
    program = await programs.find(db, {"_id": program_id})
    if program is None:
        return
    sold = {offer.product for offer in program.shelf} | await store.products_allotted(db, program.log)
    for product in sorted(sold):
        await share_out(db, product)


async def make_rounds(db: Database, *, pause_s: float = ROUND_S) -> None:
    """Even out until cancelled; a lost database is waited for."""
    while True:
        try:
            await sweep(db)
        except (Unavailable, Unknown) as error:
            log.warning("allotting_interrupted", reason=str(error)[:200])
        except Exception:
            log.exception("allotting_failed")
        await asyncio.sleep(pause_s)


async def sweep(db: Database) -> int:
    """Share out what is not where it belongs, tell of how many products; it looks first."""
    shows = await _shows(db)
    products = {offer.product for show in shows for offer in show.shelf}
    for show in shows:
        if show.state not in ON_AIR:
            products |= await store.products_allotted(db, show.log)
    on_air = [show for show in shows if show.state in ON_AIR]
    found = await store.of_products(db, products)
    stray = {stock.product for stock in found if rules.share_out(stock, claims(on_air, stock)) is not stock}
    return sum([await share_out(db, product) for product in sorted(stray)])


def claims(shows: Sequence[Program], stock: Stock) -> Mapping[str, int | None]:
    """Tell what the shows on air want of an SKU: their number, or None for an even share."""
    offers = [(show.log, offer) for show in shows for offer in show.shelf if offer.product == stock.product]
    return {room: offer.units.get(stock.id) for room, offer in offers}


async def _shows(db: Database) -> list[Program]:
    lately = {"ended_at": {"$gte": now_ms() - JUST_ENDED_MS}}
    docs = await programs.collection(db).find({"$or": [{"state": {"$in": sorted(ON_AIR)}}, lately]})
    return [from_doc(Program, doc) for doc in docs]


def _moves(before: Stock, after: Stock) -> list[StockMove]:
    """Tell what went to which room and what came back."""
    rooms = sorted(before.allotted.keys() | after.allotted.keys())
    deltas = {room: after.allotted.get(room, 0) - before.allotted.get(room, 0) for room in rooms}
    return [
        StockMove(
            id=new_id("mov"),
            kind=StockMoveKind.ALLOT if units >= 0 else StockMoveKind.RETURN,
            sku=after.id,
            product=after.product,
            business=after.business,
            quantity=abs(units),
            log=room,
            actor="system",
            at=now_ms(),
        )
        for room, units in deltas.items()
    ]
