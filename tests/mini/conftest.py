"""The built mini-program, a running product, and a server that stands for WeChat."""

import asyncio
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.conftest import fresh_settings
from tests.e2e.product import Product, Shop, push, until
from tests.mini import build
from tests.mini.phone import Phone, hold
from tests.mini.wechat import WeChat, serving

UNITS = 5
Hand = Callable[[str], AbstractAsyncContextManager[Phone]]


@pytest.fixture
def wechat() -> Iterator[WeChat]:
    """A fresh one for each test."""
    with serving(WeChat()) as running:
        yield running


@pytest.fixture(scope="session")
def simulator() -> Path:
    """The folder of the simulated phone."""
    return build.simulator()


@pytest.fixture(scope="session")
def mini_program() -> Path:
    """The folder of the built mini-program."""
    return build.built()


@pytest.fixture(scope="session")
def tencent() -> Iterator[WeChat]:
    """The one that the running product knows."""
    with serving(WeChat()) as running:
        yield running


@pytest.fixture(scope="session")
def product(tencent: WeChat, mini_program: Path) -> Iterator[Product]:
    """The whole product without its web pages; one may pay, and no money is taken."""
    with tempfile.TemporaryDirectory(prefix="kaibo-mini-", ignore_cleanup_errors=True) as folder:
        running = Product(
            fresh_settings(
                Path(folder),
                sandbox_payments=True,
                secret="",
                skip_frontend=True,
                wechat_appid=tencent.appid,
                wechat_secret=tencent.secret,
                wechat_url=tencent.url,
            )
        )
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def shop(product: Product) -> Shop:
    """A business whose products are in stock."""

    async def opened() -> Shop:
        shop = await Shop.open(product)
        for one in shop.products:
            await shop.admin.post(f"/v1/products/{one['id']}/stock/receive", {"quantity": UNITS})
        return shop

    return asyncio.run(opened())


@pytest.fixture(scope="session")
def show(shop: Shop, ffmpeg: str, demo_clip: Path) -> Iterator[str]:
    """A program of that business on air."""
    program = asyncio.run(shop.new_program())["id"]
    publisher = push(ffmpeg, demo_clip, asyncio.run(shop.push_address(program))["url"])

    async def state() -> str:
        return str((await shop.clerk.get(f"/v1/programs/{program}"))["state"])

    try:
        asyncio.run(until(state, lambda state: state == "live", "the program goes live", 60))
        yield program
    finally:
        publisher.kill()
        publisher.wait()


@pytest.fixture(scope="session")
def still(ffmpeg: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every camera sees."""
    path = tmp_path_factory.mktemp("still") / "still.jpg"
    source = ("-f", "lavfi", "-i", "testsrc2=size=450x600:rate=1", "-frames:v", "1")
    subprocess.run([ffmpeg, "-v", "error", "-y", *source, str(path)], check=True, timeout=60)
    return path


@pytest.fixture
def hand(simulator: Path, mini_program: Path, product: Product, tencent: WeChat, still: Path) -> Hand:
    """Gives somebody a phone with the mini-program in it."""

    def give(user: str) -> AbstractAsyncContextManager[Phone]:
        return hold(
            simulator,
            mini_program,
            server=product.url,
            wechat=tencent.url,
            appid=tencent.appid,
            user=user,
            still=still,
        )

    return give
