"""An operator at the desk: a product, a plan, a show on the wall, the show stopped."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import DESKTOP, Visitor
from tests.e2e.product import Product, Shop, push, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OPERATOR = "correct horse 2"


async def _at_the_desk(browser: Browser, product: Product, shop: Shop) -> Visitor:
    """Sign a new operator of the shop in to the portal."""
    login = f"operator-{shop.clerk_login}"
    await shop.admin.post(
        "/v1/accounts",
        {
            "login": login,
            "name": "运营小周",
            "password": OPERATOR,
            "roles": {shop.business: ["business_operator"]},
        },
    )
    desk = await Visitor.arrive(browser, product, DESKTOP)
    await desk.page.goto(f"{product.url}/portal/")
    await desk.fill("login", login)
    await desk.fill("password", OPERATOR)
    await desk.at("sign-in").click()
    await expect(desk.at("account-name")).to_have_text("运营小周")
    return desk


async def test_a_product_and_a_plan_are_made_at_the_desk(
    product: Product, shop: Shop, browser: Browser
) -> None:
    desk = await _at_the_desk(browser, product, shop)

    await desk.page.keyboard.press("g")
    await desk.page.keyboard.press("p")
    await expect(desk.at("row")).to_have_count(len(shop.products))
    await desk.page.keyboard.press("n")
    await desk.fill("product-title", "白瓷茶壶")
    await desk.fill("product-price", "128.5")
    await desk.at("save").click()
    await expect(desk.at("row").filter(has_text="白瓷茶壶")).to_be_visible()
    await desk.screenshot("portal-products")

    await desk.at("nav-schedule").click()
    await desk.at("new").click()
    await desk.fill("program-title", "周日茶会")
    await desk.at("program-room").click()
    await desk.page.get_by_role("option", name="小云的直播间").click()
    await desk.at("pick-products").click()
    await desk.at("pick").filter(has_text="白瓷茶壶").click()
    await desk.at("save").click()
    await expect(desk.at("shelf")).to_contain_text("白瓷茶壶")
    await desk.screenshot("portal-schedule")

    [planned] = (await shop.admin.get(f"/v1/programs?business={shop.business}"))["items"]
    assert (planned["title"], planned["state"]) == ("周日茶会", "draft")
    assert [(offer["title"], offer["price"]["amount"]) for offer in planned["shelf"]] == [
        ("白瓷茶壶", 12_850)
    ]
    assert desk.errors == []


async def test_a_show_is_watched_and_stopped_at_the_desk(
    product: Product, shop: Shop, browser: Browser, ffmpeg: str, demo_clip: Path
) -> None:
    program = (await shop.new_program("周末好物"))["id"]
    publisher = push(ffmpeg, demo_clip, (await shop.push_address(program))["url"])
    try:
        desk = await _at_the_desk(browser, product, shop)
        tile = desk.at("tile")
        await expect(tile).to_contain_text("周末好物", timeout=20_000)
        await expect(tile.get_by_test_id("health")).to_have_attribute("data-health", "good", timeout=20_000)
        await tile.click()
        await desk.plays()
        await desk.screenshot("portal-live")

        await desk.at("stop").click()
        await desk.fill("reason", "画面里有别人的商标")
        asked_at = time.monotonic()
        await desk.at("confirm-yes").click()
        ended = await until(
            lambda: shop.admin.get(f"/v1/programs/{program}"),
            lambda one: one["state"] == "ended",
            "the show ends",
            5,
        )
        assert (ended["end_reason"], ended["end_note"]) == ("ended_by_operator", "画面里有别人的商标")
        assert await asyncio.to_thread(publisher.wait, 10) != 0, "the publisher is cut off"
        assert time.monotonic() - asked_at < 10
        await expect(desk.at("side")).to_contain_text("画面里有别人的商标")
        assert desk.errors == []
    finally:
        publisher.kill()
        publisher.wait()
