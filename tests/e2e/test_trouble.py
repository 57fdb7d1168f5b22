"""What a viewer sees when something on the way fails."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop, push, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def _on_air(shop: Shop, program: str) -> bool:
    return bool((await shop.clerk.get(f"/v1/programs/{program}"))["state"] == "live")


async def test_without_flv_the_picture_comes_by_hls(
    product: Product, shop: Shop, browser: Browser, ffmpeg: str, demo_clip: Path
) -> None:
    program = (await shop.new_program())["id"]
    publisher = push(ffmpeg, demo_clip, (await shop.push_address(program))["url"])
    viewer = await Visitor.arrive(browser, product)
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
    await viewer.page.route("**/*.flv?*", lambda route: route.abort())
    try:
        await until(lambda: _on_air(shop, program), bool, "the program goes live")
        await viewer.open(f"pages/room/room?id={program}")
        await viewer.plays(40_000)
        assert any(url.endswith(".m3u8") for url in asked), asked
        assert any("/seg/" in url for url in asked), asked
    finally:
        publisher.kill()
        publisher.wait()
        await shop.end(program)


async def test_a_killed_room_comes_back_and_nothing_said_is_lost(
    product: Product, shop: Shop, browser: Browser
) -> None:
    program = (await shop.new_program())["id"]
    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={program}")
    await viewer.at("login-to-chat").click()
    await viewer.sign_in(shop.viewer_login)
    await viewer.say("第一句")
    product.kill("live")
    await expect(viewer.at("state-reconnecting")).to_be_visible()
    await viewer.screenshot("room-reconnecting")
    await expect(viewer.at("state-reconnecting")).to_be_hidden()
    await viewer.say("第二句")

    later = await Visitor.arrive(browser, product)
    await later.open(f"pages/room/room?id={program}")
    for line in ("第一句", "第二句"):
        await expect(later.at("chat-line").filter(has_text=line)).to_have_count(1)
    await shop.clerk.post(f"/v1/programs/{program}/cancel")
