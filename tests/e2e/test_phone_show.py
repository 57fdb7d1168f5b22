"""A show from a phone: the camera over WHIP through the clerk's page, watched on another phone."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.conftest import CHROMIUM_FLAGS
from tests.e2e.conftest import Chromium
from tests.e2e.pages import Visitor
from tests.e2e.product import Caller, Product, Shop, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VERDICT = re.compile("good|weak")
"""Any: what is good on a busy machine is not for this test to say."""
FAKE_CAMERA = "--use-fake-device-for-media-stream"
ALLOWED = "--use-fake-ui-for-media-stream"


async def _state(shop: Shop, program: str) -> str:
    return str((await shop.clerk.get(f"/v1/programs/{program}"))["state"])


async def _programs(shop: Shop) -> list[dict[str, str]]:
    items: list[dict[str, str]] = (await shop.clerk.get("/v1/programs?mine=true"))["items"]
    return items


async def _clerk(browser: Browser, product: Product, shop: Shop) -> Visitor:
    """A clerk with a phone, signed in, in the studio."""
    clerk = await Visitor.arrive(browser, product)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at("clerk-phone")).to_be_visible(timeout=60_000)
    return clerk


async def test_a_show_from_a_phone(product: Product, shop: Shop, browser: Browser) -> None:
    clerk = await _clerk(browser, product, shop)
    await clerk.screenshot("phone-studio")

    # Camera, light, sound and network are there before anything is asked.
    await clerk.at("clerk-phone").click()
    for check in ("check-light", "check-sound", "check-network"):
        await expect(clerk.at(check)).to_have_attribute("data-verdict", VERDICT, timeout=60_000)
    await clerk.fill("phone-title", "手机里的周末")
    await clerk.at("phone-cover").click()
    await expect(clerk.at("phone-cover").locator("img")).to_be_attached(timeout=60_000)
    await clerk.at("phone-products").click()
    for one in shop.products[:2]:
        await clerk.at(f"phone-pick-{one['id']}").click()
    await clerk.screenshot("phone-products")
    await clerk.at("phone-products-done").click()
    await clerk.screenshot("phone-check")

    await clerk.at("phone-start").click()
    programs = await until(lambda: _programs(shop), bool, "a program is made")
    assert len(programs) == 1
    program = programs[0]["id"]
    await until(lambda: _state(shop, program), lambda state: state == "live", "the show is on air", 60)
    await expect(clerk.at("phone-desk")).to_have_attribute("data-publishing", "sending", timeout=60_000)

    # Somebody watches on another phone, hears and talks; the clerk explains a product.
    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={program}")
    await viewer.plays(60_000)
    await viewer.at("login-to-chat").click()
    await viewer.sign_in(shop.viewer_login)
    await viewer.say("手机也能播？")
    await expect(clerk.at("chat-line").filter(has_text="手机也能播")).to_be_visible(timeout=60_000)
    await clerk.at("phone-shelf").click()
    await clerk.screenshot("phone-shelf")
    await clerk.at(f"clerk-pin-{shop.products[0]['id']}").click()
    await expect(viewer.at("pinned-card")).to_contain_text("山茶花护手霜", timeout=60_000)
    await clerk.page.keyboard.press("Escape")
    await expect(clerk.at("phone-pinned")).to_be_visible()
    await clerk.screenshot("phone-live")
    await viewer.screenshot("phone-viewer")

    # The page is loaded anew in the middle of the show: one tap and it goes on.
    await clerk.page.reload()
    await expect(clerk.at("state-still-on-air")).to_be_visible(timeout=60_000)
    await clerk.screenshot("phone-still-on-air")
    await clerk.at("phone-continue").click()
    await expect(clerk.at("phone-desk")).to_have_attribute("data-publishing", "sending", timeout=60_000)
    await until(lambda: _state(shop, program), lambda state: state == "live", "the show goes on", 60)
    await expect(viewer.at("state-interrupted")).to_be_hidden(timeout=60_000)
    await viewer.plays(60_000)
    assert len(await _programs(shop)) == 1, "the same show, not another"

    await clerk.hold("clerk-end")
    await until(lambda: _state(shop, program), lambda state: state == "ended", "the show ends", 60)
    await expect(clerk.at("state-ended")).to_be_visible(timeout=60_000)
    await expect(clerk.at("clerk-replay")).to_be_visible(timeout=60_000)
    await expect(clerk.at("after-viewers")).to_have_text("1", timeout=60_000)
    await expect(clerk.at("after-orders")).to_have_text("0")
    await clerk.screenshot("phone-after")
    cameras = "Array.from(document.querySelectorAll('video')).filter((one) => one.srcObject?.active).length"
    assert await clerk.page.evaluate(cameras) == 0, "the camera is given back"

    contents = (await Caller(product.url).get(f"/v1/programs/{program}/contents"))["items"]
    [replay] = [one for one in contents if one["kind"] == "replay"]
    await viewer.open(f"pages/replay/replay?id={replay['id']}")
    await viewer.plays(60_000)
    ended = await shop.clerk.get(f"/v1/programs/{program}")
    assert ended["title"] == "手机里的周末"
    assert ended["cover"].startswith("pic/")
    assert [offer["product"] for offer in ended["shelf"]] == [one["id"] for one in shop.products[:2]]
    assert not clerk.errors + viewer.errors


async def test_a_planned_program_from_a_phone_and_a_publish_that_is_cut(
    product: Product, shop: Shop, browser: Browser
) -> None:
    program = (await shop.new_program("排好的一场"))["id"]
    clerk = await _clerk(browser, product, shop)
    await clerk.at(f"clerk-phone-{program}").click()
    await clerk.at("phone-start").click()
    try:
        await expect(clerk.at("phone-desk")).to_have_attribute("data-publishing", "sending", timeout=60_000)
        await until(lambda: _state(shop, program), lambda state: state == "live", "on air", 60)

        # The server ends this publish only: the page comes back without being asked.
        left = await clerk.page.evaluate("JSON.parse(localStorage['kaibo.publish']).address")
        await clerk.page.evaluate("(address) => fetch(address, {method: 'DELETE'})", left)
        await until(lambda: _state(shop, program), lambda state: state == "interrupted", "cut off", 60)
        await until(lambda: _state(shop, program), lambda state: state == "live", "on air again", 60)
    finally:
        await shop.end(program)
    # Ended elsewhere, the page shows what came of it.
    await expect(clerk.at("state-ended")).to_be_visible(timeout=60_000)
    assert not clerk.errors


@pytest_asyncio.fixture(params=["refused", "no_camera"], loop_scope="session")
async def without_camera(
    request: pytest.FixtureRequest, chromium: Chromium
) -> AsyncIterator[tuple[str, Browser]]:
    """A Chromium whose camera nobody allowed, and one without any."""
    why: str = request.param
    missing = ALLOWED if why == "refused" else FAKE_CAMERA
    more = ["--deny-permission-prompts"] if why == "refused" else []
    flags = [*(flag for flag in CHROMIUM_FLAGS if flag != missing), *more]
    own = await chromium.alone(flags)
    yield why, own
    await own.close()


async def test_without_a_camera_the_page_says_what_to_do(
    product: Product, shop: Shop, without_camera: tuple[str, Browser]
) -> None:
    why, browser = without_camera
    clerk = await _clerk(browser, product, shop)
    await clerk.at("clerk-phone").click()
    await expect(clerk.at(f"state-camera-{why}")).to_be_visible(timeout=60_000)
    await clerk.screenshot(f"phone-camera-{why}")
    await expect(clerk.at("phone-start")).to_be_hidden()
    assert await _programs(shop) == []
    assert not clerk.errors


async def test_a_page_without_https_says_why_there_is_no_camera(
    product: Product, shop: Shop, chromium: Chromium
) -> None:
    own = await chromium.alone([*CHROMIUM_FLAGS, "--host-resolver-rules=MAP shop.test 127.0.0.1"])
    clerk = await Visitor.arrive(own, product)
    await clerk.page.goto(f"http://shop.test:{product.settings.web_port}/#/pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await clerk.at("clerk-phone").click()
    await expect(clerk.at("state-camera-insecure")).to_be_visible(timeout=60_000)
    await own.close()
