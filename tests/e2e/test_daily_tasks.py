"""The daily tasks of docs/daily-tasks.md, done in a real browser; their clicks and keys are counted."""

import uuid
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.content.models.making import field, model
from tests.e2e.hands import Hands, told
from tests.e2e.product import Caller, Product, Shop, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse 3"
TIER = field(
    "choice",
    "tier",
    note={
        "filterable": True,
        "listed": True,
        "label": {"zh": "等级", "en": "Tier"},
        "choices": {"gold": {"zh": "金", "en": "Gold"}, "silver": {"zh": "银", "en": "Silver"}},
    },
    enum=["gold", "silver"],
)
SEASON = field(
    "text", "season", note={"label": {"zh": "季节", "en": "Season"}, "filterable": True}, maxLength=20
)
BODY = "<p>水开之后等一分钟，再慢慢注入。</p>"
TITLES = (
    *("冬天泡茶的五个办法", "手冲咖啡入门", "白瓷怎么养", "周末露营清单", "一只好锅用十年", "围裙的讲究"),
    *("阳台种薄荷", "给猫做个窝", "护手霜怎么选", "开箱：亚麻围裙"),
)


async def colleague(shop: Shop, role: str, name: str) -> Caller:
    """Take somebody on, and sign her in."""
    login = f"{role.replace('_', '-')}-{uuid.uuid4().hex[:8]}"
    body = {"login": login, "name": name, "password": PASSWORD, "roles": {shop.business: [role]}}
    await shop.admin.post("/v1/accounts", body)
    return await Caller.sign_in(shop.url, login, PASSWORD)


async def articles(shop: Shop, *, shown: bool = True) -> list[dict[str, Any]]:
    """Write articles of a model with a field of its own; the newest comes first."""
    made = await shop.admin.post("/v1/models", {"business": shop.business, "layer": "article"})
    schema = model({"tier": TIER, "season": SEASON})
    saved = await shop.admin.put(f"/v1/models/{made['id']}/draft", {"schema": schema}, made["rev"])
    await shop.admin.post(f"/v1/models/{made['id']}/publish", {"rev": saved["rev"]})
    written = []
    for place, title in enumerate(TITLES):
        one = await shop.admin.post(
            "/v1/contents", {"business": shop.business, "kind": "article", "title": title, "body": BODY}
        )
        ext = {"ext": {"tier": "silver" if place % 3 else "gold", "season": "冬" if place % 2 else "秋"}}
        await shop.admin.put(f"/v1/documents/{one['id']}/extension", ext, one["rev"])
        if shown:
            await shop.admin.post(f"/v1/contents/{one['id']}/publish")
        written.append(one)
    return written[::-1]


def test_every_task_is_done_here() -> None:
    assert sorted(told()) == list(range(1, 21))


async def test_finding_and_changing_many(product: Product, shop: Shop, browser: Browser) -> None:
    await articles(shop)
    desk = await Hands.sit(
        browser, product, await colleague(shop, "business_operator", "运营小周"), shop.business, "zh-CN"
    )
    rows = desk.at("row")

    await desk.go("contents")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(1):
        await desk.press("/")
        await desk.write("冬天")
        await expect(rows).to_have_count(1)

    await desk.go("contents")
    async with desk.task(2):
        await desk.click("kind-article")
        await desk.click("filter-state")
        await desk.page.locator('[data-testid="choice"][data-value="published"]').click()
        await expect(desk.at("filter-state")).to_contain_text("已发布")
        await expect(rows).to_have_count(len(TITLES))

    await desk.go("contents?kind=article")
    async with desk.task(3):
        await desk.click("filter-add")
        await desk.click("add-x-tier")
        await desk.page.locator('[data-testid="choice"][data-value="gold"]').click()
        await expect(rows).to_have_count(4)
    async with desk.task(4):
        await desk.click("view-save")
        await desk.write("金牌图文")
        await desk.click("view-shared")
        await desk.press("Enter")
        await expect(desk.at("view")).to_contain_text("金牌图文")
    await desk.screenshot("portal-library-zh")

    await desk.go("contents")
    await expect(desk.at("view")).to_have_count(1)
    async with desk.task(5):
        await desk.press("2")
        await expect(rows).to_have_count(4)

    await desk.go("contents?kind=article")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(6):
        await desk.click("columns")
        await desk.click("column-published")
        await expect(desk.page.locator("th", has_text="发布时间")).to_be_visible()

    await desk.go("contents?kind=article")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(7):
        await desk.press("j", "Enter", "j", "j")
        await expect(desk.at("side").locator("h2")).to_have_text(TITLES[-3])
    await desk.screenshot("portal-library-side")

    await desk.go("contents?kind=article&state=published")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(8):
        await desk.press("j", "x", "j", "j", "j", "j", "Shift+X")
        await expect(desk.at("bulk")).to_contain_text("5")
        await desk.screenshot("portal-library-bulk")
        await desk.click("bulk-withdraw")
        await expect(desk.at("confirm")).to_be_visible()
        await desk.press("Enter")
        await expect(rows).to_have_count(len(TITLES) - 5)
    async with desk.task(9):
        await desk.press("u")
        await expect(rows).to_have_count(len(TITLES))

    await desk.go("contents?kind=article")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(10):
        await desk.press("j", "x", "j", "j", "j", "Shift+X")
        await desk.click("bulk-field")
        await desk.page.locator('[data-testid="choice"][data-value="gold"]').click()
        await desk.click("field-apply")
        await expect(rows.filter(has_text="金")).to_have_count(6)

    await desk.go("products")
    await expect(rows).to_have_count(len(shop.products))
    await desk.go("contents")
    async with desk.task(20):
        await desk.press("g", "p")
        await expect(rows).to_have_count(len(shop.products))
        await desk.press("j", "Enter")
        await expect(desk.at("uses")).to_be_visible()
    desk.check()


async def test_writing_and_settling(product: Product, shop: Shop, browser: Browser) -> None:
    written = await articles(shop)
    await shop.admin.patch(f"/v1/businesses/{shop.business}", {"review": "other_person"})
    editor = await colleague(shop, "editor", "编辑小文")
    desk = await Hands.sit(browser, product, editor, shop.business, "zh-CN")
    rows = desk.at("row")

    await desk.go("contents")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(11):
        await desk.press("n")
        await expect(desk.at("new-article")).to_be_focused()
        await desk.press("Enter")
        await expect(
            desk.page.locator("[data-testid=draft-title] input, input[data-testid=draft-title]")
        ).to_be_focused()
        await desk.write("秋天的第一杯")
        await expect(desk.at("saving")).to_have_attribute("data-saving", "saved")
    await desk.screenshot("portal-draft-zh")

    await desk.go("contents?q=" + TITLES[-1])
    await expect(rows).to_have_count(1)
    async with desk.task(12):
        await desk.press("j", "e")
        await expect(
            desk.page.locator("[data-testid=draft-title] input, input[data-testid=draft-title]")
        ).to_be_focused()
        await desk.write("开箱：一条亚麻围裙")
        await desk.press("Control+Enter")
        await expect(desk.at("draft-note")).to_contain_text("编辑小文")

    await desk.go("contents?q=" + TITLES[-1])
    async with desk.task(13):
        await expect(rows).to_have_count(1)
        await desk.press("j", "Enter", "c")
        await expect(desk.at("change").locator("ins").first).to_have_text("一条")
    await desk.screenshot("portal-changes-zh")

    document = written[1]["id"]
    await desk.go(f"contents?open={document}&do=edit")
    title = desk.page.locator("[data-testid=draft-title] input, input[data-testid=draft-title]")
    await expect(title).to_be_focused()
    other = await colleague(shop, "editor", "编辑小武")
    theirs = await other.get(f"/v1/documents/{document}/draft")
    face = {**theirs["face"], "title": "护手霜，这样选", "intro": "对方写的简介"}
    await other.put(f"/v1/documents/{document}/draft", {"face": face}, theirs["rev"])
    await desk.write("护手霜怎么选才对")
    await expect(desk.at("merge-field")).to_have_count(1)
    await desk.screenshot("portal-merge-zh")
    async with desk.task(14):
        await desk.click("merge-mine")
        await desk.click("merge-settle")
        await expect(desk.at("saving")).to_have_attribute("data-saving", "saved")
    kept = await other.get(f"/v1/documents/{document}/draft")
    assert (kept["face"]["title"], kept["face"]["intro"]) == ("护手霜怎么选才对", "对方写的简介")
    desk.check()


async def test_reviewing_and_looking_back(product: Product, shop: Shop, browser: Browser) -> None:
    written = await articles(shop)
    await shop.admin.patch(f"/v1/businesses/{shop.business}", {"review": "other_person"})
    editor = await colleague(shop, "editor", "编辑小文")
    for one in written[:4]:
        at = f"/v1/documents/{one['id']}"
        draft = await editor.get(f"{at}/draft")
        face = {**draft["face"], "title": f"{draft['face']['title']}（新）"}
        draft = await editor.put(f"{at}/draft", {"face": face}, draft["rev"])
        await editor.step(f"{at}/submit", draft["rev"])
    desk = await Hands.sit(browser, product, await colleague(shop, "reviewer", "Rae"), shop.business, "en")
    rows = desk.at("row")

    await desk.go("contents")
    await expect(rows).to_have_count(len(TITLES))
    async with desk.task(15):
        await desk.press("g", "v")
        await expect(rows).to_have_count(4)
        await desk.press("j", "Enter")
        await expect(desk.at("change")).to_have_count(1)
        await desk.screenshot("portal-review-en")
        await desk.press("a")
        await expect(rows).to_have_count(3)
    await expect(desk.at("do-send_back")).to_be_visible()
    async with desk.task(16):
        await desk.press("r")
        await desk.at("confirm").get_by_role("button", name="Facts need checking").click()
        await desk.click("confirm-yes")
        await expect(rows).to_have_count(2)
    for one in written[2:4]:
        at = f"/v1/documents/{one['id']}"
        reviewer = await colleague(shop, "reviewer", "Rob")
        await reviewer.step(f"{at}/approve", (await reviewer.get(f"{at}/draft"))["rev"])

    await desk.go("reviews")
    async with desk.task(17):
        await desk.click("state-approved")
        await expect(rows).to_have_count(3)
        await desk.press("j", "Enter")
        await expect(desk.at("do-publish")).to_be_visible()
        await desk.press("p")
        await expect(rows).to_have_count(2)
    await desk.go("reviews?state=approved")
    await expect(rows).to_have_count(2)
    async with desk.task(18):
        await desk.press("j", "Enter")
        await desk.click("schedule")
        await desk.click("schedule-at", has_text="08:00")
        await expect(rows).to_have_count(1)

    published = (await shop.admin.get(f"/v1/documents/{written[0]['id']}/revisions"))["items"]
    assert len(published) >= 2
    desk.check()
    writer = await Hands.sit(browser, product, editor, shop.business, "en")
    await writer.go("contents?q=" + TITLES[-1])
    await expect(writer.at("row")).to_have_count(1)
    async with writer.task(19):
        await writer.press("j", "Enter", "v")
        await writer.page.locator('[data-testid="revision"][data-number="1"]').click()
        await writer.screenshot("portal-history-en")
        await writer.click("restore")
        await expect(writer.at("change").locator("del").first).to_have_text("（新）")
    assert (
        await until(
            lambda: editor.get(f"/v1/documents/{written[0]['id']}/draft"), lambda one: bool(one), "it"
        )
    )["state"] == "editing"
    writer.check()
