import asyncio

import pytest

from commerce.orders import actions, conservation
from commerce.orders.commands import Place
from commerce.orders.desk import Desk, Done, do_batch
from commerce.orders.rules import MAX_UNPAID, OrderRefusal
from commerce.orders.store import orders
from commerce.stock.rules import StockRefusal
from infra.clock import now_ms
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.events import OrderMoved
from schemas.ids import new_id
from schemas.money import Money
from schemas.orders import Order, OrderState
from schemas.problems import CommonRefusal, Refused
from tests.commerce.orders.selling import place
from tests.commerce.shop import LIVE_PRICE, USUAL_PRICE, Shop, at_once, buyer, open_shop


async def test_an_order_holds_its_units_at_the_price_of_the_moment(db: Database) -> None:
    shop = await open_shop(db, units=10)
    order = await place(shop, new=shop.order(3))
    assert (order.state, order.amount) == (OrderState.PENDING_PAYMENT, Money(amount=3 * 1990))
    assert (order.lines[0].price, order.lines[0].list_price) == (LIVE_PRICE, USUAL_PRICE)
    assert [step.state for step in order.steps] == [OrderState.PENDING_PAYMENT]
    stock = await shop.stock()
    assert (stock.free, stock.reserved, stock.sold) == (7, 3, 0)
    assert await actions.read_order(db, buyer(), order.id) == order
    assert await conservation.check(db) == {}


async def test_a_placed_order_is_told_to_the_floors_above(db: Database) -> None:
    shop = await open_shop(db)
    order = await place(shop, new=shop.order(2))
    [doc] = await db.collection("outbox").find({"event.type": OrderMoved.__name__})
    told = doc["event"]
    assert (told["order"], told["program"], told["log"]) == (order.id, shop.program, shop.log)
    assert (told["state"], told["units"], told["amount"]) == ("pending_payment", 2, 3980)


async def test_the_price_changes_while_ordering_and_nothing_is_ordered(db: Database) -> None:
    shop = await open_shop(db)
    await shop.reprice(Money(amount=2190))
    with pytest.raises(Refused) as refused:
        await place(shop)
    assert refused.value.code is OrderRefusal.PRICE_CHANGED
    assert refused.value.data["seen"] == {"amount": 1990, "currency": "CNY"}
    assert refused.value.data["now"] == {"amount": 2190, "currency": "CNY"}
    assert (await shop.stock()).free == 10
    assert await orders.collection(db).count({}) == 0


async def test_a_key_gives_one_order_however_often_and_at_once_it_is_sent(db: Database) -> None:
    shop = await open_shop(db, units=10)
    answers = await at_once(*(place(shop, key="k1") for _ in range(10)))
    placed = [one for one in answers if isinstance(one, Order)]
    assert len(placed) == 10
    assert len({order.id for order in placed}) == 1
    assert await place(shop, key="k1") == placed[0]
    assert (await shop.stock()).reserved == 1
    with pytest.raises(Refused) as refused:
        await place(shop, key="k1", new=shop.order(2))
    assert refused.value.code is CommonRefusal.IDEMPOTENCY_KEY_REUSED
    other = await place(shop, buyer(2), key="k1")
    assert other.id != placed[0].id


async def test_the_last_unit_is_sold_once_to_fifty_buyers(db: Database) -> None:
    shop = await open_shop(db, units=1)
    answers = await at_once(*(place(shop, buyer(n)) for n in range(50)))
    placed = [one for one in answers if isinstance(one, Order)]
    refused = [one for one in answers if isinstance(one, Refused)]
    assert (len(placed), len(refused)) == (1, 49)
    assert {one.code for one in refused} == {StockRefusal.STOCK_SHORT}
    assert {one.data["left"] for one in refused} == {0}
    assert await orders.collection(db).count({}) == 1
    assert await conservation.check(db) == {}


def _place(shop: Shop, account: str) -> Place:
    now = now_ms()
    return Place(
        by=account,
        at=now,
        order=new_id("ord"),
        buyer="b",
        actor=Actor(id=account, name="b"),
        new=shop.order(),
        key="k",
        request="r",
        expires_at=now + 60_000,
    )


async def test_the_last_unit_is_sold_once_by_two_processes(db: Database) -> None:
    shop = await open_shop(db, units=5)
    desks = [Desk(), Desk()]

    async def at(desk: Desk, number: int) -> Order:
        return (await desk.submit(db, _place(shop, f"acc_{number}"))).order

    answers = await at_once(*(at(desks[n % 2], n) for n in range(40)))
    assert sum(isinstance(one, Order) for one in answers) == 5
    assert all(one.code is StockRefusal.STOCK_SHORT for one in answers if isinstance(one, Refused))
    assert (await shop.stock()).reserved == 5
    assert await conservation.check(db) == {}


async def test_two_processes_with_the_same_key_place_one_order(db: Database) -> None:
    shop = await open_shop(db, units=5)
    answers = await asyncio.gather(*(do_batch(db, [_place(shop, "acc_1")]) for _ in range(4)))
    assert len({one.order.id for [one] in answers if isinstance(one, Done)}) == 1
    assert (await shop.stock()).reserved == 1


async def test_a_room_with_an_allotment_sells_that_and_no_more(db: Database) -> None:
    shop = await open_shop(db, units=10)
    await shop.allot(2)
    answers = await at_once(*(place(shop, buyer(n)) for n in range(4)))
    assert sum(isinstance(one, Order) for one in answers) == 2
    stock = await shop.stock()
    assert (stock.free, stock.allotted, stock.reserved) == (8, {shop.log: 0}, 2)
    outside = await place(shop, buyer(9), shop.order(price=USUAL_PRICE, program=""))
    assert outside.lines[0].allotment == ""
    assert await conservation.check(db) == {}


async def test_units_of_an_order_given_up_go_back_to_their_room(db: Database) -> None:
    shop = await open_shop(db, units=10)
    await shop.allot(3)
    order = await place(shop, new=shop.order(2))
    await actions.cancel_order(db, buyer(), order.id)
    assert (await shop.stock()).allotted == {shop.log: 3}


async def test_the_limit_of_an_offer_counts_over_all_orders_of_a_buyer(db: Database) -> None:
    shop = await open_shop(db, units=50, limit=3)
    answers = await at_once(*(place(shop, new=shop.order(2)) for _ in range(3)))
    assert sum(isinstance(one, Order) for one in answers) == 1
    assert {one.code for one in answers if isinstance(one, Refused)} == {OrderRefusal.OVER_LIMIT}
    await place(shop, new=shop.order(1))
    await place(shop, buyer(2), shop.order(3))
    assert (await shop.stock()).reserved == 6


async def test_a_buyer_can_not_hold_the_whole_stock_without_paying(db: Database) -> None:
    shop = await open_shop(db, units=100)
    answers = await at_once(*(place(shop) for _ in range(MAX_UNPAID + 3)))
    assert sum(isinstance(one, Order) for one in answers) == MAX_UNPAID
    with pytest.raises(Refused) as refused:
        await place(shop)
    assert refused.value.code is OrderRefusal.TOO_MANY_UNPAID


async def test_orders_are_seen_by_their_buyer_and_the_staff_only(db: Database) -> None:
    shop = await open_shop(db)
    order = await place(shop)
    assert (await actions.read_order(db, shop.operator, order.id)).id == order.id
    for act in (actions.read_order, actions.cancel_order, actions.refund_order):
        with pytest.raises(Refused) as refused:
            await act(db, buyer(2), order.id)
        assert refused.value.code is CommonRefusal.NOT_FOUND
    mine, others = await actions.my_orders(db, buyer()), await actions.my_orders(db, buyer(2))
    assert ([one.id for one in mine.items], others.items) == ([order.id], [])
    staff = await actions.business_orders(db, shop.operator, program=shop.program)
    assert [one.id for one in staff.items] == [order.id]
    assert (await actions.business_orders(db, buyer())).items == []
    with pytest.raises(Refused):
        await actions.business_orders(db, buyer(), business=shop.business)


async def test_a_refused_order_takes_no_other_of_its_batch_with_it(db: Database) -> None:
    shop = await open_shop(db, units=10)
    other = await open_shop(db, units=0)
    answers = await at_once(
        place(shop, buyer(1)),
        place(other, buyer(2)),
        place(shop, buyer(3), shop.order(99)),
        place(shop, buyer(4)),
    )
    assert [type(one) for one in answers] == [Order, Refused, Refused, Order]
    assert (await shop.stock()).reserved == 2
