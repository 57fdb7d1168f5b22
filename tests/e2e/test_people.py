"""Members come by a link, change and go; a key is made, used and revoked."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import OPERATOR, at_the_desk
from tests.e2e.pages import Visitor
from tests.e2e.product import Caller, Product, Shop
from tests.http import plain_http

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE = {"width": 1440, "height": 900}


async def test_members_come_change_and_go_and_keys_with_them(
    product: Product, shop: Shop, browser: Browser
) -> None:
    desk = await at_the_desk(browser, product, shop, WIDE)
    await desk.at("nav-people").click()
    await desk.at("new").click()
    await desk.fill("invitation-note", "小林，新编辑")
    await desk.at("role-reviewer").click()
    await desk.screenshot("portal-invite")
    await desk.at("save").click()
    link = await desk.at("invite-link").locator("code").inner_text()
    await desk.screenshot("portal-invited")

    newcomer = await Visitor.arrive(browser, product, WIDE)
    await newcomer.page.goto(link)
    await expect(newcomer.page.locator("h1")).to_contain_text("加入")
    await newcomer.screenshot("portal-join")
    await newcomer.at("locale").click()
    await newcomer.screenshot("portal-join-en")
    await newcomer.at("locale").click()
    login = f"lin-{shop.clerk_login}"
    for field, text in (("join-name", "小林"), ("join-login", login), ("join-password", "short")):
        await newcomer.fill(field, text)
    await newcomer.at("join-create").click()
    await expect(newcomer.page.get_by_role("alert")).to_contain_text("至少 8 位")
    await newcomer.fill("join-password", OPERATOR)
    await newcomer.at("join-create").click()
    await expect(newcomer.at("account-name")).to_have_text("小林")
    assert "kbi_" not in newcomer.page.url
    await newcomer.page.goto(link)
    await expect(newcomer.at("join-missing")).to_be_visible()

    await desk.at("invite-done").click()
    row = desk.at("row").filter(has_text="小林")
    await expect(row).to_contain_text("编辑")
    await expect(row).to_contain_text("审核员")
    await row.click()
    await desk.at("role-reviewer").click()
    await desk.screenshot("portal-member")
    await desk.at("save").click()
    await expect(row).not_to_contain_text("审核员")
    await desk.at("people-invitations").click()
    await expect(desk.at("side")).to_have_count(0)
    await expect(desk.at("row").filter(has_text="小林，新编辑")).to_contain_text("已接受")
    await desk.screenshot("portal-invitations")

    await desk.at("people-keys").click()
    await desk.at("new").click()
    await desk.fill("key-name", "收银系统")
    await desk.at("scopes-reads").click()
    await desk.screenshot("portal-key-new")
    await desk.at("save").click()
    secret = await desk.at("key-secret").locator("code").inner_text()
    await desk.screenshot("portal-key-made")
    await desk.at("key-done").click()
    async with plain_http(base_url=product.url, headers={"authorization": f"Bearer {secret}"}) as till:
        rooms = f"/v1/rooms?business={shop.business}"
        assert (await till.get(rooms)).status_code == 200
        await desk.at("row").filter(has_text="收银系统").click()
        await desk.screenshot("portal-key")
        await desk.at("locale").click()
        await desk.screenshot("portal-key-en")
        await desk.at("locale").click()
        await desk.at("second-key").click()
        await desk.screenshot("portal-key-second")
        await desk.at("save").click()
        second = await desk.at("key-secret").locator("code").inner_text()
        await desk.at("key-done").click()
        await expect(desk.at("key-of-account")).to_have_count(2)
        await desk.screenshot("portal-key-two")
        assert (await till.get(rooms)).status_code == 200
        await desk.at("revoke-key").click()
        await desk.at("confirm-yes").click()
        await expect(desk.at("row").filter(has_text=secret[-4:])).to_contain_text("已撤销")
        await expect(desk.at("row").filter(has_text=second[-4:])).to_contain_text("有效")
        assert (await till.get(rooms)).status_code == 401
        till.headers["authorization"] = f"Bearer {second}"
        assert (await till.get(rooms)).status_code == 200

    await desk.page.keyboard.press("Escape")
    await desk.at("people-all").click()
    await row.click()
    await desk.at("remove").click()
    await desk.at("confirm-yes").click()
    await expect(row).to_have_count(0)
    gone = await Caller.sign_in(product.url, login, OPERATOR)
    assert (await gone.get("/v1/me"))["roles"] == {}
    assert (desk.errors, newcomer.errors) == ([], [])


async def test_a_supplier_finds_her_own_products_and_nothing_else(
    product: Product, shop: Shop, browser: Browser
) -> None:
    login = f"supplier-{shop.clerk_login}"
    roles = {shop.business: ["supplier"]}
    new = {"login": login, "name": "青瓷坊", "password": OPERATOR, "roles": roles}
    account = await shop.admin.post("/v1/accounts", new)
    desk = await Visitor.arrive(browser, product, WIDE)
    await desk.page.goto(f"{product.url}/portal/")
    await desk.fill("login", login)
    await desk.fill("password", OPERATOR)
    await desk.at("sign-in").click()
    await expect(desk.at("account-name")).to_have_text("青瓷坊")
    await expect(desk.page).to_have_url(f"{product.url}/portal/products")
    rail = desk.page.locator("nav.rail [data-testid^=nav-]")
    await expect(rail).to_have_count(3)  # products, shows with them, settings
    await expect(desk.at("row")).to_have_count(0)
    await desk.at("new").click()
    await desk.fill("product-title", "青瓷盖碗")
    await desk.fill("product-price", "88")
    await desk.at("save").click()
    await expect(desk.at("row")).to_have_count(1)
    await desk.screenshot("portal-supplier")
    await desk.at("nav-settings").click()
    await expect(desk.at("leave")).to_be_visible()
    await desk.screenshot("portal-supplier-settings")
    listed = (await shop.admin.get(f"/v1/products?business={shop.business}&q=青瓷"))["items"]
    assert [one["supplier"] for one in listed] == [account["id"]]
    assert desk.errors == []
