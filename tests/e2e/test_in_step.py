"""Picture and sound stay in step: a flash and a beep of one moment, from the publisher to replay and clip."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.async_api import Browser

from schemas.room import PinOffer, UnpinOffer
from tests.e2e.flash_and_beep import PAGE, apart_ms, render
from tests.e2e.pages import PASSWORD
from tests.e2e.product import Caller, Product, Shop, push, until
from tests.http import plain_http
from workers.demo.door import Caller as Door

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_MS = 60
WATCHED_S = 12.0
EXPLAINED_S = 10.0


async def _contents(guest: Caller, program: str, kind: str) -> list[dict[str, Any]]:
    page = await guest.get(f"/v1/programs/{program}/contents")
    return [one for one in page["items"] if one["kind"] == kind and one["state"] == "published"]


async def _watch(address: str) -> bytes:
    """What comes of a live picture in some seconds."""
    until_at = time.monotonic() + WATCHED_S
    body = bytearray()
    async with plain_http(timeout=60) as http, http.stream("GET", address) as answer:
        async for part in answer.aiter_bytes():
            body += part
            if time.monotonic() > until_at:
                break
    return bytes(body)


async def _recorded(product: Product, guest: Caller, replay: str) -> bytes:
    """The file that a player makes of a replay: its first initialisation and the segments after it."""
    play = await guest.get(f"/v1/contents/{replay}/play")
    async with plain_http(base_url=product.url, follow_redirects=True, timeout=60) as http:
        playlist = await http.get(play["url"])
        lines = playlist.text.splitlines()
        inits = [line.split('"')[1] for line in lines if line.startswith("#EXT-X-MAP")]
        files = [line for line in lines if line and not line.startswith("#")]
        assert inits and files
        base = str(playlist.url)
        return b"".join([(await http.get(urljoin(base, name))).content for name in (inits[0], *files)])


async def _explain(product: Product, shop: Shop, program: str) -> None:
    """Explain the first product long enough for a clip."""
    offer = (await shop.clerk.get(f"/v1/programs/{program}"))["shelf"][0]["id"]
    seat = await Door(product.settings, shop.clerk_login, PASSWORD).enter(program)
    await seat.do(PinOffer(offer=offer))
    await asyncio.sleep(EXPLAINED_S)
    await seat.do(UnpinOffer(offer=offer))
    await seat.leave()


async def _measure(product: Product, shop: Shop, program: str) -> dict[str, float]:
    """How far apart beep and flash come out live, in the replay and in a clip."""
    guest = Caller(product.url)
    await until(
        lambda: shop.clerk.get(f"/v1/programs/{program}"), lambda one: one["state"] == "live", "on air", 45
    )
    play = await guest.get(f"/v1/programs/{program}/play")
    live, _ = await asyncio.gather(_watch(play["flv_url"]), _explain(product, shop, program))
    await shop.end(program)
    replay = (await until(lambda: _contents(guest, program, "replay"), bool, "the replay comes"))[0]
    clip = (await until(lambda: _contents(guest, program, "clip"), bool, "the clip comes", 60))[0]
    address = (await guest.get(f"/v1/contents/{clip['id']}/play"))["url"]
    async with plain_http(base_url=product.url, follow_redirects=True, timeout=60) as http:
        file = (await http.get(address)).content
    return {
        "live": await asyncio.to_thread(apart_ms, live, "flv"),
        "replay": await asyncio.to_thread(apart_ms, await _recorded(product, guest, replay["id"]), "mp4"),
        "clip": await asyncio.to_thread(apart_ms, file, "mp4"),
    }


def _check(apart: dict[str, float], note: Callable[[str, object], None]) -> None:
    note("beep after flash, ms", {where: round(ms) for where, ms in apart.items()})
    assert all(abs(ms) <= MOST_MS for ms in apart.values()), apart


async def test_a_browser_over_whip(
    product: Product, shop: Shop, browser: Browser, record_property: Callable[[str, object], None]
) -> None:
    program = (await shop.new_program("闪光与响声"))["id"]
    address = await shop.push_address(program)
    page = await browser.new_page()
    await page.goto(f"{product.url}/v1/config")  # a page of the product's origin that loads nothing
    await page.evaluate(PAGE, [address["whip_url"], address["key"]])
    _check(await _measure(product, shop, program), record_property)


async def test_a_broadcasting_program_over_rtmp(
    product: Product,
    shop: Shop,
    ffmpeg: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    program = (await shop.new_program("闪光与响声"))["id"]
    source = await asyncio.to_thread(render, ffmpeg, tmp_path / "flash.mp4", 40)
    assert abs(apart_ms(source.read_bytes(), "mp4")) < 5, "the source itself is in step"
    publisher = push(ffmpeg, source, (await shop.push_address(program))["url"])
    try:
        _check(await _measure(product, shop, program), record_property)
    finally:
        publisher.kill()
        publisher.wait()
