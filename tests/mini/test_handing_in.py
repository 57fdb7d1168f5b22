"""A customer writes an article in the mini-program and hands it in."""

import pytest

from tests.e2e.product import Shop
from tests.mini.conftest import Hand

pytestmark = pytest.mark.slow


async def test_an_article_is_written_kept_and_handed_in(hand: Hand, shop: Shop) -> None:
    await shop.admin.patch(f"/v1/businesses/{shop.business}", {"contributions": True})
    write = f"/pages/contributions/write?business={shop.business}&kind=article&draft=mine"
    async with hand("writer") as phone:
        await phone.go("/pages/contributions/contributions")
        await phone.tap("login-wechat")
        await phone.shows("state-empty")
        await phone.go(write)
        await phone.shows("contribution-form")
        await phone.tap("hand-in")
        await phone.shows("contribution-wrong")
        await phone.type("control-title", "一只杯子")
        await phone.fire("<editor>", "input", html="<p>陶的，<strong>不烫手</strong></p>")
        await phone.go("/pages/contributions/contributions")
        await phone.shows("contribution", "一只杯子")
        await phone.tap("contribution-go_on")
        await phone.tap("hand-in")
        await phone.at("pages/contributions/contributions")
        await phone.shows("contribution-take_back")
    [waiting] = (await shop.admin.get(f"/v1/reviews?business={shop.business}"))["items"]
    assert (waiting["title"], waiting["by"]["origin"]) == ("一只杯子", "ugc")
    content = await shop.admin.get(f"/v1/contents/{waiting['document']}")
    assert content["body"] == "<p>陶的，<strong>不烫手</strong></p>"
