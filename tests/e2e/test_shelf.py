"""The shop in the room: stock, prices and sales as viewers and the clerk see them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop, on_air

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNITS = 3


@pytest.fixture
async def show(product: Product, shop: Shop, ffmpeg: str, demo_clip: Path) -> AsyncIterator[str]:
    """A program on air with three units of its first product and many of the second."""
    for one, units in zip(shop.products, (UNITS, 60, 0), strict=True):
        if units:
            await shop.admin.post(f"/v1/products/{one['id']}/stock/receive", {"quantity": units})
    program = (await shop.new_program())["id"]
    async with on_air(shop, program, ffmpeg, demo_clip):
        yield program


async def _stock(shop: Shop, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = (await shop.admin.get(f"/v1/products/{shop.products[place]['id']}/stock"))[0]
    return found


async def _order(shop: Shop, program: str, units: int, *, place: int = 0) -> dict[str, Any]:
    price = (await shop.clerk.get(f"/v1/programs/{program}"))["shelf"][place]["price"]
    delivery = {
        "type": "courier",
        "address": {"name": "阿明", "phone": "13800000000", "region": "浙江省", "street": "文三路 1 号"},
    }
    order: dict[str, Any] = await shop.viewer.post(
        "/v1/orders",
        {
            "program": program,
            "lines": [{"product": shop.products[place]["id"], "quantity": units, "price": price}],
            "delivery": delivery,
        },
    )
    return order


async def test_a_bag_follows_the_stock_to_sold_out_and_a_price_from_the_desk(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={show}")
    clerk = await Visitor.arrive(browser, product)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at(f"clerk-program-{show}")).to_be_visible()
    await clerk.open(f"pages/clerk/control?id={show}")
    await clerk.at(f"clerk-pin-{shop.products[0]['id']}").click()

    await viewer.at("bag-button").click()
    first = viewer.at("bag-offer-1")
    await expect(first.get_by_test_id("stock")).to_have_attribute("data-left", str(UNITS))
    await expect(viewer.at("bag-buy-3")).to_have_text("已抢光")
    assert (await _stock(shop))["free"] == 0, "the show holds what there is"
    await viewer.screenshot("shelf-bag")

    # Another viewer buys two, then the last one: everybody's bag shows it.
    await _order(shop, show, 2)
    await expect(first.get_by_test_id("stock")).to_have_attribute("data-left", "1")
    last = await _order(shop, show, 1)
    await expect(viewer.at("bag-buy-1")).to_have_text("已抢光")
    await viewer.screenshot("shelf-sold-out")
    await viewer.page.reload()
    await expect(viewer.at("pinned-buy")).to_have_text("已抢光")
    await viewer.screenshot("shelf-card-sold-out")

    # Given up, it is for sale again; the clerk changes the price, looks at it, confirms, and takes it back.
    await shop.viewer.post(f"/v1/orders/{last['id']}/cancel", {})
    await expect(viewer.at("pinned-buy")).to_have_text("抢")
    await clerk.at("shelf-control").click()
    await expect(clerk.at("shelf-offer-1")).to_be_visible()
    await clerk.screenshot("shelf-control")
    await clerk.at("shelf-change-1").click()
    await clerk.fill("shelf-price", "999")
    await clerk.at("shelf-next").click()
    await expect(clerk.at("shelf-price-wrong")).to_contain_text("79.8")
    await clerk.fill("shelf-price", "29.9")
    await clerk.fill("shelf-units-1", "2")
    await clerk.screenshot("shelf-edit")
    await clerk.at("shelf-next").click()
    await expect(clerk.at("shelf-confirm")).to_contain_text("29.9")
    await clerk.screenshot("shelf-confirm")
    # What else changes of the program meanwhile is no reason to look at the price again.
    await shop.clerk.patch(f"/v1/programs/{show}", {"intro": "三件好物"})
    await clerk.at("shelf-yes").click()
    await expect(viewer.at("pinned-card")).to_contain_text("29")
    await expect(viewer.at("pinned-buy")).to_have_text("已抢光")
    stock = await _stock(shop)
    assert (stock["free"], stock["reserved"]) == (1, 2), "the show gave back what it may not sell"
    await clerk.at("shelf-undo").click()
    await expect(viewer.at("pinned-buy")).to_have_text("抢")
    await expect(viewer.at("pinned-card")).to_contain_text("39")
    await clerk.screenshot("shelf-undone")
    assert not [*viewer.errors, *clerk.errors]


async def test_the_clerk_sees_the_sales_and_viewers_who_buys(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={show}")
    await expect(viewer.at("bag-button")).to_be_visible()
    clerk = await Visitor.arrive(browser, product)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at(f"clerk-program-{show}")).to_be_visible()
    await clerk.open(f"pages/clerk/control?id={show}")
    await expect(clerk.at("clerk-sales")).to_have_attribute("data-orders", "0")

    async def named() -> None:
        await viewer.at("buy-ticker").filter(has_text="手冲咖啡壶").wait_for(timeout=60_000)
        await viewer.screenshot("shelf-ticker")

    seeing = asyncio.create_task(named())
    await _pay(product, shop, (await _order(shop, show, 2, place=1))["id"], browser)
    await seeing
    await expect(clerk.at("clerk-sales")).to_have_text("¥258")
    await expect(clerk.at("clerk-figures")).to_contain_text("1 单 · 2 件")
    await clerk.screenshot("shelf-desk")
    await clerk.page.reload()
    await expect(clerk.at("clerk-sales")).to_have_text("¥258")
    assert not [*viewer.errors, *clerk.errors]


async def _pay(product: Product, shop: Shop, order: str, browser: Browser) -> None:
    page = await shop.viewer.post(f"/v1/orders/{order}/pay", {"return_path": "/"})
    cashier = await Visitor.arrive(browser, product)
    await cashier.page.goto(page["url"])
    await cashier.page.locator("button[value=pay]").click()
