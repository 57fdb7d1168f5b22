"""A clerk's phone: going live by `live-pusher`, the desk on air, and what is there afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.product import Product, Shop, push, until
from tests.http import plain_http
from tests.mini.build import ORIGIN
from tests.mini.conftest import Hand
from tests.mini.phone import Phone

pytestmark = pytest.mark.slow

SHOW_S = 3.0
FAR_S = 3600.0
"""After everything that was said, however slow the machine was."""


@asynccontextmanager
async def _native(ffmpeg: str, clip: Path, url: str) -> AsyncIterator[None]:
    """What `live-pusher` does on a phone: it sends camera and microphone to its address over RTMP."""
    publisher = push(ffmpeg, clip, url)
    try:
        yield
    finally:
        publisher.kill()
        publisher.wait()


async def _sign_in(phone: Phone, login: str) -> None:
    await phone.type("login-name", login)
    await phone.type("login-password", "correct horse 1")
    await phone.tap("login-submit")
    await phone.lacks("login-page")


async def _state(shop: Shop, program: str) -> str:
    return str((await shop.clerk.get(f"/v1/programs/{program}"))["state"])


async def test_a_clerk_goes_live_and_ends_and_the_replay_is_there(
    hand: Hand, product: Product, ffmpeg: str, demo_clip: Path
) -> None:
    shop = await Shop.open(product)
    async with hand("clerk") as phone, hand("viewer") as viewer:
        await phone.go("/pages/clerk/programs")
        await _sign_in(phone, shop.clerk_login)
        await phone.tap("clerk-phone")
        await phone.at("pages/clerk/phone")
        before = await phone.shows("<live-pusher>")
        assert before["attrs"]["url"] == ""

        await phone.tap("phone-cover")
        await phone.shows("<image>")
        await phone.type("phone-title", "晚间手作")
        await phone.tap("phone-products")
        await phone.tap(f"phone-pick-{shop.products[0]['id']}")
        await phone.tap("phone-products-done")
        await phone.tap("phone-start")
        await phone.shows("phone-desk")

        async def address() -> str:
            return str((await phone.find("<live-pusher>"))[0]["attrs"]["url"])

        url = await until(address, bool, "live-pusher has an address", 45)
        assert url.startswith(f"rtmp://127.0.0.1:{product.settings.rtmp_port}/live/")
        program = str((await shop.clerk.get("/v1/programs?mine=true"))["items"][0]["id"])
        made = await shop.clerk.get(f"/v1/programs/{program}")
        assert made["title"] == "晚间手作"
        assert made["cover"]
        assert [offer["product"] for offer in made["shelf"]] == [shop.products[0]["id"]]

        async with _native(ffmpeg, demo_clip, url):
            await until(lambda: _state(shop, program), lambda state: state == "live", "on air", 60)
            await phone.fire("<live-pusher>", "statechange", code=1002)
            await phone.fire("<live-pusher>", "netstatus", info={"videoBitrate": 1200, "videoFPS": 30})
            await phone.shows("uplink-good", "30")
            await phone.fire("<live-pusher>", "statechange", code=1102)
            await phone.shows("uplink-alert")
            await phone.fire("<live-pusher>", "statechange", code=1002)
            await phone.lacks("uplink-alert")

            await viewer.go(f"/pages/room/room?id={program}")
            await viewer.shows("<live-player>")
            await phone.tap("phone-shelf")
            await phone.tap(f"clerk-pin-{shop.products[0]['id']}")
            await viewer.shows("pinned-card", "山茶花护手霜")
            await phone.type("chat-input", "晚上好")
            await phone.tap("chat-send")
            await viewer.shows("chat-line", "晚上好")
            await asyncio.sleep(SHOW_S)

            # The finger stays where it is.
            await phone.do("fire", what="clerk-end", event="touchstart")
            await until(lambda: _state(shop, program), lambda state: state == "ended", "the show ends", 45)
        await viewer.shows("state-ended")
        await phone.tap("clerk-replay")
        await phone.at("pages/replay/replay")
        await _watch(phone, product)


async def _watch(phone: Phone, product: Product) -> None:
    """The replay: a playlist for `video`, and the room in step with what it tells."""
    video = await phone.shows("<video>")
    async with plain_http() as http:
        playlist = await http.get(video["attrs"]["src"].replace(ORIGIN, product.url))
    assert playlist.text.startswith("#EXTM3U")
    assert "#EXTINF" in playlist.text
    await phone.fire("<video>", "play")
    await phone.fire("<video>", "timeupdate", currentTime=0.1, duration=FAR_S)
    assert not await phone.find("chat-line")
    await phone.fire("<video>", "timeupdate", currentTime=FAR_S, duration=FAR_S)
    await phone.shows("chat-line", "晚上好")
    await phone.tap("speed-button")
    await phone.tap("play-button")
    await until(
        lambda: _asked(phone), lambda asked: asked[-2:] == ["playbackRate", "pause"], "the player hears both"
    )


async def _asked(phone: Phone) -> list[str]:
    """What the page has told its video to do."""
    return [player["what"] for player in (await phone.look())["players"] if player["kind"] == "video"]
