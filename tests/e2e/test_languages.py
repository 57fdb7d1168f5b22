"""Every screen in both languages: no Chinese in the English one but what people wrote, no bare keys."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.pages import DESKTOP, PASSWORD, PHONE, Visitor
from tests.e2e.product import Product, Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
KEY = re.compile(r"\b[a-z]+(?:_[a-z]+)*(?:\.[a-z_]+){1,4}\b|\{\w+\}")
ADDRESS = re.compile(r"\S+[/:]\S*|\S+@\S+|127\.0\.0\.1\S*")
OF_OTHERS = {"中文", "简体中文", "开播"}
"""The names of the languages, and ours."""

VIEWER_PAGES = (
    "",
    "pages/room/room?id={program}",
    "pages/clerk/programs",
    "pages/clerk/control?id={program}",
    "pages/clerk/phone",
    "pages/orders/orders",
    "pages/wallet/wallet",
    "pages/room/room?id=prg_none",
)
PORTAL_PAGES = (
    "live",
    "live?open={program}",
    "schedule",
    "schedule?span=month",
    "schedule?open={program}",
    "schedule?open=new",
    "contents",
    "contents?q=nothing",
    "creators",
    "creators?open={creator}",
    "creators?open=new",
    "rooms",
    "rooms?open={room}",
    "rooms?open=new",
    "products",
    "products?open={product}",
    "products?open=new",
    "orders",
    "people",
    "people?open=new",
    "people?tab=invitations",
    "people?tab=keys",
    "people?tab=keys&open=new",
    "models",
    "models?layer=program&tab=json",
    "tags",
    "jobs",
    "settings",
    "products?open=prd_none",
)

# Cards of the home page are what other businesses wrote.
EVERY_TEXT = """() => {
  document.querySelectorAll('[data-testid=home-card]').forEach((card) => card.remove())
  const texts = [document.title, document.body.innerText]
  for (const one of document.querySelectorAll('[aria-label],[title],[placeholder],[alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(one.getAttribute(name) ?? '')
  return texts.join('\\n')
}"""


async def texts_of(visitor: Visitor, address: str) -> str:
    """Go to a page and give all it says, once it has stopped loading."""
    await visitor.page.goto(address)
    await visitor.page.reload(wait_until="networkidle")  # another hash alone does not load anew
    await expect(visitor.page.locator(".shimmer:visible, [data-testid=state-loading]")).to_have_count(0)
    said: str = await visitor.page.evaluate(EVERY_TEXT)
    return said


class Reader:
    """Reads pages and remembers what should not be there."""

    def __init__(self, language: str, data: set[str]) -> None:
        self.language = language
        self.found: dict[str, set[str]] = {}
        self._data = sorted(data | OF_OTHERS, key=len, reverse=True)

    def read(self, page: str, said: str) -> None:
        """Take note of what is wrong on a page."""
        for text in self._data:
            said = said.replace(text, "")
        wrong = set(KEY.findall(ADDRESS.sub("", said)))
        if self.language == "en":
            wrong |= set(HAN.findall(said))
        if wrong:
            self.found[page] = wrong


async def _sign_in(desk: Visitor, product: Product, login: str) -> None:
    await desk.page.goto(f"{product.url}/portal/")
    await desk.fill("login", login)
    await desk.fill("password", PASSWORD)
    await desk.at("sign-in").click()
    await expect(desk.at("account-name")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_every_screen_speaks_one_language(
    language: str, product: Product, shop: Shop, browser: Browser
) -> None:
    program = await shop.new_program()
    creator = await shop.admin.post("/v1/creators", {"business": shop.business, "name": "青禾"})
    known = {"program": program["id"], "creator": creator["id"], "room": shop.room}
    known["product"] = shop.products[0]["id"]
    manager = f"manager-{shop.clerk_login}"
    await shop.admin.post(
        "/v1/accounts",
        {
            "login": manager,
            "name": "周",
            "password": PASSWORD,
            "roles": {shop.business: ["business_operator"]},
        },
    )
    names = {"小云", "阿明", "周", "云店", "青禾"}
    faces = {name[0] for name in names}
    titles = {"小云的直播间", "周末好物", *(one["title"] for one in shop.products)}
    reader = Reader(language, names | faces | titles)

    desk = await Visitor.arrive(browser, product, DESKTOP, language)
    await desk.speaks(language)
    reader.read("portal/sign-in", await texts_of(desk, f"{product.url}/portal/sign-in"))
    await _sign_in(desk, product, manager)
    for path in PORTAL_PAGES:
        reader.read(f"portal/{path}", await texts_of(desk, f"{product.url}/portal/{path.format(**known)}"))

    clerk = await Visitor.arrive(browser, product, PHONE, language)
    await clerk.speaks(language)
    await clerk.open("pages/clerk/programs")
    await clerk.sign_in(shop.clerk_login)
    await expect(clerk.at(f"clerk-program-{program['id']}")).to_be_visible()
    for path in VIEWER_PAGES:
        reader.read(path, await texts_of(clerk, f"{product.url}/#/{path.format(**known)}"))

    assert reader.found == {}
    assert (desk.errors, clerk.errors) == ([], [])
