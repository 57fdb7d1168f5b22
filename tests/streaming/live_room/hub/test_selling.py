"""What a room shows of its shop, over real sockets and from real orders."""

import asyncio
from typing import Any

import pytest

from commerce.orders import actions
from commerce.stock import allotting
from content.programs.actions import change_offer
from content.programs.store import programs
from content.programs.views import OfferEdit
from infra import outbox
from infra.mongo import Database
from schemas.accounts import SYSTEM, Actor
from schemas.content import Program
from schemas.money import Money
from streaming.live_room.hub.till import masked
from tests.commerce.orders.selling import Till, now, pay, place
from tests.commerce.shop import Shop, buyer, open_shop
from tests.streaming.live_room.hub.client import Client
from tests.streaming.live_room.hub.conftest import Joined


@pytest.fixture
async def shop(db: Database) -> Shop:
    await outbox.ensure_indexes(db)
    opened = await open_shop(db, units=3)
    await allotting.follow(db, opened.program)
    return opened


@pytest.fixture
async def program(shop: Shop) -> Program:
    return await programs.get(shop.db, shop.program)


def _offer(program: Program) -> str:
    return program.shelf[0].id


async def _left(client: Client, program: Program, left: int) -> dict[str, Any]:
    """Read until so many units are left; give the count."""
    told = await client.until(
        lambda frame: any(
            event["type"] == "stock_counted" and event["offers"][_offer(program)]["left"] == left
            for event in frame.get("events", ())
        )
    )
    found = next(event for event in told["events"] if event["type"] == "stock_counted")
    count: dict[str, Any] = found["offers"][_offer(program)]
    return count


async def test_everybody_sees_the_stock_fall_to_sold_out(
    joined: Joined, shop: Shop, program: Program
) -> None:
    ann = await joined("ann")
    assert await _left(ann, program, 3) == {"left": 3, "of": 3}
    order = await place(shop, new=shop.order(2))
    await _left(ann, program, 1)
    await place(shop, buyer(2))
    assert await _left(ann, program, 0) == {"left": 0, "of": 3}
    late = await joined("bob")
    assert late.frames[0]["view"]["stock"] == {_offer(program): {"left": 0, "of": 3}}
    await actions.cancel_order(shop.db, buyer(), order.id)
    await _left(ann, program, 2)


async def test_a_buyer_is_named_to_all_and_the_sales_to_the_clerk_alone(
    joined: Joined, shop: Shop, program: Program
) -> None:
    ann, clerk = await joined("ann"), await joined("clerk", "anchor")
    nothing = await clerk.until(lambda frame: frame["t"] == "sales")
    assert (nothing["orders"], nothing["units"], nothing["amount"]) == (0, 0, 0)
    order = await pay(shop, await place(shop, Actor(id="acc_li", name="李小华"), shop.order(2)))
    told = await ann.until(lambda frame: bool(frame.get("bought")))
    assert told["bought"] == [{"who": "李***华", "offer": _offer(program), "units": 2}]
    sold = await clerk.until(lambda frame: frame["t"] == "sales" and frame["orders"])
    assert {k: sold[k] for k in ("orders", "units", "amount", "currency")} == {
        "orders": 1,
        "units": 2,
        "amount": 2 * 1990,
        "currency": "CNY",
    }
    again = await joined("clerk", "anchor", cursor=clerk.cursor)
    assert (await again.until(lambda frame: frame["t"] == "sales"))["orders"] == 1

    till = Till()
    await actions.refund_order(shop.db, SYSTEM, (await now(shop, order)).id, "")
    assert till.refunded == []
    assert (await again.until(lambda frame: frame["t"] == "sales" and not frame["orders"]))["amount"] == 0
    await ann.send({"t": "ping", "at": 0})
    await ann.until(lambda frame: frame["t"] == "pong")
    assert [frame for frame in ann.frames if frame["t"] == "sales"] == []


async def test_a_crowd_of_orders_is_told_a_few_times_a_second(
    joined: Joined, shop: Shop, program: Program
) -> None:
    ann = await joined("ann")
    await shop.receive(57)
    await allotting.share_out(shop.db, shop.product)
    await _left(ann, program, 60)
    orders = await asyncio.gather(*(place(shop, buyer(n)) for n in range(60)))
    await asyncio.gather(*(pay(shop, order) for order in orders))
    await _left(ann, program, 0)
    counts = [event for event in ann.events if event["type"] == "stock_counted"]
    seconds = (counts[-1]["at"] - counts[0]["at"]) / 1000
    assert len(counts) <= 2 + 3 * seconds, (len(counts), seconds)
    named = [frame["bought"] for frame in ann.frames if frame.get("bought")]
    assert all(len(buyers) <= 3 for buyers in named)


async def test_a_changed_price_is_on_every_shelf_within_a_second(
    joined: Joined, shop: Shop, program: Program
) -> None:
    ann = await joined("ann")
    clock = asyncio.get_running_loop()
    began = clock.time()
    await change_offer(shop.db, SYSTEM, program.id, _offer(program), OfferEdit(price=Money(amount=990)))
    told = await ann.event("shelf_set")
    assert told["offers"][0]["price"]["amount"] == 990
    assert clock.time() - began < 1


@pytest.mark.parametrize(
    ("name", "shown"), [("李小华", "李***华"), ("李雷", "李***"), ("A", "A***"), ("", "***")]
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked(name) == shown
