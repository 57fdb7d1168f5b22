"""Buying in the room: a phone-sized viewer, the real shop, the demo's payment provider."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.conftest import fresh_settings
from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop, push, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNITS = 5


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The whole product with the demo: only then is there a provider that takes no money."""
    with tempfile.TemporaryDirectory(prefix="kaibo-buying-", ignore_cleanup_errors=True) as folder:
        running = Product(fresh_settings(Path(folder), demo=True, secret=""))
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture
async def show(product: Product, shop: Shop, ffmpeg: str, demo_clip: Path) -> AsyncIterator[str]:
    """A program on air whose products are in stock."""
    for one in shop.products:
        await shop.admin.post(f"/v1/products/{one['id']}/stock/receive", {"quantity": UNITS})
    program = (await shop.new_program())["id"]
    publisher = push(ffmpeg, demo_clip, (await shop.push_address(program))["url"])
    try:
        await until(lambda: _state(shop, program), lambda state: state == "live", "the program goes live")
        yield program
    finally:
        publisher.kill()
        publisher.wait()
        await shop.clerk.post(f"/v1/programs/{program}/end")


async def _state(shop: Shop, program: str) -> str:
    return str((await shop.clerk.get(f"/v1/programs/{program}"))["state"])


async def _orders(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shop.viewer.get("/v1/orders"))["items"]
    return found


async def _sold(shop: Shop, place: int = 0) -> tuple[int, int]:
    """Units of a product that are reserved and sold."""
    stock = (await shop.admin.get(f"/v1/products/{shop.products[place]['id']}/stock"))[0]
    return stock["reserved"], stock["sold"]


async def _enter(browser: Browser, product: Product, shop: Shop, program: str) -> Visitor:
    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={program}")
    await viewer.at("login-to-chat").click(timeout=20_000)
    await viewer.sign_in(shop.viewer_login)
    await expect(viewer.at("chat-input")).to_be_visible(timeout=10_000)
    return viewer


async def _open_order(viewer: Visitor, number: int = 1) -> None:
    await viewer.at("bag-button").click()
    await viewer.at(f"bag-buy-{number}").click()
    await expect(viewer.at("order-sheet")).to_be_visible()


async def _address(viewer: Visitor) -> None:
    await viewer.fill("order-name", "阿明")
    await viewer.fill("order-phone", "13800000000")
    await viewer.fill("order-region", "浙江省 杭州市 西湖区")
    await viewer.fill("order-street", "文三路 1 号")


async def _choose_at_cashier(viewer: Visitor, choice: str) -> None:
    button = viewer.page.locator(f"button[value={choice}]")
    await expect(button).to_be_visible(timeout=15_000)
    await button.click()


async def test_a_viewer_buys_in_two_taps_and_pays(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    viewer = await _enter(browser, product, shop, show)
    clerk = await Visitor.arrive(browser, product)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at(f"clerk-program-{show}")).to_be_visible(timeout=10_000)
    await clerk.open(f"pages/clerk/control?id={show}")
    await clerk.at(f"clerk-pin-{shop.products[0]['id']}").click(timeout=15_000)

    # The first time an address is asked for, and what is missing is said at its field.
    await viewer.at("pinned-buy").click(timeout=10_000)
    await viewer.at("order-submit").click()
    await expect(viewer.at("order-fault-phone")).to_be_visible()
    await viewer.screenshot("order-form")
    await _address(viewer)
    await viewer.at("order-submit").click()
    await _choose_at_cashier(viewer, "pay")
    await expect(viewer.at("order-outcome-paid")).to_be_visible(timeout=15_000)
    await viewer.screenshot("order-paid")
    assert [(one["state"], one["amount"]["amount"]) for one in await _orders(shop)] == [("paid", 3990)]
    assert await _sold(shop) == (0, 1)
    await viewer.at("order-watch-on").click()
    await viewer.plays()

    # The second time it takes two taps; the second one twice is one order.
    await viewer.at("pinned-buy").click()
    await expect(viewer.at("order-delivery-known")).to_contain_text("文三路")
    await viewer.screenshot("order-known")
    await viewer.at("order-submit").dblclick()
    await _choose_at_cashier(viewer, "cancel")
    await expect(viewer.at("order-outcome-pending_payment")).to_be_visible(timeout=15_000)
    await viewer.screenshot("order-unpaid")
    assert [one["state"] for one in await _orders(shop)] == ["pending_payment", "paid"]

    # Given up, and the money of the first one asked back.
    unpaid, paid = [one["id"] for one in await _orders(shop)]
    await viewer.at("order-detail").click()
    await viewer.screenshot("order-detail")
    await viewer.at("order-cancel").click()
    await viewer.at("confirm-yes").click()
    await expect(viewer.at("order-state-cancelled")).to_be_visible(timeout=10_000)
    await viewer.open("pages/orders/orders")
    await expect(viewer.at(f"order-{unpaid}")).to_be_visible(timeout=10_000)
    await viewer.screenshot("orders")
    await viewer.at(f"order-{paid}").click()
    await viewer.at("order-refund").click()
    await viewer.at("confirm-yes").click()
    await expect(viewer.at("order-state-refunded")).to_be_visible(timeout=20_000)
    assert await _sold(shop) == (0, 0)
    assert not viewer.errors


async def test_a_price_that_changes_while_ordering_is_confirmed_anew(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    viewer = await _enter(browser, product, shop, show)
    await _open_order(viewer)
    await viewer.at("order-pick_up").click()
    await viewer.fill("order-name", "阿明")
    await viewer.fill("order-phone", "13800000000")
    program = await shop.clerk.get(f"/v1/programs/{show}")
    offers = [{"product": one["id"]} for one in shop.products]
    offers[0] |= {"price": {"amount": 4500, "currency": "CNY"}}
    await shop.clerk.put(f"/v1/programs/{show}/shelf", {"offers": offers}, program["rev"])
    notice = viewer.at("order-price-changed")
    await expect(notice).to_contain_text("39.9", timeout=10_000)
    await expect(notice).to_contain_text("45")
    await viewer.screenshot("order-price-changed")
    assert await _orders(shop) == []
    await viewer.at("order-submit").click()
    await _choose_at_cashier(viewer, "pay")
    await expect(viewer.at("order-outcome-paid")).to_be_visible(timeout=15_000)
    assert [one["amount"]["amount"] for one in await _orders(shop)] == [4500]
    assert not viewer.errors


async def test_what_is_sold_out_meanwhile_is_not_ordered(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    viewer = await _enter(browser, product, shop, show)
    await _open_order(viewer, 2)
    await _address(viewer)
    everything = {
        "lines": [{"product": shop.products[1]["id"], "quantity": UNITS, "price": shop.products[1]["price"]}],
        "delivery": {"type": "pick_up", "name": "小云", "phone": "13900000000"},
    }
    await shop.clerk.post("/v1/orders", everything)
    await viewer.at("order-submit").click()
    await expect(viewer.at("state-sold-out")).to_be_visible(timeout=10_000)
    await viewer.screenshot("order-sold-out")
    assert await _orders(shop) == []
    await viewer.page.keyboard.press("Escape")
    await viewer.at("bag-button").click()
    await expect(viewer.at("bag-buy-2")).to_have_text("已抢光")
    await viewer.screenshot("bag-sold-out")
    assert not viewer.errors


async def test_a_session_that_ends_while_ordering_keeps_the_draft(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    viewer = await _enter(browser, product, shop, show)
    await _open_order(viewer)
    await _address(viewer)
    await viewer.at("order-more").click()

    async def refuse(route: Any) -> None:
        headers = {**route.request.headers, "authorization": "Bearer over"}
        await route.continue_(headers=headers)

    await viewer.page.route("**/v1/orders", refuse, times=1)
    await viewer.at("order-submit").click()
    await expect(viewer.at("login-sheet")).to_contain_text("登录已过期", timeout=10_000)
    await viewer.screenshot("order-session-over")
    assert await _orders(shop) == []
    await viewer.sign_in(shop.viewer_login)
    await expect(viewer.at("order-quantity")).to_have_text("2", timeout=10_000)
    await expect(viewer.at("order-problem")).to_be_hidden()
    await viewer.at("order-submit").click()
    await _choose_at_cashier(viewer, "pay")
    await expect(viewer.at("order-outcome-paid")).to_be_visible(timeout=15_000)
    assert [one["lines"][0]["quantity"] for one in await _orders(shop)] == [2]
    assert not viewer.errors
