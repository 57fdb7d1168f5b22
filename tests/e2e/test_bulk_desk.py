"""A file dropped at the desk: looked at, imported, its wrong rows brought back; then the trail of it."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import at_the_desk
from tests.e2e.product import Product, Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABLE = """外部编号,类型,标题,简介,正文,备注
a1,article,春茶上市：第一杯明前龙井,清明前采摘,<p>明前茶，一年一季。</p>,内部
a2,article,夏日冷泡指南,不用开水,<p>冷水泡一夜。</p>,
a3,clip,秋日围炉,,,
a4,article,,没有标题,,
a5,picture_set,冬天的茶席,,,
"""


async def test_a_file_is_looked_at_imported_and_told_of(
    product: Product, shop: Shop, browser: Browser, tmp_path: Path
) -> None:
    desk = await at_the_desk(browser, product, shop)
    file = tmp_path / "文章.csv"
    file.write_bytes(TABLE.encode("gb18030"))

    await desk.page.keyboard.press("g")
    await desk.page.keyboard.press("i")
    await expect(desk.at("drop")).to_be_visible()
    await expect(desk.at("template")).to_be_visible()
    await desk.screenshot("portal-import-drop")
    await desk.at("file").set_input_files(file)
    await expect(desk.at("count-created")).to_contain_text("3")
    await expect(desk.at("count-failed")).to_contain_text("2")
    await expect(desk.at("map-标题")).to_have_value("title")
    await expect(desk.at("map-备注")).to_have_value("")
    async with desk.page.expect_download() as before:
        await desk.at("error-file").click()
    wrong = Path(await (await before.value).path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in wrong] == ["外部编号", "a3", "a4"]
    await desk.screenshot("portal-import-preview")

    await desk.at("run").click()
    await expect(desk.at("import-run")).to_have_attribute("data-state", "done")
    await expect(desk.at("count-created")).to_contain_text("3")
    await desk.screenshot("portal-import-result")
    async with desk.page.expect_download() as told:
        await desk.at("error-file").click()
    errors = Path(await (await told.value).path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in errors] == ["外部编号", "a3", "a4"]
    assert "/title" in errors[2]

    await desk.at("again").click()
    await expect(desk.at("earlier")).to_have_count(1)
    await desk.at("nav-audit").click()
    await expect(desk.at("row").first).to_contain_text("小周")
    await desk.fill("search", "龙井")
    await desk.at("row").filter(has_text="明前龙井").click()
    await expect(desk.at("change").filter(has_text="春茶上市")).to_be_visible()
    await desk.at("prove").click()
    await expect(desk.at("unproven")).to_be_visible()
    await desk.screenshot("portal-audit")
    await desk.at("export").click()
    await desk.at("export-begin").click()
    await expect(desk.at("export-file")).to_be_visible()
    await desk.screenshot("portal-export")
    async with desk.page.expect_download() as exported:
        await desk.at("export-file").click()
    table = Path(await (await exported.value).path()).read_text("utf-8-sig")
    assert "春茶上市" in table

    await desk.speaks("en")
    await desk.page.reload()
    await desk.at("row").filter(has_text="明前龙井").click()
    await desk.screenshot("portal-audit-en")
    await desk.at("nav-import").click()
    await desk.at("noun-contents").click()
    file.write_text(TABLE + "".join(f"b{number},article,{number},,,\n" for number in range(600)))
    await desk.at("file").set_input_files(file)
    await expect(desk.at("count-unchanged")).to_contain_text("3")
    await expect(desk.at("count-created")).to_contain_text("600")
    await desk.screenshot("portal-import-preview-en")

    await desk.at("nav-models").click()
    await desk.at("export-all").click()
    await desk.at("export-begin").click()
    await expect(desk.at("export-file")).to_be_visible()
    await desk.screenshot("portal-export-models-en")
    await desk.at("export-back").click()
    await expect(desk.at("noun-models")).to_have_attribute("aria-pressed", "true")
    assert desk.errors == []
