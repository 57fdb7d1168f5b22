"""Red-envelope rain from the clerk's desk to the wallets and the proof, on real screens."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import Visitor
from tests.e2e.product import Caller, Product, Shop, on_air, until
from tests.e2e.rain import Rainy, another_viewer, credit, fen, let_it_rain

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_rain.py"
BUDGET = 100_000


@pytest.fixture
async def room(shop: Shop) -> str:
    """A program whose business has credit to give away; people are in its room before it is on air."""
    await shop.admin.post(f"/v1/budgets/{shop.business}/grant", {"credit": {"amount": BUDGET}})
    return str((await shop.new_program())["id"])


@pytest.fixture
async def show(shop: Shop, room: str, ffmpeg: str, demo_clip: Path) -> AsyncIterator[str]:
    """The same, on air: only then does the clerk have her desk."""
    async with on_air(shop, room, ffmpeg, demo_clip):
        yield room


async def at_the_desk(browser: Browser, product: Product, shop: Shop, program: str) -> Visitor:
    clerk = await Visitor.arrive(browser, product)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at(f"clerk-program-{program}")).to_be_visible()
    await clerk.open(f"pages/clerk/control?id={program}")
    await expect(clerk.at("clerk-envelope")).to_be_visible()
    return clerk


async def plan_a_rain(clerk: Visitor, yuan: str, packets: int, starts_in: int, lasts: int) -> None:
    await clerk.at("clerk-envelope").click()
    await expect(clerk.at("envelope-budget")).to_be_visible()
    await clerk.fill("envelope-total", yuan)
    await clerk.fill("envelope-packets", str(packets))
    await clerk.at(f"envelope-starts-{starts_in}").click()
    await clerk.at(f"envelope-lasts-{lasts}").click()
    await clerk.screenshot("rain-desk-plan")
    await clerk.at("envelope-submit").click()
    await clerk.screenshot("rain-desk-confirm")
    await clerk.at("envelope-yes").click()
    await expect(clerk.at("envelope-control")).to_be_hidden()


async def the_rain(who: Caller, program: str) -> dict[str, Any]:
    """Wait until the last rain of a program is settled and paid."""

    async def ask() -> Any:
        return (await who.get(f"/v1/programs/{program}/rains"))["items"]

    items = await until(ask, lambda found: bool(found) and found[0]["settled_at"] is not None, "settled", 120)
    last: dict[str, Any] = items[0]
    return last


async def test_a_rain_from_the_desk_to_the_wallets_and_the_proof(
    product: Product, shop: Shop, show: str, browser: Browser
) -> None:
    bob_login, bob_calls = await another_viewer(shop, "小北")
    clerk = await at_the_desk(browser, product, shop, show)
    ann = await Rainy.enter(browser, product, show, shop.viewer_login)
    bob = await Rainy.enter(browser, product, show, bob_login)
    await plan_a_rain(clerk, "88.8", 6, starts_in=10, lasts=60)

    await expect(ann.at("rain-badge")).to_be_visible()
    await ann.screenshot("rain-badge")
    for one in (ann, bob):
        await expect(one.at("rain-counting")).to_be_visible()
    await ann.screenshot("rain-count")
    await expect(ann.at("rain-falling")).to_be_visible()
    assert (ann.grabs, bob.grabs) == ([], [])
    await asyncio.sleep(1)  # for the picture: many are falling
    await ann.screenshot("rain-falling")
    await ann.tap()
    won = [await ann.amount()]
    await ann.screenshot("rain-won")
    await bob.tap()
    won.append(await bob.amount())
    assert [len(ann.grabs), len(bob.grabs)] == [1, 1]
    counted = [await one.page.evaluate("window.counted") for one in (ann, bob)]
    assert set(counted[0]) == set(counted[1]) == {"1", "2", "3"}
    assert all(abs(counted[0][n] - counted[1][n]) < 400 for n in counted[0]), counted

    await clerk.at("clerk-envelope").click()
    await expect(clerk.at("envelope-grabbed")).to_have_text("2/6")
    await clerk.screenshot("rain-desk-falling")

    rain = await the_rain(shop.viewer, show)
    assert (rain["grabbed"], rain["paid"], rain["returned"]) == (2, sum(won), 8_880 - sum(won))
    assert [await credit(shop.viewer), await credit(bob_calls)] == won
    await expect(ann.at("rain-lucky")).to_have_count(2)
    await ann.screenshot("rain-luckiest")
    await expect(clerk.at("envelope-past")).to_contain_text("2/6")
    left = f"¥{(BUDGET - sum(won)) / 100:,.2f}".rstrip("0").rstrip(".")
    await expect(clerk.at("envelope-budget")).to_have_text(left)
    await clerk.screenshot("rain-desk-over")

    await ann.at("rain-wallet").click()
    await expect(ann.at("wallet-entry")).to_have_count(1)
    assert fen(await ann.at("wallet-credit").locator(".tag").inner_text()) == won[0]
    await ann.screenshot("wallet")
    await ann.at("wallet-entry").click()
    await expect(ann.at("proof-held")).to_be_visible()
    for name in ("promise", "split", "sum", "order", "amounts", "once", "times", "books"):
        await expect(ann.at(f"proof-check-{name}")).to_have_attribute("data-holds", "true")
    mine = ann.page.locator("[data-testid=proof-share][data-mine=true]")
    assert fen(await mine.locator(".amount").inner_text()) == won[0]
    await ann.page.screenshot(path="tests/screenshots/proof.png", full_page=True)
    assert not [*ann.errors, *bob.errors, *clerk.errors]

    # The program of the docs, which the server hands out, says the same.
    proof = await shop.viewer.get(f"/v1/rains/{rain['envelope']}/proof")
    check = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(VERIFIER), "-", stdin=asyncio.subprocess.PIPE
    )
    await check.communicate(msgspec.json.encode(proof))
    assert check.returncode == 0


async def test_a_proof_that_was_tampered_with_fails_on_the_page(
    product: Product, shop: Shop, room: str, browser: Browser
) -> None:
    ann = await Rainy.enter(browser, product, room, shop.viewer_login)
    await let_it_rain(shop, room, total=100, packets=1, starts_in=5, lasts=60)
    await ann.tap()
    assert await ann.amount() == 100
    rain = await the_rain(shop.viewer, room)

    async def richer(route: Any) -> None:
        answer = await route.fetch()
        proof = await answer.json()
        proof["grabs"][0]["amount"] -= 1
        await route.fulfill(response=answer, json=proof)

    await ann.page.route("**/proof", richer)
    await ann.open(f"pages/proof/proof?envelope={rain['envelope']}")
    await expect(ann.at("proof-failed")).to_be_visible()
    await expect(ann.at("proof-check-amounts")).to_have_attribute("data-holds", "false")
    await expect(ann.at("proof-check-promise")).to_have_attribute("data-holds", "true")
    await ann.screenshot("proof-failed")


async def test_early_late_twice_a_guest_and_a_reload_in_the_middle(
    product: Product, shop: Shop, room: str, browser: Browser
) -> None:
    late_login, late_calls = await another_viewer(shop, "晚来")
    ann = await Rainy.enter(browser, product, room, shop.viewer_login)
    guest = await Rainy.enter(browser, product, room, english=True)
    await let_it_rain(shop, room, total=1_000, packets=2, starts_in=20, lasts=300)

    # Before the start: the badge tells what comes; a guest is asked to sign in.
    await ann.at("rain-badge").click()
    await expect(ann.at("rain-card-info")).to_be_visible()
    await ann.screenshot("rain-early")
    await ann.at("rain-go-on").click()
    await guest.at("rain-badge").click()
    await expect(guest.at("rain-sign-in")).to_be_visible()
    await guest.screenshot("rain-guest")

    # A reload in the middle: it goes on falling; after the packet, it is still there, and the only one.
    await expect(ann.at("rain-falling")).to_be_visible()
    await ann.page.reload()
    await ann.tap()
    won = await ann.amount()
    await ann.page.reload()
    assert await ann.amount() == won

    # On a second device she taps before she has signed in: she is told what she has, and asks for nothing.
    second = await Rainy.enter(browser, product, room)
    await second.tap()
    await second.sign_in(shop.viewer_login)
    assert await second.amount() == won
    assert (len(ann.grabs), second.grabs) == (1, [])

    # A guest's tap asks to sign in, and sends nothing; then the second packet is there to be taken.
    await guest.tap()
    await expect(guest.at("login-sheet")).to_be_visible()
    await guest.screenshot("rain-guest-tap")
    assert guest.grabs == []
    await guest.sign_in(late_login)
    await expect(guest.at("login-sheet")).to_be_hidden()
    await guest.tap()
    assert await guest.amount() == 1_000 - won

    # Nothing is left: it is over at once, for whoever comes now as well.
    await the_rain(shop.viewer, room)
    assert [await credit(shop.viewer), await credit(late_calls)] == [won, 1_000 - won]
    await expect(ann.at("rain-lucky")).to_have_count(2)
    after = await Rainy.enter(browser, product, room)
    await after.at("rain-badge").click()
    await expect(after.at("rain-title")).to_have_text("红包雨已结束")
    await expect(after.at("rain-lucky")).to_have_count(2)
    await after.screenshot("rain-after")
    assert not [*ann.errors, *guest.errors, *after.errors, *second.errors]


async def test_who_is_too_late_is_told_and_motion_is_spared(
    product: Product, shop: Shop, room: str, browser: Browser
) -> None:
    slow_login, slow_calls = await another_viewer(shop, "慢慢")
    slow = await Rainy.enter(browser, product, room, slow_login)
    calm = await Rainy.enter(
        browser, product, room, shop.viewer_login, reduced_motion="reduce", locale="en-GB"
    )
    await let_it_rain(shop, room, total=500, packets=1, starts_in=5, lasts=300)

    await expect(calm.at("rain-falling")).to_be_visible()
    await expect(calm.at("rain-packet").first).to_be_hidden()
    await calm.screenshot("rain-calm")
    moved = await slow.page.evaluate(
        "document.getAnimations().filter((one) => one.effect.target.dataset.testid === 'rain-packet')"
        ".flatMap((one) => one.effect.getKeyframes().flatMap(Object.keys))"
    )
    assert set(moved) - {"offset", "easing", "composite", "computedOffset"} == {"transform"}

    # The slow one's taps, which are one grab, are held up on their way: meanwhile the only packet goes.
    await slow.page.context.set_offline(True)
    for _ in range(3):
        await slow.tap()
    await calm.at("rain-still").click()
    assert await calm.amount() == 500
    await slow.page.context.set_offline(False)
    await expect(slow.at("rain-card-missed")).to_be_visible()
    await slow.screenshot("rain-missed")
    assert len(set(slow.grabs)) == 1, slow.grabs
    assert await credit(slow_calls) == 0
    await the_rain(shop.viewer, room)
    assert await credit(shop.viewer) == 500
    assert not [*slow.errors, *calm.errors]
