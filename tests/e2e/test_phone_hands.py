"""A clerk with the phone in the hand: the other camera, the mirror, silence, a screen that stays on."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.conftest import CHROMIUM_FLAGS
from tests.e2e.conftest import Chromium
from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 60_000
TRACKS = """() => {
  const {srcObject} = document.querySelector('[data-testid=camera-video]')
  const [picture] = srcObject.getVideoTracks(), [sound] = srcObject.getAudioTracks()
  return {camera: picture.getSettings().deviceId, heard: sound.enabled,
    live: picture.readyState === 'live' && sound.readyState === 'live'}
}"""
NOTE_LOCKS = """
  window.held = 0
  WakeLock.prototype.request = async (kind) => {
    window.held += kind === 'screen'
    return {release: async () => { window.held -= 1 }}
  }
"""


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """A Chromium with two fake cameras."""
    flag = "--use-fake-device-for-media-stream"
    flags = [f"{flag}=device-count=2" if one == flag else one for one in CHROMIUM_FLAGS]
    own = await chromium.alone(flags)
    yield own
    await own.close()


async def test_flip_mirror_mute_and_a_screen_that_stays_on(
    product: Product, shop: Shop, browser: Browser
) -> None:
    program = (await shop.new_program("拿在手里"))["id"]
    clerk = await Visitor.arrive(browser, product)
    await clerk.page.add_init_script(NOTE_LOCKS)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await clerk.at(f"clerk-phone-{program}").click()
    await clerk.at("phone-start").click(timeout=PATIENCE_MS)
    desk = clerk.at("phone-desk")
    await expect(desk).to_have_attribute("data-publishing", "sending", timeout=PATIENCE_MS)
    try:
        assert await clerk.page.evaluate("held") == 1

        before = await clerk.page.evaluate(TRACKS)
        await clerk.at("phone-flip").click()
        await clerk.page.wait_for_function(
            f"(before) => ({TRACKS})().camera !== before && ({TRACKS})().live",
            arg=before["camera"],
            timeout=PATIENCE_MS,
        )
        await expect(desk).to_have_attribute("data-publishing", "sending")

        mirrored = clerk.page.locator(".camera-view--mirrored")
        was = await mirrored.count()
        await clerk.at("phone-mirror").click()
        await expect(mirrored).to_have_count(1 - was)

        await clerk.at("phone-mute").click()
        assert (await clerk.page.evaluate(TRACKS))["heard"] is False
        await clerk.at("phone-mute").click()
        assert (await clerk.page.evaluate(TRACKS))["heard"] is True
    finally:
        await shop.end(program)
    await expect(clerk.at("state-ended")).to_be_visible(timeout=PATIENCE_MS)
    assert await clerk.page.evaluate("held") == 0, "the screen may sleep again"
    assert not clerk.errors
