"""A show from the key to the clip, with real ffmpeg and real browsers."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import Visitor
from tests.e2e.product import Caller, Product, Shop, push, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def _state(shop: Shop, program: str) -> str:
    return str((await shop.clerk.get(f"/v1/programs/{program}"))["state"])


async def _contents(who: Caller, program: str, kind: str) -> list[dict[str, Any]]:
    page = await who.get(f"/v1/programs/{program}/contents")
    return [one for one in page["items"] if one["kind"] == kind and one["state"] == "published"]


async def test_a_show_from_the_key_to_the_clip(
    product: Product, shop: Shop, browser: Browser, ffmpeg: str, demo_clip: Path
) -> None:
    program = (await shop.new_program("周末好物"))["id"]
    address = await shop.push_address(program)
    guest = Caller(product.url)

    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={program}")
    await expect(viewer.at("state-not-started")).to_be_visible()
    await viewer.screenshot("room-not-started")

    publisher = push(ffmpeg, demo_clip, address["url"])
    try:
        await until(lambda: _state(shop, program), lambda state: state == "live", "the program goes live")

        # The viewer, who was there before, sees the picture come by itself, and talks.
        await viewer.plays()
        await viewer.at("login-to-chat").click()
        await viewer.sign_in(shop.viewer_login)
        await viewer.say("这个护手霜怎么卖？")

        # The clerk answers and explains.
        clerk = await Visitor.arrive(browser, product)
        await clerk.open("pages/clerk/programs")
        await clerk.sign_in(shop.clerk_login)
        await expect(clerk.at(f"clerk-program-{program}")).to_be_visible()
        await clerk.screenshot("clerk-programs")
        await clerk.open(f"pages/clerk/control?id={program}")
        await expect(clerk.at("chat-line").filter(has_text="护手霜")).to_be_visible()
        await clerk.say("马上讲解")
        await expect(viewer.at("chat-line").filter(has_text="马上讲解")).to_be_visible()

        first, second, third = (one["id"] for one in shop.products)
        await clerk.at(f"clerk-pin-{first}").click()
        card = viewer.at("pinned-card")
        await expect(card).to_contain_text("山茶花护手霜")
        await asyncio.sleep(9)
        await viewer.screenshot("room-live")
        await clerk.screenshot("clerk-control")
        await clerk.at(f"clerk-pin-{second}").click()  # the next pin implies unpin
        await expect(card).to_contain_text("手冲咖啡壶")
        clips = await until(lambda: _contents(guest, program, "clip"), bool, "the first clip comes")
        assert clips[0]["products"] == [first]
        assert clips[0]["duration_ms"] == pytest.approx(11_000, abs=2_500)  # nine seconds and the pre-roll
        await clerk.at("clerk-unpin").click()  # too short for a clip
        await expect(card).to_be_hidden()
        await clerk.at(f"clerk-pin-{third}").click()
        await asyncio.sleep(1)

        await viewer.at("bag-button").click()
        await expect(viewer.at("bag-offer-3")).to_be_visible()
        await viewer.screenshot("room-bag")
        await viewer.page.keyboard.press("Escape")

        # The end: by holding.
        await clerk.hold("clerk-end")
        await until(lambda: _state(shop, program), lambda state: state == "ended", "the show ends")
        await expect(viewer.at("state-ended")).to_be_visible()
        await viewer.screenshot("room-ended")
        await expect(clerk.at("state-ended")).to_be_visible()
        assert await asyncio.to_thread(publisher.wait, 10) != 0, "the publisher is closed at the end"
    finally:
        publisher.kill()
        publisher.wait()

    # Afterwards.
    replay = (await until(lambda: _contents(guest, program, "replay"), bool, "the replay comes"))[0]
    clips = await _contents(guest, program, "clip")
    assert [clip["products"] for clip in clips] == [[first]], "explanations under eight seconds are no clips"
    later = await Visitor.arrive(browser, product)
    await later.open(f"pages/replay/replay?id={replay['id']}")
    await later.plays()
    await expect(later.at("replay-scrubber")).to_be_visible()
    await expect(later.at("chat-line").filter(has_text="护手霜")).to_be_visible()
    await later.screenshot("replay")
    await later.open(f"pages/clip/clip?id={clips[0]['id']}")
    await later.plays()
    await later.screenshot("clip")
    await clerk.screenshot("clerk-after")
    assert not viewer.errors + clerk.errors + later.errors


async def test_a_dropped_publisher_is_waited_for_and_resumes(
    product: Product, shop: Shop, browser: Browser, ffmpeg: str, demo_clip: Path
) -> None:
    program = (await shop.new_program())["id"]
    address = await shop.push_address(program)
    publisher = push(ffmpeg, demo_clip, address["url"])
    viewer = await Visitor.arrive(browser, product)
    try:
        await until(lambda: _state(shop, program), lambda state: state == "live", "live")
        await viewer.open(f"pages/room/room?id={program}")
        await viewer.plays()
        publisher.kill()
        await expect(viewer.at("state-interrupted")).to_be_visible()
        await viewer.screenshot("room-interrupted")
        publisher.wait()
        publisher = push(ffmpeg, demo_clip, address["url"])
        await expect(viewer.at("state-interrupted")).to_be_hidden()
        await viewer.plays()
    finally:
        publisher.kill()
        publisher.wait()
        await shop.end(program)
