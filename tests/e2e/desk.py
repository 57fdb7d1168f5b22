"""An operator at the desk."""

from playwright.async_api import Browser, expect

from tests.e2e.pages import DESKTOP, Visitor
from tests.e2e.product import Product, Shop

OPERATOR = "correct horse 2"


async def at_the_desk(
    browser: Browser, product: Product, shop: Shop, size: dict[str, int] = DESKTOP, path: str = ""
) -> Visitor:
    """Sign a new operator of the shop in at a page of the portal."""
    login = f"operator-{shop.clerk_login}"
    await shop.admin.post(
        "/v1/accounts",
        {
            "login": login,
            "name": "运营小周",
            "password": OPERATOR,
            "roles": {shop.business: ["business_operator"]},
        },
    )
    desk = await Visitor.arrive(browser, product, size)
    await desk.page.goto(f"{product.url}/portal/{path}")
    await desk.fill("login", login)
    await desk.fill("password", OPERATOR)
    await desk.at("sign-in").click()
    await expect(desk.at("account-name")).to_have_text("运营小周")
    return desk
