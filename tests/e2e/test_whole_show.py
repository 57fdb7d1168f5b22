"""The main job in one evening: a phone goes live, another buys, the desk stops it, the rest plays."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.buying import order_and_pay, write_address
from tests.e2e.pages import DESKTOP, PASSWORD, Visitor
from tests.e2e.product import Caller, Product, Shop, until
from tests.e2e.rain import Rainy, credit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPLAINED_MS = 10_000
BUDGET = 10_000


async def _goes_live(clerk: Visitor, shop: Shop) -> str:
    """Start at once from the phone's camera; gives the program's id."""
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await clerk.at("clerk-phone").click()
    await clerk.fill("phone-title", "今晚开播")
    await clerk.at("phone-products").click()
    for one in shop.products:
        await clerk.at(f"phone-pick-{one['id']}").click()
    await clerk.at("phone-products-done").click()
    await clerk.at("phone-start").click()

    async def on_air() -> Any:
        return (await shop.clerk.get("/v1/programs?mine=true"))["items"]

    [program] = await until(on_air, lambda found: [one["state"] for one in found] == ["live"], "on air", 60)
    return str(program["id"])


async def _lets_it_rain(clerk: Visitor) -> None:
    await clerk.at("clerk-envelope").click()
    await clerk.fill("envelope-total", "20")
    await clerk.fill("envelope-packets", "3")
    await clerk.at("envelope-starts-5").click()
    await clerk.at("envelope-lasts-10").click()
    await clerk.at("envelope-submit").click()
    await clerk.at("envelope-yes").click()
    await expect(clerk.at("envelope-control")).to_be_hidden()


async def _buys(viewer: Visitor) -> None:
    await viewer.at("pinned-buy").click()
    await write_address(viewer)
    await order_and_pay(viewer)


async def _stops(browser: Browser, product: Product, shop: Shop, program: str) -> None:
    login = f"operator-{shop.clerk_login}"
    roles = {shop.business: ["business_operator"]}
    account = {"login": login, "name": "运营小周", "password": PASSWORD, "roles": roles}
    await shop.admin.post("/v1/accounts", account)
    desk = await Visitor.arrive(browser, product, DESKTOP)
    await desk.page.goto(f"{product.url}/portal/live?open={program}")
    await desk.fill("login", login)
    await desk.fill("password", PASSWORD)
    await desk.at("sign-in").click()
    await desk.at("stop").click()
    await desk.fill("reason", "时间到了")
    await desk.at("confirm-yes").click()
    await expect(desk.at("side")).to_contain_text("时间到了")


async def test_a_phone_goes_live_a_phone_grabs_and_buys_and_the_desk_stops_it(
    product: Product, shop: Shop, browser: Browser
) -> None:
    await shop.admin.post(f"/v1/budgets/{shop.business}/grant", {"credit": {"amount": BUDGET}})
    for one in shop.products:
        await shop.admin.post(f"/v1/products/{one['id']}/stock/receive", {"quantity": 5})
    clerk = await Visitor.arrive(browser, product)
    program = await _goes_live(clerk, shop)
    viewer = await Rainy.enter(browser, product, program, shop.viewer_login)
    await viewer.plays()

    await clerk.at("phone-shelf").click()
    await clerk.at(f"clerk-pin-{shop.products[0]['id']}").click()
    await clerk.page.keyboard.press("Escape")
    await expect(viewer.at("pinned-card")).to_contain_text("山茶花护手霜")
    explained = clerk.page.wait_for_timeout(EXPLAINED_MS)
    await _lets_it_rain(clerk)
    await viewer.tap()
    won = await viewer.amount()
    await viewer.at("rain-close").click()
    await _buys(viewer)
    await explained

    await _stops(browser, product, shop, program)
    await viewer.open(f"pages/room/room?id={program}")
    await expect(viewer.at("state-ended")).to_be_visible()
    await expect(clerk.at("state-ended")).to_be_visible()
    await clerk.screenshot("whole-show-after")

    async def settled() -> Any:
        return (await shop.viewer.get(f"/v1/programs/{program}/rains"))["items"][0]

    await until(settled, lambda rain: rain["settled_at"] is not None, "the rain is settled", 60)
    assert await credit(shop.viewer) == won
    [order] = (await shop.viewer.get("/v1/orders"))["items"]
    assert (order["state"], order["amount"]["amount"]) == ("paid", 3990)

    guest = Caller(product.url)

    async def contents() -> Any:
        return {
            one["kind"]: one["id"] for one in (await guest.get(f"/v1/programs/{program}/contents"))["items"]
        }

    left = await until(contents, lambda found: {"replay", "clip"} <= set(found), "replay and clip", 60)
    for kind in ("replay", "clip"):
        await viewer.open(f"pages/{kind}/{kind}?id={left[kind]}")
        await viewer.plays()
    assert not clerk.errors + viewer.errors
