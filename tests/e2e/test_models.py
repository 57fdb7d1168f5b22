"""An operator defines the fields of rooms at the desk, publishes, renames one and moves what is there."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import at_the_desk
from tests.e2e.pages import Visitor
from tests.e2e.product import Product, Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}


async def _add(desk: Visitor, kind: str, zh: str, en: str, key: str) -> None:
    await desk.at("add-field").click()
    await desk.at(f"add-{kind}").click()
    await desk.fill("label-zh", zh)
    await desk.fill("label-en", en)
    await desk.fill("key", key)
    await desk.page.keyboard.press("Enter")
    await expect(desk.at(f"row-{key}")).to_contain_text(zh)


async def _publish(desk: Visitor, number: int) -> None:
    await desk.at("publish-yes").click()
    await expect(desk.page.get_by_text(f"第 {number} 版已发布").first).to_be_visible()


async def test_a_model_is_made_published_changed_and_documents_are_moved(
    product: Product, shop: Shop, browser: Browser
) -> None:
    room = (await shop.admin.get(f"/v1/rooms?business={shop.business}"))["items"][0]["id"]
    extension = f"/v1/documents/{room}/extension"
    desk = await at_the_desk(browser, product, shop, WIDE, "models")
    keys = desk.page.keyboard
    await desk.at("begin").click()
    await _add(desk, "choice", "等级", "Tier", "tier")
    await desk.at("filterable").click()
    await _add(desk, "integer", "面积", "Size", "size")
    await desk.at("required").click()
    await _add(desk, "text", "备注", "Note", "note")

    # The form beside says what was defined, and asks for what is required.
    form = desk.at("living-form")
    await expect(form.locator("[data-field^='ext/']")).to_have_count(3)
    await form.get_by_role("button", name="试填一下").click()
    await expect(form.locator("[data-field='ext/size']")).to_contain_text("必填")

    # What is wrong is told where it is; the order is changed by keys alone.
    await desk.fill("limit-maxLength", "99999")
    await expect(desk.at("field-box").get_by_role("alert")).to_contain_text("最大 5000")
    await desk.fill("limit-maxLength", "200")
    await desk.at("row-note").focus()
    await keys.press("Alt+ArrowUp")
    await expect(desk.at("row-note")).to_be_focused()
    await keys.press("ArrowUp")
    await expect(desk.at("row-tier")).to_be_focused()
    await desk.screenshot("portal-models")
    await desk.at("publish").click()
    await expect(desk.at("rehearsal").get_by_test_id("change")).to_have_count(3)
    await _publish(desk, 1)
    await shop.admin.put(extension, {"ext": {"tier": "a", "size": 30, "note": "靠窗"}}, 1)

    # Renamed, the field is still itself; deleted, its values are counted.
    await desk.at("row-tier").click()
    await desk.fill("key", "grade")
    await keys.press("Enter")
    await desk.at("row-note").focus()
    await keys.press("Delete")
    await desk.at("tab-changes").click()
    await expect(desk.at("change").filter(has_text="改名")).to_contain_text("tier → grade")
    await keys.press("Control+s")
    await desk.at("publish").click()
    await expect(desk.at("count-changed")).to_have_text("1")
    deleted = desk.at("rehearsal").get_by_test_id("change").filter(has_text="删除")
    await expect(deleted).to_contain_text("1 个文档有值")
    await desk.screenshot("portal-models-publish")
    await _publish(desk, 2)

    await desk.at("migrate").click()
    await expect(desk.at("migration")).to_have_attribute("data-state", "done")
    assert (await shop.admin.get(extension))["ext"] == {"grade": "a", "size": 30}
    await desk.screenshot("portal-models-migration")
    await desk.at("migration-undo").click()
    await desk.at("confirm-yes").click()
    await expect(desk.at("migration")).to_have_attribute("data-state", "undone")
    assert (await shop.admin.get(extension))["ext"] == {"tier": "a", "size": 30, "note": "靠窗"}
    assert desk.errors == []
