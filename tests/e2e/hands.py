"""What a task costs the hands: clicks, keys and texts, counted where they arrive in the page."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Browser, Page

from tests.e2e.pages import Visitor
from tests.e2e.product import Caller, Product

PAGE = Path(__file__).resolve().parents[2] / "docs" / "daily-tasks.md"
SIZE = {"width": 1440, "height": 900}
ROW = re.compile(r"^\| (\d+) \| .* \| (\d+) \| (\d+) \| (\d+) \|$", re.M)
COUNT = """
(() => {
  const modifiers = ['Shift', 'Control', 'Alt', 'Meta']
  const isField = (one) => one.isContentEditable || /^(INPUT|TEXTAREA)$/.test(one.tagName)
  let written = null
  const clicked = ({ isTrusted, detail }) => { if (isTrusted && detail > 0) window.hand('click') }
  addEventListener('click', clicked, true)
  addEventListener('focusout', () => { written = null }, true)
  addEventListener('keydown', (event) => {
    if (!event.isTrusted || event.repeat || modifiers.includes(event.key)) return
    const types = isField(event.target) && event.key.length === 1 && !event.ctrlKey && !event.metaKey
    if (!types) window.hand('key')
  }, true)
  addEventListener('input', ({ isTrusted, target }) => {
    if (!isTrusted || !isField(target) || target.type === 'checkbox' || written === target) return
    written = target
    window.hand('text')
  }, true)
})()
"""


class Cost(msgspec.Struct, frozen=True):
    """What a task costs."""

    clicks: int
    keys: int
    texts: int


def told() -> dict[int, Cost]:
    """Give what the page tells of each task."""
    rows = ROW.findall(PAGE.read_text("utf-8"))
    return {int(number): Cost(*map(int, costs)) for number, *costs in rows}


class Hands(Visitor):
    """Somebody at a desk whose clicks and keys are counted."""

    def __init__(self, page: Page, product: Product) -> None:
        super().__init__(page, product)
        self.cost: dict[int, Cost] = {}
        self._acts: list[str] = []

    @classmethod
    async def sit(
        cls, browser: Browser, product: Product, who: Caller, business: str, language: str
    ) -> "Hands":
        """Sit down at a desk where one is signed in."""
        desk = await cls.arrive(browser, product, SIZE, language)
        assert isinstance(desk, Hands)
        session = {"token": who.token, "expires_at": 2**42, "account": who.account}
        stored = {
            "kaibo.portal.session": msgspec.json.encode(session).decode(),
            "kaibo.portal.business": business,
            "kaibo.portal.locale": language,
        }
        await desk.page.expose_function("hand", lambda act: desk._acts.append(act))
        await desk.page.add_init_script(
            f"for (const [name, value] of Object.entries({msgspec.json.encode(stored).decode()})) "
            "if (!localStorage.getItem(name)) localStorage.setItem(name, value)"
        )
        await desk.page.add_init_script(COUNT)
        return desk

    async def go(self, path: str) -> None:
        """Begin at a page of the portal."""
        await self.page.goto(f"{self.product.url}/portal/{path}")

    async def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def write(self, text: str) -> None:
        """Write into the field that has the focus."""
        await self.page.keyboard.type(text)

    async def click(self, testid: str, **having: Any) -> None:
        """Click what has this name, perhaps only where it has some text."""
        found = self.at(testid)
        await (found.filter(**having) if having else found).first.click()

    @asynccontextmanager
    async def task(self, number: int) -> AsyncIterator[None]:
        """Count what is done inside."""
        before = len(self._acts)
        yield
        await self.page.evaluate("0")
        acts = self._acts[before:]
        self.cost[number] = Cost(*(acts.count(act) for act in ("click", "key", "text")))

    def check(self) -> None:
        """See that all that was done costs what the page tells, and that no error came."""
        wrong = {number: cost for number, cost in self.cost.items() if cost != told()[number]}
        assert not wrong, f"{PAGE.name} tells otherwise: {wrong}"
        assert self.errors == []
