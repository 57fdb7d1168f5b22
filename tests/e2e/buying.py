"""A show that sells, and the steps of buying in it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop, on_air

UNITS = 5
PARCEL = {"type": "courier", "address": {"name": "小云", "phone": "13900000000", "street": "湖滨路 7 号"}}


@pytest.fixture
async def show(product: Product, shop: Shop, ffmpeg: str, demo_clip: Path) -> AsyncIterator[str]:
    """A program on air whose products are in stock."""
    for one in shop.products:
        await shop.admin.post(f"/v1/products/{one['id']}/stock/receive", {"quantity": UNITS})
    program = (await shop.new_program())["id"]
    async with on_air(shop, program, ffmpeg, demo_clip):
        yield program


async def orders_of(shop: Shop) -> list[dict[str, Any]]:
    """Give the viewer's orders, newest first."""
    found: list[dict[str, Any]] = (await shop.viewer.get("/v1/orders"))["items"]
    return found


async def enter(browser: Browser, product: Product, shop: Shop, program: str) -> Visitor:
    """Enter the room and sign in there."""
    viewer = await Visitor.arrive(browser, product)
    await viewer.open(f"pages/room/room?id={program}")
    await viewer.at("login-to-chat").click()
    await viewer.sign_in(shop.viewer_login)
    await expect(viewer.at("chat-input")).to_be_visible()
    return viewer


async def open_order(viewer: Visitor, number: int = 1) -> None:
    """Open the order of a product on the shelf."""
    await viewer.at("bag-button").click()
    await viewer.at(f"bag-buy-{number}").click()
    await expect(viewer.at("order-sheet")).to_be_visible()


async def write_address(viewer: Visitor) -> None:
    """Fill in where the parcel goes."""
    await viewer.fill("order-name", "阿明")
    await viewer.fill("order-phone", "13800000000")
    await viewer.fill("order-region", "浙江省 杭州市 西湖区")
    await viewer.fill("order-street", "文三路 1 号")


async def choose_at_cashier(viewer: Visitor, choice: str) -> None:
    """Press a button of the payment page."""
    button = viewer.page.locator(f"button[value={choice}]")
    await expect(button).to_be_visible()
    await button.click()


async def order_and_pay(viewer: Visitor) -> None:
    """Send the order that is filled in, and pay it."""
    await viewer.at("order-submit").click()
    await choose_at_cashier(viewer, "pay")
    await expect(viewer.at("order-outcome-paid")).to_be_visible()
