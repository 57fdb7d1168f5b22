"""What goes wrong with a show from a phone, and what its clerk is told."""

import asyncio

import pytest
from playwright.async_api import Browser, Route, expect

from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 60_000
TAKE_AWAY = """() => {
  const [video] = document.querySelectorAll('[data-testid=camera-video]')
  for (const track of video.srcObject.getTracks()) {
    track.stop()
    track.dispatchEvent(new Event('ended'))  // stop() alone tells nobody; a phone call does
  }
}"""
FROZEN_AT_FIRST = """
  const devices = navigator.mediaDevices
  const open = devices.getUserMedia.bind(devices)
  window.opened = 0
  devices.getUserMedia = async (wanted) => {
    const stream = await open(wanted)
    if (!wanted.video || window.opened++ > 0) return stream
    const canvas = document.createElement('canvas')
    canvas.getContext('2d').fillRect(0, 0, 1, 1)
    const [camera] = stream.getVideoTracks()
    stream.removeTrack(camera)
    stream.addTrack(canvas.captureStream(0).getVideoTracks()[0])
    camera.stop()
    return stream
  }
"""
VP8_ONLY = """
  const known = RTCRtpSender.getCapabilities.bind(RTCRtpSender)
  RTCRtpSender.getCapabilities = (kind) => {
    const all = known(kind)
    return {...all, codecs: all.codecs.filter(({mimeType}) => !/H264|VP9|AV1/i.test(mimeType))}
  }
"""


async def _state(shop: Shop, program: str) -> str:
    return str((await shop.clerk.get(f"/v1/programs/{program}"))["state"])


async def _clerk(browser: Browser, product: Product, shop: Shop, script: str = "") -> Visitor:
    """A clerk at the check before a show; `script` runs before any page does."""
    clerk = await Visitor.arrive(browser, product)
    if script:
        await clerk.page.add_init_script(script)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at("clerk-phone")).to_be_visible(timeout=PATIENCE_MS)
    return clerk


async def _on_air(clerk: Visitor, shop: Shop) -> str:
    """Goes live with a program that was planned; gives its id."""
    program = str((await shop.new_program("手机直播"))["id"])
    await clerk.page.reload()
    await clerk.at(f"clerk-phone-{program}").click()
    await clerk.at("phone-start").click()
    await expect(clerk.at("phone-desk")).to_have_attribute("data-publishing", "sending", timeout=PATIENCE_MS)
    await until(lambda: _state(shop, program), lambda state: state == "live", "on air", 60)
    return program


async def test_a_camera_that_froze_is_opened_anew(product: Product, shop: Shop, browser: Browser) -> None:
    clerk = await _clerk(browser, product, shop, FROZEN_AT_FIRST)
    program = await _on_air(clerk, shop)
    await clerk.page.wait_for_function("opened > 1", timeout=PATIENCE_MS)
    desk = clerk.at("phone-desk")
    await expect(desk).to_have_attribute("data-publishing", "sending", timeout=PATIENCE_MS)
    await until(lambda: _state(shop, program), lambda state: state == "live", "on air again", 60)
    await shop.end(program)


async def test_after_a_call_the_show_goes_on_by_itself(
    product: Product, shop: Shop, browser: Browser
) -> None:
    clerk = await _clerk(browser, product, shop)
    program = await _on_air(clerk, shop)
    try:
        await clerk.page.evaluate(TAKE_AWAY)
        await expect(clerk.at("uplink-alert")).to_be_visible(timeout=PATIENCE_MS)
        await expect(clerk.at("phone-desk")).to_have_attribute(
            "data-publishing", "sending", timeout=PATIENCE_MS
        )
        await until(lambda: _state(shop, program), lambda state: state == "live", "on air again", 60)
        alive = "document.querySelector('[data-testid=camera-video]').srcObject.active"
        assert await clerk.page.evaluate(alive), "one's own picture is back"
        viewer = await Visitor.arrive(browser, product)
        await viewer.open(f"pages/room/room?id={program}")
        await viewer.plays(60_000)
    finally:
        await shop.end(program)
    assert not clerk.errors


async def test_while_the_uplink_is_lost_the_page_says_so_and_comes_back(
    product: Product, shop: Shop, browser: Browser
) -> None:
    clerk = await _clerk(browser, product, shop)
    program = await _on_air(clerk, shop)
    try:
        product.kill("whip")
        await expect(clerk.at("uplink-alert")).to_be_visible(timeout=PATIENCE_MS)
        await expect(clerk.at("phone-desk")).to_have_attribute(
            "data-publishing", "reconnecting", timeout=PATIENCE_MS
        )
        await clerk.screenshot("phone-uplink-lost")
        await expect(clerk.at("phone-desk")).to_have_attribute(
            "data-publishing", "sending", timeout=PATIENCE_MS
        )
        await until(lambda: _state(shop, program), lambda state: state == "live", "on air again", 60)
    finally:
        await shop.end(program)
    assert not clerk.errors


async def test_the_check_tells_of_a_narrow_uplink_and_of_none(
    product: Product, shop: Shop, browser: Browser
) -> None:
    clerk = await _clerk(browser, product, shop)

    async def narrow(route: Route) -> None:
        await asyncio.sleep(6)
        await route.continue_()

    await clerk.page.route("**/v1/uplink", narrow)
    await clerk.at("clerk-phone").click()
    line = clerk.at("check-network")
    await expect(line).to_have_attribute("data-verdict", "weak", timeout=PATIENCE_MS)
    await expect(line).to_contain_text("换网络")
    await clerk.screenshot("phone-check-narrow")
    await clerk.page.unroute("**/v1/uplink")
    await clerk.page.route("**/v1/config", lambda route: route.abort())
    await expect(line).to_contain_text("连不上服务器", timeout=PATIENCE_MS)
    await clerk.page.unroute("**/v1/config")
    await expect(line).to_have_attribute("data-verdict", "good", timeout=PATIENCE_MS)
    assert not clerk.errors


async def test_a_phone_that_has_vp8_only_goes_live_too(
    product: Product, shop: Shop, browser: Browser
) -> None:
    clerk = await _clerk(browser, product, shop, VP8_ONLY)
    program = await _on_air(clerk, shop)
    try:
        viewer = await Visitor.arrive(browser, product)
        await viewer.open(f"pages/room/room?id={program}")
        seen = await viewer.plays(60_000)
        assert seen["width"] > 0
    finally:
        await shop.end(program)
    assert not clerk.errors
