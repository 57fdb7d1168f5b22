"""Choosing in the room: a variant, a store to collect it at, an address of the book."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.buying import (
    PARCEL,
    enter,
    open_order,
    order_and_pay,
    orders_of,
    show,  # noqa: F401 (fixture)
    write_address,
)
from tests.e2e.product import Product, Shop, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPTIONS = [{"name": "颜色", "values": ["樱粉", "雾青"]}, {"name": "容量", "values": ["30 毫升", "75 毫升"]}]


async def _variants(shop: Shop) -> dict[str, str]:
    """Let the hand cream come in three variants; five of the first, one of the second, none of the third."""
    path = f"/v1/products/{shop.products[0]['id']}"
    own = f"sku_{shop.products[0]['id'][4:]}"
    lines: list[dict[str, Any]] = [
        {"id": own, "values": ["樱粉", "30 毫升"], "code": "HC-P30"},
        {"values": ["雾青", "30 毫升"], "code": "HC-G30", "surcharge": 500},
        {"values": ["雾青", "75 毫升"], "code": "HC-G75", "surcharge": 2000},
    ]
    rev = (await shop.admin.get(path))["rev"]
    found = await shop.admin.put(f"{path}/skus", {"options": OPTIONS, "skus": lines}, rev)
    one = {"sku": found["skus"][1]["id"], "quantity": 1}
    await shop.admin.post(f"{path}/stock/receive", one)
    return {sku["title"]: sku["id"] for sku in found["skus"]}


async def _store(shop: Shop, name: str = "湖滨银泰店") -> dict[str, Any]:
    new = {
        "business": shop.business,
        "name": name,
        "address": "杭州市上城区延安路 258 号",
        "hours": "每天 10:00–22:00",
        "phone": "0571-87000000",
    }
    store: dict[str, Any] = await shop.admin.post("/v1/stores", new)
    return store


async def test_a_variant_is_chosen_collected_and_handed_over_for_its_code(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    await _variants(shop)
    store = await _store(shop)
    await _store(shop, "武林广场店")
    viewer = await enter(browser, product, shop, show)
    await open_order(viewer)

    # What can be had is chosen already; what can't stands greyed beside it.
    await expect(viewer.at("order-sku")).to_contain_text("樱粉 / 30 毫升")
    await expect(viewer.at("order-price")).to_contain_text("39.9")
    await expect(viewer.at("sku-1-75 毫升")).to_have_attribute("data-state", "none")
    await viewer.at("sku-0-雾青").click()
    await expect(viewer.at("order-price")).to_contain_text("44.9")
    await expect(viewer.at("sku-1-75 毫升")).to_have_attribute("data-state", "sold_out")
    await expect(viewer.at("order-left")).to_contain_text("1")
    await expect(viewer.at("order-more")).to_have_attribute("aria-disabled", "true")
    await viewer.at("sku-1-75 毫升").click()
    await expect(viewer.at("order-submit")).to_have_text("该规格已售罄")
    await viewer.screenshot("order-variant-sold-out")
    await viewer.at("sku-1-30 毫升").click()

    # Collected: the store is asked for, and who comes.
    await viewer.at("order-pick_up").click()
    await viewer.fill("order-name", "阿明")
    await viewer.fill("order-phone", "13800000000")
    await viewer.at("order-submit").click()
    await expect(viewer.at("order-fault-store")).to_be_visible()
    await viewer.at(f"store-{store['id']}").click()
    await viewer.at(f"store-{store['id']}").scroll_into_view_if_needed()
    await viewer.screenshot("order-pick-up")
    await order_and_pay(viewer)
    [order] = await orders_of(shop)
    assert (order["lines"][0]["sku_title"], order["amount"]["amount"]) == ("雾青 / 30 毫升", 4490)
    assert order["store"]["name"] == "湖滨银泰店"

    # In my orders: what, where, and the code as soon as it lies ready.
    await viewer.open("pages/orders/orders")
    await expect(viewer.at(f"order-{order['id']}")).to_contain_text("雾青 / 30 毫升")
    await shop.admin.post(f"/v1/orders/{order['id']}/fulfil", {"step": "ready"})
    await viewer.at(f"order-{order['id']}").click()
    await expect(viewer.at("order-store")).to_contain_text("延安路 258 号")
    code = (await shop.viewer.get(f"/v1/orders/{order['id']}"))["pick_up_code"]
    await expect(viewer.at("order-code")).to_contain_text(code)
    await viewer.screenshot("order-pick-up-code")
    fulfil = f"/v1/orders/{order['id']}/fulfil"
    wrong = await shop.admin.post(fulfil, {"step": "complete", "code": "nothing"}, status=422)
    assert wrong["code"] == "pick_up_code_wrong"
    await shop.admin.post(fulfil, {"step": "complete", "code": code})
    await viewer.page.reload()
    await expect(viewer.at("order-state-done")).to_be_visible()
    assert not viewer.errors


async def test_a_variant_that_sells_out_and_a_store_that_closes_while_ordering(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    skus = await _variants(shop)
    store = await _store(shop)
    viewer = await enter(browser, product, shop, show)
    await open_order(viewer)
    await viewer.at("sku-0-雾青").click()
    await viewer.at("order-pick_up").click()
    await viewer.fill("order-name", "阿明")
    await viewer.fill("order-phone", "13800000000")
    await expect(viewer.at(f"store-{store['id']}")).to_have_attribute("aria-checked", "true")

    # Somebody else has the last one: the variant is greyed at once, another can be chosen.
    line = {"product": shop.products[0]["id"], "sku": skus["雾青 / 30 毫升"], "price": {"amount": 4490}}
    await shop.clerk.post("/v1/orders", {"program": show, "lines": [line], "delivery": PARCEL})
    await expect(viewer.at("sku-1-30 毫升")).to_have_attribute("data-state", "sold_out")
    await expect(viewer.at("order-submit")).to_have_text("该规格已售罄")
    await viewer.screenshot("order-variant-gone")
    assert await orders_of(shop) == []
    await viewer.at("sku-0-樱粉").click()
    await expect(viewer.at("order-price")).to_contain_text("39.9")

    # The store takes no more orders: it is said, and a parcel can be ordered instead.
    closed = await shop.admin.patch(f"/v1/stores/{store['id']}", {"active": False})
    assert closed["active"] is False
    await viewer.at("order-submit").click()
    await expect(viewer.at("order-problem")).to_contain_text("暂停自提")
    assert await orders_of(shop) == []
    await write_address(viewer)
    await order_and_pay(viewer)
    assert [one["lines"][0]["sku_title"] for one in await orders_of(shop)] == ["樱粉 / 30 毫升"]
    assert not viewer.errors


async def test_addresses_are_kept_chosen_changed_and_removed(
    product: Product,
    shop: Shop,
    show: str,  # noqa: F811
    browser: Browser,
) -> None:
    home = {"name": "阿明", "phone": "13800000000", "region": "浙江省 杭州市", "street": "文三路 1 号"}
    await shop.viewer.post("/v1/addresses", {"address": home})
    await shop.viewer.post("/v1/addresses", {"address": {**home, "street": "创业大街 9 号"}})
    viewer = await enter(browser, product, shop, show)
    await open_order(viewer, 2)
    await expect(viewer.at("order-delivery-known")).to_contain_text("文三路 1 号")
    await viewer.at("order-delivery-known").click()
    await expect(viewer.at("address-book")).to_contain_text("创业大街 9 号")
    await viewer.screenshot("address-book")
    await viewer.at("address-add").click()
    await viewer.at("address-save").click()
    await expect(viewer.page.get_by_text("请填写正确的手机号")).to_be_visible()
    for field, text in (("name", "妈妈"), ("phone", "13700000000"), ("street", "人民路 3 号")):
        await viewer.fill(f"address-{field}", text)
    await viewer.at("address-usual").click()
    await viewer.screenshot("address-edit")
    await viewer.at("address-save").click()
    await viewer.page.get_by_text("人民路 3 号").click()
    await expect(viewer.at("order-delivery-known")).to_contain_text("妈妈")
    await order_and_pay(viewer)
    assert (await orders_of(shop))[0]["delivery"]["address"]["street"] == "人民路 3 号"

    # The usual one goes: the newest of the others takes its place.
    await viewer.open("pages/orders/addresses")
    await viewer.at("address-edit").first.click()
    await viewer.at("address-delete").click()
    await viewer.at("confirm-yes").click()
    await expect(viewer.at("address-book")).not_to_contain_text("人民路")

    async def kept() -> list[tuple[str, bool]]:
        found = (await shop.viewer.get("/v1/addresses"))["items"]
        return [(one["address"]["street"], one["usual"]) for one in found]

    left = [("创业大街 9 号", True), ("文三路 1 号", False)]
    await until(kept, lambda streets: streets == left, "the next newest is the usual one")
    assert not viewer.errors
