"""A customer writes an article on her phone; it is sent back, mended, approved, and read by somebody else."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import at_the_desk
from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop
from workers.demo.stories import drawn

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE = {"width": 1440, "height": 900}
REASON = "第一段很好。请再补一张近一些的图，说说容量。"


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """What is in her album."""
    found = []
    for drawing in ("mug", "lamp"):
        found.append(tmp_path / f"{drawing}.jpg")
        found[-1].write_bytes(drawn(drawing))
    return found


async def add_picture(writer: Visitor, photo: Path, caption: str) -> None:
    """Choose a picture of the album, see it uploaded, and say something with it."""
    pictures = writer.at("control-pictures")
    before = await pictures.get_by_test_id("form-picture").count()
    async with writer.page.expect_file_chooser() as chooser:
        await pictures.get_by_test_id("picture-add").click()
    await (await chooser.value).set_files(photo)
    added = pictures.get_by_test_id("form-picture").nth(before)
    await expect(added).to_have_attribute("data-uploaded", "true")
    await added.locator("textarea").fill(caption)


async def test_a_customer_hands_in_and_is_read(
    product: Product, shop: Shop, browser: Browser, photos: list[Path]
) -> None:
    await shop.admin.patch(f"/v1/businesses/{shop.business}", {"name": f"云店{shop.clerk_login[-6:]}"})
    desk = await at_the_desk(browser, product, shop, WIDE, "settings")
    await desk.at("contribution-rule").click()
    await expect(desk.page.get_by_text("登录的顾客和已通过的创作者可以")).to_be_visible()
    await desk.screenshot("handing-in-settings")

    writer = await Visitor.arrive(browser, product)
    await writer.open("pages/home/home")
    await writer.at("home-tab-stories").click()
    await writer.at("contribute").click()
    await writer.sign_in(shop.viewer_login)
    await writer.at("taker").filter(has_text=shop.clerk_login[-6:]).click()
    await writer.screenshot("handing-in-new")
    await writer.at("new-article").click()
    await writer.at("hand-in").click()
    await expect(writer.at("field-title")).to_have_attribute("data-fault", "required")
    await writer.fill("control-title", "一只杯子用了三年")
    await writer.at("rich-heading").click()
    await writer.page.keyboard.type("为什么是它")
    await writer.page.keyboard.press("Enter")
    await writer.page.keyboard.type("陶的，厚，")
    await writer.at("rich-bold").click()
    await writer.page.keyboard.type("不烫手")
    await add_picture(writer, photos[0], "早上的第一杯")
    await expect(writer.at("kept")).to_have_attribute("data-keeping", "kept")
    await writer.page.reload()
    await expect(writer.at("control-title").locator("input")).to_have_value("一只杯子用了三年")
    await expect(writer.at("control-body").locator("h2")).to_have_text("为什么是它")
    await expect(writer.at("control-body").locator("strong, b")).to_have_text("不烫手")
    await expect(writer.at("form-picture").locator("img").first).to_be_visible()
    await writer.screenshot("handing-in-write")

    await writer.page.context.set_offline(True)
    await writer.at("hand-in").click()
    await expect(writer.at("contribution-said")).to_contain_text("不会重复")
    await writer.page.context.set_offline(False)
    await writer.at("hand-in").click()
    row = writer.at("contribution")
    await expect(row).to_have_attribute("data-state", "in_review")

    await desk.page.goto(f"{product.url}/portal/reviews")
    await expect(desk.at("review-by")).to_have_text("阿明 · 顾客")
    await desk.page.get_by_text("一只杯子用了三年").first.click()
    await expect(desk.at("draft-by")).to_contain_text("阿明")
    await expect(desk.at("change").locator("img").first).to_have_js_property("complete", True)
    await desk.screenshot("handing-in-review")
    await desk.at("do-send_back").click()
    await desk.at("confirm").locator("textarea, input").first.fill(REASON)
    await desk.at("confirm-yes").click()

    await writer.page.reload()
    await expect(row).to_have_attribute("data-state", "sent_back")
    await expect(row.get_by_test_id("contribution-reason")).to_contain_text(REASON)
    await writer.screenshot("handing-in-sent-back")
    await row.get_by_test_id("contribution-change").click()
    await expect(writer.at("contribution-reason")).to_contain_text(REASON)
    await add_picture(writer, photos[1], "近一些：四百毫升")
    await writer.at("picture-earlier").click()
    await writer.at("hand-in").click()
    await expect(row).to_have_attribute("data-state", "in_review")

    for state, step in (("", "approve"), ("?state=approved", "publish")):
        await desk.page.goto(f"{product.url}/portal/reviews{state}")
        await desk.page.get_by_text("一只杯子用了三年").first.click()
        await desk.at(f"do-{step}").click()
        await expect(desk.page.get_by_text("一只杯子用了三年")).to_have_count(0)

    await writer.page.reload()
    await expect(row).to_have_attribute("data-state", "published")
    await writer.speaks("en")
    await writer.page.reload()
    await expect(row).to_contain_text("Published")
    await writer.screenshot("handing-in-published-en")
    reader = await Visitor.arrive(browser, product)
    await reader.open("pages/home/home")
    await reader.at("home-tab-stories").click()
    await reader.at("story-card").filter(has_text="一只杯子用了三年").click()
    await expect(reader.at("story-article")).to_contain_text("阿明")
    await expect(reader.at("story-article").locator("strong")).to_have_text("不烫手")
    await expect(reader.at("story-picture").first).to_contain_text("四百毫升")
    await reader.screenshot("handing-in-read")
    assert writer.errors == reader.errors == desk.errors == []
