"""A red-envelope rain on two phones: the same count-down, a grab, what came of it, wallet and proof."""

import asyncio
import uuid

import pytest

from schemas.room import Ack, Rain
from tests.e2e.product import Product, Shop
from tests.mini.conftest import Hand
from tests.mini.phone import Phone
from workers.demo.door import Caller as RoomCaller

pytestmark = pytest.mark.slow

TOTAL = 888
PACKETS = 2
STARTS_IN_S = 8
LASTS_S = 60


async def _enter(phone: Phone, program: str) -> None:
    await phone.go(f"/pages/room/room?id={program}")
    await phone.tap("login-to-chat")
    await phone.tap("login-wechat")
    await phone.lacks("login-sheet")
    await phone.shows("chat-input")


async def _grab(phone: Phone) -> None:
    await phone.shows("rain-falling")
    await phone.do("fire", what="rain-packet", at=3, event="touchstart")
    await phone.shows("rain-card-won")


async def test_a_rain_falls_on_every_phone_and_pays(
    hand: Hand, product: Product, shop: Shop, show: str
) -> None:
    credit = {"credit": {"amount": 100_000, "currency": "CNY"}}
    await shop.admin.post(f"/v1/budgets/{shop.business}/grant", credit)
    names = [f"rain-{uuid.uuid4().hex[:6]}" for _ in range(2)]
    clerk = await RoomCaller(product.settings, shop.clerk_login, "correct horse 1").enter(show)
    async with hand(names[0]) as one, hand(names[1]) as other:
        await asyncio.gather(_enter(one, show), _enter(other, show))
        rain = Rain(total=TOTAL, packets=PACKETS, starts_in_s=STARTS_IN_S, lasts_s=LASTS_S)
        assert isinstance(await clerk.do(rain), Ack)
        await asyncio.gather(one.shows("rain-badge"), other.shows("rain-badge"))
        await asyncio.gather(one.shows("rain-count"), other.shows("rain-count"))
        await asyncio.gather(_grab(one), _grab(other))

        amounts = [(await phone.shows("rain-amount"))["text"].replace(" ", "") for phone in (one, other)]
        cents = [round(float(amount.removeprefix("¥")) * 100) for amount in amounts]
        assert sum(cents) == TOTAL
        assert all(cents)

        await one.tap("rain-wallet")
        await one.at("pages/wallet/wallet")
        await one.shows("wallet-credit", amounts[0].removeprefix("¥").split(".")[0])
        await other.tap("rain-proof")
        await other.at("pages/proof/proof")
        await other.shows("proof-commitment")
    await clerk.leave()
