import asyncio

import msgspec
import pytest

from commerce.orders import actions as order_actions
from commerce.orders import conservation
from commerce.stock import allotting
from commerce.stock.store import MOVES
from content.programs.actions import change_offer, end_program
from content.programs.store import programs
from content.programs.views import OfferEdit
from infra.mongo import Database, Session
from schemas.accounts import SYSTEM, Actor, Role
from schemas.content import Program
from schemas.ids import new_id
from schemas.money import Money
from schemas.orders import Order
from schemas.problems import CommonRefusal, Refused
from tests.commerce.orders.selling import place
from tests.commerce.shop import Shop, at_once, buyer, open_shop


async def _another_show(shop: Shop) -> Program:
    """Put another program on air that shows the same product."""

    async def work(session: Session) -> Program:
        first = await programs.get(shop.db, shop.program, session)
        twin = msgspec.structs.replace(first, id=new_id("prg"), log=new_id("log"))
        return await programs.insert(shop.db, session, twin)

    return await shop.db.transact(work)


async def test_a_show_gets_what_is_there_and_gives_it_back_at_its_end(db: Database) -> None:
    shop = await open_shop(db, units=10)
    await allotting.follow(db, shop.program)
    stock = await shop.stock()
    assert (stock.free, stock.allotted) == (0, {shop.log: 10})
    order = await place(shop, new=shop.order(3))
    await end_program(db, shop.program, "ended_by_anchor", SYSTEM)
    for _ in range(2):
        await allotting.follow(db, shop.program)
    stock = await shop.stock()
    assert (stock.free, stock.allotted, stock.granted, stock.reserved) == (7, {}, {}, 3)
    await order_actions.cancel_order(db, buyer(), order.id)
    assert (await shop.stock()).free == 10
    moves = await db.collection(MOVES).find({"log": shop.log}, sort=[("_id", 1)])
    assert [(one["kind"], one["quantity"]) for one in moves] == [("allot", 10), ("return", 7)]
    assert await conservation.check(db) == {}


async def test_asked_for_by_many_at_once_units_move_once(db: Database) -> None:
    shop = await open_shop(db, units=10)
    twin = await _another_show(shop)
    answers = await at_once(*(allotting.share_out(db, shop.product) for _ in range(8)))
    assert [one for one in answers if isinstance(one, BaseException)] == []
    assert sum(one is True for one in answers) == 1
    stock = await shop.stock()
    assert sorted(stock.allotted.values()) == [5, 5]
    assert stock.allotted.keys() == {shop.log, twin.log}


async def test_sales_and_sharing_out_at_the_same_time_lose_no_unit(db: Database) -> None:
    shop = await open_shop(db, units=40)
    twin = await _another_show(shop)

    async def even_out() -> None:
        for _ in range(10):
            await allotting.share_out(db, shop.product)

    orders = [place(shop, buyer(n), shop.order(program=(shop.program, twin.id)[n % 2])) for n in range(30)]
    answers = await at_once(*orders, even_out())
    await end_program(db, twin.id, "ended_by_anchor", SYSTEM)
    await allotting.follow(db, twin.id)
    stock = await shop.stock()
    bought = sum(isinstance(one, Order) for one in answers)
    assert bought == 30
    assert (stock.free, stock.reserved, stock.allotted) == (0, 30, {shop.log: 10})
    assert await conservation.check(db) == {}


async def test_what_came_in_later_goes_to_the_show_that_asked_for_more(db: Database) -> None:
    shop = await open_shop(db, units=4)
    await shop.allot(6)
    assert (await shop.stock()).allotted == {shop.log: 4}
    await shop.receive(10)
    await allotting.share_out(db, shop.product)
    stock = await shop.stock()
    assert (stock.free, stock.allotted) == (8, {shop.log: 6})


async def test_rounds_find_what_nobody_heard_of(db: Database) -> None:
    shop = await open_shop(db, units=10)
    rounds = asyncio.create_task(allotting.make_rounds(db, pause_s=0.05))

    async def until(allotted: dict[str, int]) -> None:
        async with asyncio.timeout(10):
            while (await shop.stock()).allotted != allotted:
                await asyncio.sleep(0.02)

    try:
        await until({shop.log: 10})
        await end_program(db, shop.program, "ended_by_anchor", SYSTEM)
        await until({})
        assert await allotting.sweep(db) == 0
    finally:
        rounds.cancel()


async def test_the_clerk_changes_price_and_units_of_an_offer(db: Database) -> None:
    shop = await open_shop(db, units=10)
    clerk = Actor(id="acc_anchor", name="主播", roles={shop.business: [Role.ANCHOR]})
    before = await programs.get(db, shop.program)
    [offer] = before.shelf
    edit = OfferEdit(price=Money(amount=1500), units={shop.sku: 4})
    changed = await change_offer(db, clerk, shop.program, offer.id, edit, rev=before.rev)
    [after] = changed.shelf
    assert (after.id, after.price.amount, after.units) == (offer.id, 1500, {shop.sku: 4})
    await allotting.follow(db, shop.program)
    assert (await shop.stock()).allotted == {shop.log: 4}
    with pytest.raises(Refused) as refused:
        await change_offer(db, clerk, shop.program, offer.id, edit, rev=before.rev)
    assert refused.value.code is CommonRefusal.PRECONDITION_FAILED


@pytest.mark.parametrize(
    ("edit", "offer", "code"),
    [
        (OfferEdit(price=Money(amount=3991)), "", CommonRefusal.INVALID),
        (OfferEdit(price=Money(amount=1, currency="USD")), "", CommonRefusal.INVALID),
        (OfferEdit(price=Money(amount=1)), "off_other", CommonRefusal.NOT_FOUND),
    ],
)
async def test_a_live_price_above_the_list_price_or_of_no_offer_is_refused(
    db: Database, edit: OfferEdit, offer: str, code: CommonRefusal
) -> None:
    shop = await open_shop(db)
    before = await programs.get(db, shop.program)
    with pytest.raises(Refused) as refused:
        await change_offer(db, SYSTEM, shop.program, offer or before.shelf[0].id, edit)
    assert refused.value.code is code
    assert await programs.get(db, shop.program) == before


async def test_nothing_changes_on_a_shelf_that_is_over_nor_for_a_buyer(db: Database) -> None:
    shop = await open_shop(db)
    [offer] = (await programs.get(db, shop.program)).shelf
    with pytest.raises(Refused) as stranger:
        await change_offer(db, buyer(), shop.program, offer.id, OfferEdit(price=Money(amount=1)))
    assert stranger.value.code is CommonRefusal.NOT_FOUND
    await end_program(db, shop.program, "ended_by_anchor", SYSTEM)
    with pytest.raises(Refused) as over:
        await change_offer(db, SYSTEM, shop.program, offer.id, OfferEdit(price=Money(amount=1)))
    assert over.value.code is CommonRefusal.WRONG_STATE
    assert (await programs.get(db, shop.program)).shelf == [offer]
