"""The shop behind the room, at the desk: variants and stock in one table, stores, orders handed over."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import at_the_desk
from tests.e2e.product import Product, Shop, until
from tests.http import plain_http

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}


async def _stock(shop: Shop) -> dict[str, int]:
    found = await shop.admin.get(f"/v1/products/{shop.products[0]['id']}")
    titles = {sku["id"]: sku["title"] for sku in found["skus"]}
    units = await shop.admin.get(f"/v1/products/{shop.products[0]['id']}/stock")
    return {titles.get(one["sku"], ""): one["on_hand"] for one in units}


async def test_variants_and_their_stock_are_made_with_the_keyboard(
    product: Product,
    shop: Shop,
    browser: Browser,
) -> None:
    first = shop.products[0]["id"]
    await shop.admin.post(f"/v1/products/{first}/stock/receive", {"quantity": 5})
    desk = await at_the_desk(browser, product, shop, WIDE)
    keys = desk.page.keyboard
    await keys.press("g")
    await keys.press("p")
    await desk.page.locator(f"[data-id={first}]").click()
    await expect(desk.at("sku-units")).to_contain_text("可售 5")
    await desk.at("sku-edit").click()
    await desk.at("option-add").click()
    await desk.at("option-name-0").fill("颜色")
    await keys.press("Tab")
    await keys.type("樱粉，雾青")
    await keys.press("Enter")
    await desk.at("option-add").click()
    await desk.at("option-name-1").fill("容量")
    await keys.press("Tab")
    for value in ("30 毫升", "75 毫升"):
        await keys.type(value)
        await keys.press("Enter")
    await expect(desk.at("sku-row-3")).to_contain_text("雾青 / 75 毫升")
    await expect(desk.at("sku-onHand-0")).to_have_value("5")

    # Down a column with Enter, the whole of one from its head.
    await desk.at("fill-onHand").fill("8")
    await keys.press("Enter")
    await desk.at("sku-surcharge-1").fill("20")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.type("25.5")
    await desk.at("sku-code-0").fill("HC-P30")
    await desk.at("sku-sold-2").click()
    await desk.screenshot("portal-skus")
    await keys.press("Control+s")
    await expect(desk.at("sku-editor")).to_be_hidden()
    await expect(desk.at("sku-count")).to_have_text("3 个规格在售")
    found = (await shop.admin.get(f"/v1/products/{first}"))["skus"]
    assert [(sku["title"], sku["surcharge"], sku["code"]) for sku in found] == [
        ("樱粉 / 30 毫升", 0, "HC-P30"),
        ("樱粉 / 75 毫升", 2000, ""),
        ("雾青 / 75 毫升", 2550, ""),
    ]
    assert await _stock(shop) == {"樱粉 / 30 毫升": 8, "樱粉 / 75 毫升": 8, "雾青 / 75 毫升": 8}
    await desk.screenshot("portal-product-skus")

    # What has stock is not removed; it is taken off sale.
    await desk.at("sku-edit").click()
    await desk.page.get_by_role("button", name="删除 75 毫升").click()
    await expect(desk.at("sku-fault")).to_contain_text("樱粉 / 75 毫升")
    await desk.at("sku-save").click()
    await expect(desk.at("sku-editor")).to_be_visible()
    await desk.at("option-value-1").fill("75 毫升")
    await keys.press("Enter")
    await keys.press("Escape")
    assert len((await shop.admin.get(f"/v1/products/{first}"))["skus"]) == 3
    assert desk.errors == []


async def test_a_store_is_opened_changed_and_retired(
    product: Product,
    shop: Shop,
    browser: Browser,
) -> None:
    desk = await at_the_desk(browser, product, shop, WIDE)
    await desk.page.keyboard.press("g")
    await desk.page.keyboard.press("t")
    await desk.page.wait_for_url("**/portal/stores*")
    await expect(desk.at("empty")).to_be_visible()
    await desk.page.keyboard.press("n")
    await desk.fill("store-name", "湖滨银泰店")
    await desk.fill("store-phone", "call me")
    await desk.at("save").click()
    await expect(desk.page.get_by_text("必填")).to_be_visible()
    await desk.fill("store-address", "杭州市上城区延安路 258 号")
    await desk.fill("store-hours", "每天 10:00–22:00")
    await desk.fill("store-phone", "0571-87000000")
    await desk.fill("store-point", "30.2553, 120.1627")
    await desk.at("save").click()
    await expect(desk.at("row")).to_contain_text("湖滨银泰店")
    await expect(desk.at("store-active")).to_be_visible()
    await desk.screenshot("portal-stores")
    await desk.at("store-active").click()
    await desk.at("confirm-yes").click()
    await expect(desk.at("row")).to_contain_text("已暂停")
    [store] = (await shop.admin.get(f"/v1/stores?business={shop.business}"))["items"]
    assert (store["active"], store["point"]) == (False, {"lat": 30.2553, "lon": 120.1627})
    assert desk.errors == []


async def _paid_pick_up(shop: Shop) -> dict[str, Any]:
    """Let the viewer buy something to be collected, and pay."""
    thing = shop.products[1]
    await shop.admin.post(f"/v1/products/{thing['id']}/stock/receive", {"quantity": 3})
    new = {"business": shop.business, "name": "湖滨银泰店", "address": "延安路 258 号"}
    store = await shop.admin.post("/v1/stores", new)
    line = {"product": thing["id"], "price": thing["price"]}
    who = {"type": "pick_up", "name": "阿明", "phone": "13800000000", "store": store["id"]}
    order: dict[str, Any] = await shop.viewer.post("/v1/orders", {"lines": [line], "delivery": who})
    path = f"/v1/orders/{order['id']}"
    page = (await shop.viewer.post(f"{path}/pay", {"return_path": "/"}))["url"]
    async with plain_http(timeout=60) as cashier:
        await cashier.post(page, data={"choice": "pay"})
    await until(lambda: shop.viewer.get(path), lambda one: one["state"] == "paid", "the order is paid")
    return order


async def test_an_order_is_laid_ready_and_handed_over_for_its_code(
    product: Product,
    shop: Shop,
    browser: Browser,
) -> None:
    order = await _paid_pick_up(shop)
    desk = await at_the_desk(browser, product, shop, WIDE)
    await desk.at("locale").click()
    await desk.page.keyboard.press("g")
    await desk.page.keyboard.press("o")
    await desk.at("row").click()
    await expect(desk.at("order-store")).to_contain_text("延安路 258 号")
    await desk.at("fulfil").click()
    await desk.fill("order-code", "12")
    await desk.at("hand-over").click()
    await expect(desk.page.get_by_text("not the order's pick-up code")).to_be_visible()
    assert (await shop.viewer.get(f"/v1/orders/{order['id']}"))["state"] == "ready"
    await desk.screenshot("portal-order-code")
    code = (await shop.viewer.get(f"/v1/orders/{order['id']}"))["pick_up_code"]
    assert code not in await desk.page.content()
    await desk.fill("order-code", code)
    await desk.page.keyboard.press("Enter")
    await expect(desk.at("side").locator("[data-state=done]").first).to_be_visible()
    await desk.screenshot("portal-orders")
    assert (await shop.viewer.get(f"/v1/orders/{order['id']}"))["state"] == "done"
    assert desk.errors == []
