"""One running product for all end-to-end tests, and a real Chromium."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.conftest import CHROMIUM_FLAGS, fresh_settings
from tests.e2e.product import Product, Shop

expect.set_options(timeout=45_000)  # a busy machine is not a wrong answer
SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product on free ports."""
    with tempfile.TemporaryDirectory(prefix="kaibo-e2e-", ignore_cleanup_errors=True) as folder:
        running = Product(fresh_settings(Path(folder), grace_s=20.0, secret=""))
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture
async def shop(product: Product) -> Shop:
    """A business of this test alone."""
    return await Shop.open(product)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium with a fake camera."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless=True, args=CHROMIUM_FLAGS
        )
        yield chromium
        await chromium.close()
