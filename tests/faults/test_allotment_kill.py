"""kill -9 of the jobs process while it moves units to shows and back, and while they sell."""

from collections import Counter
from collections.abc import AsyncIterator

import msgspec
import pytest

from commerce.orders import conservation
from commerce.orders.store import orders
from commerce.stock.store import MOVES
from content.programs.actions import change_offer, end_program
from content.programs.store import programs
from content.programs.views import OfferEdit
from infra.mongo import Database, Session
from infra.settings import Settings
from schemas.accounts import SYSTEM
from schemas.content import Program
from schemas.ids import new_id
from schemas.orders import Order
from schemas.stock import StockMoveKind
from tests.commerce.orders.selling import place
from tests.commerce.shop import Shop, at_once, buyer, open_shop
from tests.faults.test_orders import Worker
from tests.workers.pay_sandbox.market import until
from workers.web.services import open_services

pytestmark = pytest.mark.faults
UNITS = 120
ROUNDS = 3


@pytest.fixture
async def jobs(settings: Settings) -> AsyncIterator[tuple[Database, Worker]]:
    async with open_services(settings) as services:
        worker = Worker(settings, "jobs", settings.jobs_port)
        yield services.db, worker
        worker.kill()
        await services.db.drop()


async def _another_show(shop: Shop) -> Program:
    async def work(session: Session) -> Program:
        first = await programs.get(shop.db, shop.program, session)
        offer = msgspec.structs.replace(first.shelf[0], id=new_id("off"))
        twin = msgspec.structs.replace(first, id=new_id("prg"), log=new_id("log"), shelf=[offer])
        return await programs.insert(shop.db, session, twin)

    return await shop.db.transact(work)


async def _ask_for(shop: Shop, show: Program, units: int) -> None:
    edit = OfferEdit(units={shop.sku: units})
    await change_offer(shop.db, SYSTEM, show.id, show.shelf[0].id, edit)


async def test_killed_while_it_moves_units_none_is_lost_and_none_moves_twice(
    jobs: tuple[Database, Worker],
) -> None:
    db, worker = jobs
    shop = await open_shop(db, units=UNITS)
    shows = [await programs.get(db, shop.program)]
    bought: list[Order] = []
    for number in range(ROUNDS):
        await worker.start()
        show = await _another_show(shop)
        shows.append(show)
        moved = await db.collection(MOVES).count({"kind": StockMoveKind.ALLOT})
        buyers = [buyer(n) for n in range(4 * number, 4 * number + 4)]
        selling = [place(shop, one, shop.order(program=shows[-2].id)) for one in buyers]
        answers = await at_once(*selling, _ask_for(shop, show, 10), _ask_for(shop, shows[-2], 20))
        bought += [one for one in answers if isinstance(one, Order)]
        if number:
            await end_program(db, shows[-3].id, "ended_by_anchor", SYSTEM)

        async def moving(moved: int = moved) -> bool:
            return await db.collection(MOVES).count({"kind": StockMoveKind.ALLOT}) > moved

        await until("units on their way", moving, 60)
        worker.kill()
        assert await conservation.check(db) == {}

    await worker.start()
    for show in shows:
        await end_program(db, show.id, "ended_by_anchor", SYSTEM)

    async def given_back() -> bool:
        return (await shop.stock()).allotted == {}

    await until("all shows give back what they have left", given_back, 60)
    stock = await shop.stock()
    assert len(bought) == 4 * ROUNDS
    assert (stock.free, stock.reserved, stock.total) == (UNITS - len(bought), len(bought), UNITS)
    assert await conservation.check(db) == {}
    assert await _kept_by_shows(db) == await _spent_of_allotments(db)


async def _kept_by_shows(db: Database) -> Counter[str]:
    """Units that went to each show and did not come back, by its log."""
    kept: Counter[str] = Counter()
    for move in await db.collection(MOVES).find({"log": {"$gt": ""}}):
        kept[move["log"]] += move["quantity"] if move["kind"] == StockMoveKind.ALLOT else -move["quantity"]
    return +kept


async def _spent_of_allotments(db: Database) -> Counter[str]:
    """Units that orders took from each show's allotment."""
    spent: Counter[str] = Counter()
    for order in await orders.collection(db).find({}):
        for line in order["lines"]:
            if line["allotment"]:
                spent[line["allotment"]] += line["quantity"]
    return spent
