"""The mini-program in WeChat's component system, against the running product."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from schemas.room import Ack, PinOffer
from tests.e2e.product import Product, Shop, until
from tests.http import plain_http
from tests.mini.conftest import Hand
from tests.mini.phone import Phone
from tests.mini.wechat import WeChat
from workers.demo.door import Caller as RoomCaller
from workers.demo.door import Seat

pytestmark = pytest.mark.slow


def _somebody() -> str:
    return f"user-{uuid.uuid4().hex[:8]}"


@asynccontextmanager
async def _seat(product: Product, login: str, program: str) -> AsyncIterator[Seat]:
    """Another client of the room, with nothing of the mini-program in it."""
    seat = await RoomCaller(product.settings, login, "correct horse 1").enter(program)
    try:
        yield seat
    finally:
        await seat.leave()


async def _enter(phone: Phone, program: str) -> None:
    await phone.go(f"/pages/room/room?id={program}")
    await phone.shows("viewer-count")


async def _sign_in(phone: Phone) -> None:
    """By one tap, as the person WeChat knows."""
    await phone.tap("login-to-chat")
    await phone.tap("login-wechat")
    await phone.lacks("login-sheet")
    await phone.shows("chat-input")


async def test_home_lists_what_is_on_air_and_leads_into_the_room_and_back(hand: Hand, show: str) -> None:
    async with hand(_somebody()) as phone:
        await phone.shows("home-card", "周末好物")
        cards = await phone.find("home-card")
        mine = next(at for at, card in enumerate(cards) if "周末好物" in card["text"])
        await phone.tap("home-card", mine)
        seen = await phone.at("pages/room/room")
        assert seen["depth"] == 2
        await phone.shows("viewer-count")

        button = await phone.shows("share-button")
        assert button["attrs"]["openType"] == "share"
        card = await phone.do("call", method="onShareAppMessage", args=[{"from": "button"}])
        assert (card["title"], card["path"]) == ("周末好物", f"/pages/room/room?id={show}")

        await phone.tap("room-close")
        seen = await phone.at("pages/home/home")
        asked_in_vain = [name for name in seen["missing"] if not name.startswith("$")]
        assert asked_in_vain == ["preloadAssets"]


async def test_the_picture_is_asked_of_live_player_and_follows_what_it_tells(
    hand: Hand, product: Product, show: str
) -> None:
    async with hand(_somebody()) as phone:
        await _enter(phone, show)
        player = await phone.shows("<live-player>")
        address = player["attrs"]["src"]
        assert address.startswith(f"http://127.0.0.1:{product.settings.media_port}/live/{show}.flv?token=")
        async with plain_http() as http, http.stream("GET", address, timeout=20) as stream:
            assert (await anext(stream.aiter_bytes()))[:3] == b"FLV"

        await phone.shows("state-buffering")
        await phone.fire("<live-player>", "statechange", code=2003)
        await phone.lacks("state-buffering")
        await phone.fire("<live-player>", "statechange", code=-2301)
        await phone.shows("state-buffering")

        async def again() -> str:
            found = await phone.find("<live-player>")
            return str(found[0]["attrs"]["src"]) if found else ""

        await until(again, lambda now: now not in ("", address), "a fresh address is asked for", 45)


async def test_signing_in_by_wechat_makes_chat_go_both_ways(
    hand: Hand, product: Product, tencent: WeChat, shop: Shop, show: str
) -> None:
    async with hand(_somebody()) as phone, hand(_somebody()) as other:
        await _enter(phone, show)
        await _enter(other, show)
        await _sign_in(phone)
        assert tencent.session_keys[-1] not in str(await phone.do("stored", key="kaibo.session"))
        await phone.type("chat-input", "这个杯子好看")
        await phone.tap("chat-send")
        await phone.shows("chat-line", "这个杯子好看")
        await other.shows("chat-line", "这个杯子好看")
        await _sign_in(other)
        await other.type("chat-input", "多少钱")
        await other.tap("chat-send")
        line = await phone.shows("chat-line", "多少钱")
        assert "微信用户" in line["text"]


async def test_a_refused_sign_in_says_why_and_leaves_the_password(
    hand: Hand, tencent: WeChat, show: str
) -> None:
    who = _somebody()
    async with hand(who) as phone:
        await _enter(phone, show)
        await phone.tap("login-to-chat")
        tencent.blocked.add(who)
        await phone.tap("login-wechat")
        await phone.shows("login-failed", "微信限制了此账号的登录")
        tencent.blocked.discard(who)
        tencent.failing = 40125
        await phone.tap("login-wechat")
        await phone.shows("login-failed", "使用账号登录")
        await phone.shows("login-password")
        tencent.failing = 0
        await phone.tap("login-wechat")
        await phone.lacks("login-sheet")


async def test_a_lost_network_is_told_and_made_good(hand: Hand, shop: Shop, show: str) -> None:
    async with hand(_somebody()) as phone:
        await _enter(phone, show)
        await phone.do("network", connected=False)
        await phone.shows("state-reconnecting")
        await phone.do("network", connected=True)
        await phone.lacks("state-reconnecting")


async def test_the_explained_product_and_its_price_follow_the_clerk(
    hand: Hand, product: Product, shop: Shop, show: str
) -> None:
    async with hand(_somebody()) as phone, _seat(product, shop.clerk_login, show) as clerk:
        await _enter(phone, show)
        offers = (await shop.viewer.get(f"/v1/programs/{show}"))["shelf"]
        assert isinstance(await clerk.do(PinOffer(offer=offers[1]["id"])), Ack)
        await phone.shows("pinned-card", "手冲咖啡壶")
        await phone.tap("bag-button")
        await phone.shows("bag-offer-1", "39")
        await phone.shows("bag-offer-2", "129")

        cheaper = {"price": {"amount": 9900, "currency": "CNY"}}
        await shop.clerk.patch(f"/v1/programs/{show}/shelf/{offers[1]['id']}", cheaper)
        await phone.shows("bag-offer-2", "99")
        await phone.shows("pinned-card", "99")


async def _buy(phone: Phone, number: int) -> None:
    await phone.tap("bag-button")
    await phone.tap(f"bag-buy-{number}")
    await phone.shows("order-sheet")
    for field, value in {
        "order-name": "阿明",
        "order-phone": "13800000000",
        "order-region": "浙江省 杭州市 西湖区",
        "order-street": "文三路 1 号",
    }.items():
        await phone.type(field, value)
    await phone.tap("order-submit")


async def _choose(phone: Phone, choice: str) -> None:
    """What a person does inside the `web-view`, of which the component system shows only the address."""
    page = await phone.shows("<web-view>")
    async with plain_http(timeout=30) as browser:
        shown = await browser.get(page["attrs"]["src"])
        assert shown.status_code == 200
        assert f'value="{choice}"' in shown.text
        answer = await browser.post(page["attrs"]["src"], data={"choice": choice})
        assert answer.status_code == 303


async def test_an_order_is_placed_paid_and_found_among_mine(hand: Hand, shop: Shop, show: str) -> None:
    async with hand(_somebody()) as phone:
        await _enter(phone, show)
        await _sign_in(phone)
        await _buy(phone, 1)
        seen = await phone.at("pages/orders/pay")
        assert seen["depth"] == 3
        await _choose(phone, "pay")
        await phone.at("pages/room/room")
        await phone.shows("order-outcome-paid")

        await phone.tap("order-detail")
        await phone.at("pages/orders/order")
        await phone.shows("order-state-paid")
        await phone.go("/pages/orders/orders")
        listed = await phone.find("state-empty")
        assert listed == []
        await phone.shows("<order-card>", "山茶花护手霜")
    stock = (await shop.admin.get(f"/v1/products/{shop.products[0]['id']}/stock"))[0]
    assert stock["sold"] == 1


async def test_leaving_the_payment_page_leaves_the_order_unpaid(hand: Hand, shop: Shop, show: str) -> None:
    async with hand(_somebody()) as phone:
        await _enter(phone, show)
        await _sign_in(phone)
        await _buy(phone, 2)
        await phone.at("pages/orders/pay")
        await phone.do("back")
        await phone.at("pages/room/room")
        await phone.shows("order-outcome-pending_payment")
        await phone.tap("order-pay")
        await _choose(phone, "pay")
        await phone.shows("order-outcome-paid")


async def test_who_was_signed_out_elsewhere_is_asked_again(hand: Hand, product: Product, show: str) -> None:
    async with hand(_somebody()) as phone:
        await _enter(phone, show)
        await _sign_in(phone)
        kept = str(await phone.do("stored", key="kaibo.session"))
        token = kept.split('"token":"')[1].split('"')[0]
        async with plain_http(base_url=product.url) as http:
            gone = await http.delete("/v1/sessions", headers={"authorization": f"Bearer {token}"})
        assert gone.status_code < 300
        await _buy(phone, 3)
        await phone.shows("login-sheet")
        await phone.tap("login-wechat")
        await phone.shows("order-sheet")
        await phone.tap("order-submit")
        await phone.at("pages/orders/pay")
