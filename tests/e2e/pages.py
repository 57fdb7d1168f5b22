"""What a person does in the browser, in words."""

from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.product import Product

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PASSWORD = "correct horse 1"

SECONDS_SEEN = 1.0
MOVES = """([withinMs, seconds]) => new Promise((resolve) => {
  const started = performance.now()
  let video = null, from = 0, frames = 0
  const look = () => {
    const now = document.querySelector('video')
    if (now && now.readyState >= 3 && now !== video) {
      video = now
      from = now.currentTime
      frames = now.getVideoPlaybackQuality().totalVideoFrames
    }
    const moved = {
      seconds: video ? video.currentTime - from : 0,
      frames: video ? video.getVideoPlaybackQuality().totalVideoFrames - frames : 0,
      audio: video ? video.webkitAudioDecodedByteCount : 0,
      width: video ? video.videoWidth : 0,
    }
    if (moved.seconds >= seconds || performance.now() - started > withinMs) resolve(moved)
    else setTimeout(look, 100)
  }
  look()
})"""


class Visitor:
    """One browser context: a person with a phone or at a desk."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page = page
        self.product = product
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @classmethod
    async def arrive(
        cls, browser: Browser, product: Product, size: dict[str, int] = PHONE, locale: str = "zh-CN"
    ) -> "Visitor":
        """Open a fresh browser context."""
        context = await browser.new_context(viewport=size, locale=locale, device_scale_factor=1)  # type: ignore[arg-type]
        return cls(await context.new_page(), product)

    def at(self, testid: str) -> Locator:
        """Find a control by its name."""
        return self.page.get_by_test_id(testid)

    async def speaks(self, language: str) -> None:
        """Choose the language of both apps, as their own switch does."""
        for app in ("kaibo.locale", "kaibo.portal.locale"):
            await self.page.add_init_script(f"localStorage.setItem('{app}', '{language}')")

    async def open(self, path: str) -> None:
        """Go to a page of the viewer app."""
        await self.page.goto(f"{self.product.pages_url}/#/{path}")

    async def fill(self, testid: str, text: str) -> None:
        """Type into a field (the app's own element wraps the real input)."""
        field = self.at(testid)
        inner = field.locator("input, textarea")
        await (inner.first if await inner.count() else field).fill(text)

    async def choose(self, testid: str, option: str) -> None:
        """Choose from a select of the portal."""
        await self.at(testid).click()
        await self.page.get_by_role("option", name=option).click()

    async def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Fill the sign-in form that is on the screen."""
        await self.fill("login-name", login)
        await self.fill("login-password", password)
        await self.at("login-submit").click()

    async def say(self, text: str) -> None:
        """Send a line of chat and see it appear."""
        await self.fill("chat-input", text)
        await self.at("chat-send").click()
        await expect(self.at("chat-line").filter(has_text=text)).to_be_visible()

    async def hold(self, testid: str, for_ms: int = 2500) -> None:
        """Press and hold a control."""
        box = await self.at(testid).bounding_box()
        assert box is not None, f"{testid} is not on the screen"
        await self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await self.page.mouse.down()
        await self.page.wait_for_timeout(for_ms)
        await self.page.mouse.up()

    async def plays(self, within_ms: int = 45_000) -> dict[str, Any]:
        """See that the picture moves and that sound is decoded."""
        moved: dict[str, Any] = await self.page.evaluate(MOVES, [within_ms, SECONDS_SEEN])
        assert moved["seconds"] >= SECONDS_SEEN, moved
        assert moved["frames"] > 5, moved
        assert moved["audio"] > 0, moved
        return moved

    async def screenshot(self, name: str) -> Path:
        """Keep what is on the screen."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        await self.page.screenshot(path=path)
        return path
