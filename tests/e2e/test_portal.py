"""An operator at the desk: a product, a plan, a show on the wall, the show stopped."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import at_the_desk
from tests.e2e.pages import DESKTOP, PASSWORD, Visitor
from tests.e2e.product import Product, Shop, push, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_product_and_a_plan_are_made_at_the_desk(
    product: Product, shop: Shop, browser: Browser
) -> None:
    desk = await at_the_desk(browser, product, shop)

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
    await desk.choose("program-room", "小云的直播间")
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
        desk = await at_the_desk(browser, product, shop)
        tile = desk.at("tile")
        await expect(tile).to_contain_text("周末好物")
        await expect(tile.get_by_test_id("health")).to_have_attribute("data-health", "good")
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
        )
        assert (ended["end_reason"], ended["end_note"]) == ("ended_by_operator", "画面里有别人的商标")
        assert await asyncio.to_thread(publisher.wait, 10) != 0, "the publisher is cut off"
        assert time.monotonic() - asked_at < 10
        await expect(desk.at("side")).to_contain_text("画面里有别人的商标")
        assert desk.errors == []
    finally:
        publisher.kill()
        publisher.wait()


async def test_the_viewer_hears_of_the_stop_within_two_seconds(
    product: Product, shop: Shop, browser: Browser, ffmpeg: str, demo_clip: Path
) -> None:
    program = (await shop.new_program("周末好物"))["id"]
    publisher = push(ffmpeg, demo_clip, (await shop.push_address(program))["url"])
    try:
        viewer = await Visitor.arrive(browser, product)
        await until(
            lambda: shop.admin.get(f"/v1/programs/{program}"), lambda one: one["state"] == "live", "on air"
        )
        await viewer.open(f"pages/room/room?id={program}")
        await viewer.plays()
        desk = await at_the_desk(browser, product, shop)
        await desk.page.goto(f"{product.url}/portal/live?open={program}")
        figures = desk.at("beat-figures")
        await expect(figures).to_contain_text("kbps")
        await expect(figures).to_contain_text("RTMP")
        await desk.at("stop").click()
        await desk.fill("reason", "音画不同步")

        asked_at = time.monotonic()
        await desk.at("confirm-yes").click()
        await expect(viewer.at("state-ended")).to_be_visible()
        told_s = time.monotonic() - asked_at

        await viewer.screenshot("room-stopped")
        assert told_s <= 2, f"{told_s:.2f} s"
        assert (desk.errors, viewer.errors) == ([], [])
    finally:
        publisher.kill()
        publisher.wait()


async def test_a_viewer_applies_and_is_an_anchor_once_approved(
    product: Product, shop: Shop, browser: Browser
) -> None:
    viewer = await Visitor.arrive(browser, product, DESKTOP)
    await viewer.page.goto(f"{product.url}/portal/apply")
    await viewer.fill("login", shop.viewer_login)
    await viewer.fill("password", PASSWORD)
    await viewer.at("sign-in").click()
    await viewer.fill("apply-name", "阿青")
    await viewer.fill("apply-bio", "五年家居导购")
    await viewer.at("apply-presences-add").click()
    await viewer.fill("apply-presences-platform", "视频号")
    await viewer.at("apply").click()
    await expect(viewer.at("application")).to_have_attribute("data-state", "applied")

    desk = await at_the_desk(browser, product, shop)
    await desk.page.keyboard.press("g")
    await desk.page.keyboard.press("k")
    await desk.at("state-applied").click()
    await desk.at("row").filter(has_text="阿青").click()
    await desk.at("reject").click()
    await desk.fill("reason", "请补充作品")
    await desk.at("confirm-yes").click()
    await expect(viewer.at("application")).to_contain_text("请补充作品")
    await viewer.fill("apply-bio", "五年家居导购，作品见视频号")
    await viewer.at("apply").click()
    await expect(viewer.at("application")).to_have_attribute("data-state", "applied")

    await desk.page.goto(f"{product.url}/portal/creators?state=applied")
    await desk.at("row").filter(has_text="阿青").click()
    await desk.at("approve").click()
    await expect(desk.at("suspend")).to_be_visible()
    await desk.screenshot("portal-creators")
    await expect(viewer.at("application")).to_have_attribute("data-state", "approved")
    await viewer.at("go-in").click()
    await expect(viewer.at("account-name")).to_have_text("阿明")
    for screen, there in (("creators", True), ("orders", False), ("people", False)):
        await expect(viewer.at(f"nav-{screen}")).to_have_count(int(there))
    assert (desk.errors, viewer.errors) == ([], [])


async def test_a_show_is_planned_by_clicking_a_day_and_clashes_are_said(
    product: Product, shop: Shop, browser: Browser
) -> None:
    desk = await at_the_desk(browser, product, shop)
    await desk.page.goto(f"{product.url}/portal/schedule?span=month")
    for place in range(2):
        await desk.at("add-day").last.click()
        await desk.fill("program-title", f"周末茶会 {place + 1}")
        await desk.choose("program-room", "小云的直播间")
        await expect(desk.at("clash")).to_have_count(place)
        await desk.at("save").click()
        await expect(desk.at("shelf")).to_be_visible()
        await desk.at("close-side").click()
        await expect(desk.at("month-grid").get_by_test_id("program")).to_have_count(place + 1)
    await expect(desk.page.locator(".line--clash")).to_have_count(2)
    await desk.screenshot("portal-clash")
    assert desk.errors == []
