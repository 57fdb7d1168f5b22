"""The first minutes of a newcomer, in pictures: `docs/tour.md` shows what is taken here.

`TOUR=docs/tour pytest tests/e2e/test_tour.py` takes the pictures of the page anew; without it
they go to `tests/screenshots`, and what is tested is that the way is still there.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.conftest import fresh_settings
from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.pages import PHONE, Visitor
from tests.e2e.product import ROOT, Caller, Product, until

PAGE = ROOT / "docs" / "tour.md"
KEPT = ROOT / "docs" / "tour"
TAKEN = ROOT / os.environ["TOUR"] if "TOUR" in os.environ else SCREENSHOTS / "tour"
DESK = {"width": 1440, "height": 900}
MOST_PICTURES, MOST_BYTES = 14, 150_000


def shown() -> list[str]:
    """Give the names of the pictures on the page, in order."""
    return re.findall(r"!\[[^\]]+\]\(tour/([a-z-]+)\.jpg\)", PAGE.read_text("utf-8"))


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The whole product with its demo, as a newcomer starts it."""
    with tempfile.TemporaryDirectory(prefix="kaibo-tour-", ignore_cleanup_errors=True) as folder:
        running = Product(fresh_settings(Path(folder), demo=True, secret=""))
        try:
            running.start()
            yield running
        finally:
            running.stop()


class Album:
    """Takes pictures, small enough for a page."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        TAKEN.mkdir(parents=True, exist_ok=True)

    async def take(self, visitor: Visitor, name: str) -> None:
        """Keep what is on the visitor's screen."""
        await visitor.page.wait_for_timeout(900)  # sheets slide in, pictures fade in
        path = TAKEN / f"{name}.jpg"
        await visitor.page.screenshot(path=path, type="jpeg", quality=72)
        assert path.stat().st_size <= MOST_BYTES, f"{name}: {path.stat().st_size} bytes"
        self.taken.append(name)


@pytest.mark.browser
@pytest.mark.slow
async def test_the_first_minutes(product: Product, browser: Browser) -> None:
    album = Album()
    nobody = Caller(product.url)
    [card] = await _feed(nobody, "live")
    program = card["program"]

    viewer = await Visitor.arrive(browser, product, PHONE)
    await viewer.open("")
    await expect(viewer.at("home-card").first).to_be_visible()
    await album.take(viewer, "home")

    await viewer.open(f"pages/room/room?id={program}")
    await viewer.plays(60_000)
    await expect(viewer.at("pinned-buy")).to_be_visible(timeout=60_000)
    await expect(viewer.at("chat-line").nth(2)).to_be_visible(timeout=60_000)
    await album.take(viewer, "room")

    await viewer.at("login-to-chat").click()
    await viewer.sign_in("viewer", "viewer")
    await expect(viewer.at("chat-input")).to_be_visible()
    await viewer.plays(60_000)
    await viewer.at("bag-button").click()
    await album.take(viewer, "bag")
    await viewer.at("bag-buy-1").click()
    await expect(viewer.at("order-sheet")).to_be_visible()
    await album.take(viewer, "order")

    clerk = await Visitor.arrive(browser, product, PHONE)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in("clerk", "clerk")
    await expect(clerk.at(f"clerk-program-{program}")).to_be_visible()
    await clerk.open(f"pages/clerk/control?id={program}")
    await expect(clerk.at("chat-line").first).to_be_visible()
    await album.take(clerk, "desk")

    replay = (await _feed(nobody, "replays"))[0]
    await viewer.open(f"pages/replay/replay?id={replay['content']}")
    await viewer.plays(60_000)
    await album.take(viewer, "replay")

    await _operator(browser, product, album, program)
    assert album.taken == shown()


async def _operator(browser: Browser, product: Product, album: Album, program: str) -> None:
    desk = await Visitor.arrive(browser, product, DESK)
    await desk.page.goto(f"{product.url}/portal/")
    await desk.at("demo-login-operator").click()
    await expect(desk.at("account-name")).to_be_visible()
    await desk.page.goto(f"{product.url}/portal/live?open={program}")
    await desk.plays(60_000)
    await expect(desk.at("beat-figures")).to_contain_text("kbps")
    await expect(desk.at("tile").locator('[data-still="live"]')).to_be_visible()
    await album.take(desk, "portal-live")
    for screen, path in (
        ("schedule", "schedule?span=month"),
        ("creators", "creators"),
    ):
        await desk.page.goto(f"{product.url}/portal/{path}")
        wanted = desk.at("month-grid") if screen == "schedule" else desk.at("row").first
        await expect(wanted).to_be_visible()
        if screen == "creators":
            await wanted.click()
        await album.take(desk, f"portal-{screen}")


async def _feed(caller: Caller, tab: str) -> list[dict[str, Any]]:
    """Wait until a tab of the home page has cards, and give them."""

    async def cards() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await caller.get(f"/v1/feed?tab={tab}"))["items"]
        return found

    return await until(cards, bool, f"cards in {tab}", 180)


def test_the_page_has_its_pictures_and_they_are_small() -> None:
    kept = {path.stem: path.stat().st_size for path in KEPT.glob("*")}
    assert set(kept) == set(shown())
    assert len(kept) <= MOST_PICTURES
    assert {name: size for name, size in kept.items() if size > MOST_BYTES} == {}
