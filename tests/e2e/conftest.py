"""One running product for all end-to-end tests, and one real Chromium."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright, expect
from pytest_asyncio import is_async_test

from tests.conftest import CHROMIUM_FLAGS, fresh_settings
from tests.e2e.product import Product, Shop

expect.set_options(timeout=45_000)  # a busy machine is not a wrong answer
HERE = Path(__file__).resolve().parent
SCREENSHOTS = HERE.parent / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all tests here, since the browser lives in it."""
    for item in items:
        if is_async_test(item) and HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product on free ports."""
    with tempfile.TemporaryDirectory(prefix="kaibo-e2e-", ignore_cleanup_errors=True) as folder:
        running = Product(fresh_settings(Path(folder), grace_s=20.0, sandbox_payments=True, secret=""))
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture
async def shop(product: Product) -> Shop:
    """A business of this test alone."""
    return await Shop.open(product)


class Chromium:
    """A headless Chromium with a fake camera; started again if it has died."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None

    async def running(self) -> Browser:
        """Give the browser."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self._launch(CHROMIUM_FLAGS)
        return self._browser

    async def alone(self, flags: list[str]) -> Browser:
        """Start one with flags of its own, the only one that runs; whoever asked closes it.

        Beside another Chromium its second camera was seen to give no picture at all.
        """
        await self.close()
        return await self._launch(flags)

    async def _launch(self, flags: list[str]) -> Browser:
        return await self._playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=flags
        )

    async def close(self) -> None:
        """End it."""
        if self._browser is not None:
            await self._browser.close()
            self._browser = None


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """One for all tests."""
    async with async_playwright() as playwright:
        one = Chromium(playwright)
        yield one
        await one.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """The browser, with nobody in it yet."""
    running = await chromium.running()
    yield running
    for context in running.contexts:
        await context.close()
