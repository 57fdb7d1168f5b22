"""Buying in the room: a phone-sized viewer, the real shop, the demo's payment provider."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.buying import (
    PARCEL,
    UNITS,
    choose_at_cashier,
    enter,
    open_order,
    order_and_pay,
    orders_of,
    show,  # noqa: F401 (fixture)
    write_address,
)
from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def _sold(shop: Shop, place: int = 0) -> tuple[int, int]:
    """Units of a product that are reserved and sold."""
    stock = (await shop.admin.get(f"/v1/products/{shop.products[place]['id']}/stock"))[0]
    return stock["reserved"], stock["sold"]


async def test_a_viewer_buys_in_two_taps_and_pays(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    viewer = await enter(browser, product, shop, show)
    clerk = await Visitor.arrive(browser, product)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at(f"clerk-program-{show}")).to_be_visible()
    await clerk.open(f"pages/clerk/control?id={show}")
    await clerk.at(f"clerk-pin-{shop.products[0]['id']}").click()

    # The first time an address is asked for, and what is missing is said at its field.
    await viewer.at("pinned-buy").click()
    await viewer.at("order-submit").click()
    await expect(viewer.at("order-fault-phone")).to_be_visible()
    await viewer.screenshot("order-form")
    await write_address(viewer)
    await order_and_pay(viewer)
    await viewer.screenshot("order-paid")
    assert [(one["state"], one["amount"]["amount"]) for one in await orders_of(shop)] == [("paid", 3990)]
    assert await _sold(shop) == (0, 1)
    await viewer.at("order-watch-on").click()
    await viewer.plays()

    # The second time it takes two taps; the second one twice is one order.
    await viewer.at("pinned-buy").click()
    await expect(viewer.at("order-delivery-known")).to_contain_text("文三路")
    await viewer.screenshot("order-known")
    await viewer.at("order-submit").dblclick()
    await choose_at_cashier(viewer, "cancel")
    await expect(viewer.at("order-outcome-pending_payment")).to_be_visible()
    await viewer.screenshot("order-unpaid")
    assert [one["state"] for one in await orders_of(shop)] == ["pending_payment", "paid"]

    # Given up, and the money of the first one asked back.
    unpaid, paid = [one["id"] for one in await orders_of(shop)]
    await viewer.at("order-detail").click()
    await viewer.screenshot("order-detail")
    await viewer.at("order-cancel").click()
    await viewer.at("confirm-yes").click()
    await expect(viewer.at("order-state-cancelled")).to_be_visible()
    await viewer.open("pages/orders/orders")
    await expect(viewer.at(f"order-{unpaid}")).to_be_visible()
    await viewer.screenshot("orders")
    await viewer.at(f"order-{paid}").click()
    await viewer.at("order-refund").click()
    await viewer.at("confirm-yes").click()
    await expect(viewer.at("order-state-refunded")).to_be_visible()
    assert await _sold(shop) == (0, 0)
    assert not viewer.errors


async def test_a_price_that_changes_while_ordering_is_confirmed_anew(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    viewer = await enter(browser, product, shop, show)
    await open_order(viewer)
    await write_address(viewer)
    program = await shop.clerk.get(f"/v1/programs/{show}")
    offers = [{"product": one["id"]} for one in shop.products]
    offers[0] |= {"price": {"amount": 4500, "currency": "CNY"}}
    await shop.clerk.put(f"/v1/programs/{show}/shelf", {"offers": offers}, program["rev"])
    notice = viewer.at("order-price-changed")
    await expect(notice).to_contain_text("39.9")
    await expect(notice).to_contain_text("45")
    await viewer.screenshot("order-price-changed")
    assert await orders_of(shop) == []
    await order_and_pay(viewer)
    assert [one["amount"]["amount"] for one in await orders_of(shop)] == [4500]
    assert not viewer.errors


async def test_what_is_sold_out_meanwhile_is_not_ordered(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    viewer = await enter(browser, product, shop, show)
    await open_order(viewer, 2)
    await write_address(viewer)
    everything = {
        "program": show,
        "lines": [{"product": shop.products[1]["id"], "quantity": UNITS, "price": shop.products[1]["price"]}],
        "delivery": PARCEL,
    }
    await shop.clerk.post("/v1/orders", everything)
    await expect(viewer.at("state-sold-out")).to_be_visible()
    await viewer.screenshot("order-sold-out")
    assert await orders_of(shop) == []
    await viewer.page.keyboard.press("Escape")
    await viewer.at("bag-button").click()
    await expect(viewer.at("bag-buy-2")).to_have_text("已抢光")
    await viewer.screenshot("bag-sold-out")
    assert not viewer.errors


async def test_a_session_that_ends_while_ordering_keeps_the_draft(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    viewer = await enter(browser, product, shop, show)
    await open_order(viewer)
    await write_address(viewer)
    await viewer.at("order-more").click()

    async def refuse(route: Any) -> None:
        headers = {**route.request.headers, "authorization": "Bearer over"}
        await route.continue_(headers=headers)

    await viewer.page.route("**/v1/orders", refuse, times=1)
    await viewer.at("order-submit").click()
    await expect(viewer.at("login-sheet")).to_contain_text("登录已过期")
    await viewer.screenshot("order-session-over")
    assert await orders_of(shop) == []
    await viewer.sign_in(shop.viewer_login)
    await expect(viewer.at("order-quantity")).to_have_text("2")
    await expect(viewer.at("order-problem")).to_be_hidden()
    await order_and_pay(viewer)
    assert [one["lines"][0]["quantity"] for one in await orders_of(shop)] == [2]
    assert not viewer.errors
