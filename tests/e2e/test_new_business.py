"""An operator of the platform brings a line of business on, at the desk alone."""

import uuid

import pytest
from playwright.async_api import Browser, expect

from infra.secrets import operator_password
from tests.e2e.pages import Visitor
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}


async def test_a_business_is_opened_and_its_first_steps_say_what_is_done(
    product: Product, browser: Browser
) -> None:
    slug = f"appliances-{uuid.uuid4().hex[:8]}"
    desk = await Visitor.arrive(browser, product, WIDE)
    await desk.page.goto(f"{product.url}/portal/businesses?open=new")
    await desk.fill("login", "admin")
    await desk.fill("password", operator_password(product.settings))
    await desk.at("sign-in").click()
    await desk.fill("business-name", "家电馆")
    await desk.fill("business-slug", "Appliances")
    await desk.at("save").click()
    await expect(desk.page.get_by_role("alert")).to_contain_text("小写字母开头")
    await desk.fill("business-slug", slug)
    await desk.at("save").click()
    steps = desk.at("first-steps")
    await expect(steps.locator("[data-done=false]")).to_have_count(7)
    await desk.screenshot("portal-first-steps")

    # Its fields are defined without a line of code.
    await desk.at("start-models").click()
    await desk.at("begin").click()
    await desk.at("add-field").click()
    await desk.at("add-integer").click()
    for field, text in (("label-zh", "能效等级"), ("label-en", "Energy class"), ("key", "energy")):
        await desk.fill(field, text)
    await desk.page.keyboard.press("Enter")
    await expect(desk.at("row-energy")).to_contain_text("能效等级")
    await desk.at("publish").click()
    await desk.at("publish-yes").click()
    await expect(desk.page.get_by_text("第 1 版已发布").first).to_be_visible()

    # A category of tags, and the steps know of both.
    await desk.at("nav-tags").click()
    await desk.at("add-category").click()
    await desk.fill("category-name", "品类")
    await desk.page.keyboard.press("Enter")
    await expect(desk.at("category-品类")).to_be_visible()
    await desk.at("nav-businesses").click()
    await desk.at("row").filter(has_text=slug).click()
    await expect(desk.at("start-models")).to_have_attribute("data-done", "true")
    await expect(desk.at("start-tags")).to_have_attribute("data-done", "true")
    await expect(steps.locator("[data-done=true]")).to_have_count(2)
    assert not desk.errors
