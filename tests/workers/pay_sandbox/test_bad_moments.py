"""What comes in between while somebody buys: another device, a session that ends, a second tap."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from commerce.orders import conservation
from commerce.orders.store import orders
from commerce.payments.store import payments
from content.accounts.store import keep_sign_in
from infra.clock import now_ms
from infra.secrets import signing_secret
from infra.tokens import Tokens
from schemas.ids import new_id
from schemas.payments import PaymentState
from tests.web.api import ok, problem
from tests.web.shop import token_of
from tests.workers.pay_sandbox.market import Buyer, Market


async def _another_device(market: Market) -> Buyer:
    """Sign the buyer in once more."""
    account, session = ok(await market.buyer.ask("GET", "/v1/me"))["id"], new_id("ses")
    until = now_ms() + 3_600_000
    await market.db.transact(lambda own: keep_sign_in(market.db, own, session, account, until))
    return Buyer(market.settings, token_of(Tokens(signing_secret(market.settings)), account, session))


@pytest.fixture
async def tablet(market: Market) -> AsyncIterator[Buyer]:
    device = await _another_device(market)
    yield device
    await device.http.aclose()


async def test_ordered_on_one_device_and_paid_on_two_it_is_paid_once(market: Market, tablet: Buyer) -> None:
    order = ok(await market.buyer.order(market.shop), 201)["id"]
    pages = await asyncio.gather(*(device.page(order) for device in (market.buyer, tablet)))
    assert pages[0] == pages[1]
    await asyncio.gather(*(device.choose(pages[0], "pay") for device in (market.buyer, tablet)))
    assert [await device.state(order) for device in (market.buyer, tablet)] == ["paid", "paid"]
    assert len((await market.kept(order)).steps) == 2
    assert await payments.collection(market.db).count({}) == 1
    assert (await market.shop.stock()).sold == 1


async def test_cancelled_on_one_device_while_paid_on_the_other_one_of_them_counts(
    market: Market, tablet: Buyer
) -> None:
    order = ok(await market.buyer.order(market.shop), 201)["id"]
    page = await market.buyer.page(order)
    _, cancelled = await asyncio.gather(
        market.buyer.choose(page, "pay"), tablet.ask("POST", f"/v1/orders/{order}/cancel", {})
    )
    kept = await market.kept(order)
    payment = await payments.get(market.db, kept.payment)
    if cancelled.status_code == 200:
        assert (kept.state, payment.state) == ("cancelled", PaymentState.REFUNDING)
    else:
        assert problem(cancelled) == (409, "wrong_state")
        assert (kept.state, payment.state) == ("paid", PaymentState.SUCCEEDED)
    assert await conservation.check(market.db) == {}


async def test_a_double_tap_on_buy_orders_once_and_opens_one_page(market: Market) -> None:
    taps = await asyncio.gather(*(market.buyer.order(market.shop, key="tap") for _ in range(3)))
    placed = {ok(answer, 201)["id"] for answer in taps}
    assert len(placed) == 1
    [order] = placed
    assert len({await market.buyer.page(order) for _ in range(2)}) == 1
    assert await orders.collection(market.db).count({}) == 1
    assert await payments.collection(market.db).count({}) == 1
    assert (await market.shop.stock()).reserved == 1


async def test_a_session_that_ends_before_paying_loses_neither_the_order_nor_its_key(market: Market) -> None:
    order = ok(await market.buyer.order(market.shop, key="tap"), 201)["id"]
    again = await _another_device(market)
    ok(await market.buyer.http.delete("/v1/sessions"), 204)
    refused = await market.buyer.ask("POST", f"/v1/orders/{order}/pay", {"return_path": "/"})
    assert problem(refused) == (401, "not_signed_in")
    assert problem(await market.buyer.order(market.shop, key="tap")) == (401, "not_signed_in")
    kept = await market.kept(order)
    assert market.ledger.asked(kept.payment) is None
    assert (kept.state, (await market.shop.stock()).reserved) == ("pending_payment", 1)

    assert ok(await again.order(market.shop, key="tap"), 201)["id"] == order
    await again.choose(await again.page(order), "pay")
    assert await again.state(order) == "paid"
    assert (await market.shop.stock()).sold == 1
    await again.http.aclose()


async def test_a_session_that_ends_on_the_payment_page_does_not_keep_the_money_away(market: Market) -> None:
    order = ok(await market.buyer.order(market.shop), 201)["id"]
    page = await market.buyer.page(order)
    ok(await market.buyer.http.delete("/v1/sessions"), 204)
    assert (await market.buyer.choose(page, "pay")).status_code == 303
    assert problem(await market.buyer.ask("GET", f"/v1/orders/{order}")) == (401, "not_signed_in")
    assert (await market.kept(order)).state == "paid"
