"""What a person does in a red-envelope rain, in words."""

import asyncio
import uuid
from typing import Any

import msgspec
from playwright.async_api import Browser, Page, WebSocket, expect
from websockets.asyncio.client import connect

from tests.e2e.pages import PASSWORD, PHONE, Visitor
from tests.e2e.product import Caller, Product, Shop

WATCH_COUNT = """
  window.counted = {}
  new MutationObserver(() => {
    const shown = document.querySelector('[data-testid=rain-count]')?.textContent
    if (shown && !(shown in window.counted)) window.counted[shown] = Date.now()
  }).observe(document, { subtree: true, childList: true, characterData: true })
"""
"""Notes when each number of the count-down came."""

IN_REACH = """(withinMs) => new Promise((resolve) => {
  const until = performance.now() + withinMs
  let covered = 'by nothing: there is none'
  const find = () => {
    for (const packet of document.querySelectorAll('[data-testid=rain-packet]')) {
      const box = packet.getBoundingClientRect()
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      if (x < 0 || x > innerWidth || y < 160 || y > innerHeight - 160) continue
      const hit = document.elementFromPoint(x, y)
      if (hit?.closest('[data-testid=rain-packet]')) return resolve({ x, y })
      covered = hit?.outerHTML.slice(0, 200)
    }
    if (performance.now() > until) resolve({ covered })
    else setTimeout(find, 30)
  }
  find()
})"""
"""Where there is a packet that can be hit, once there is one."""


class Rainy(Visitor):
    """Somebody in a room where it rains; counts the grabs that leave the page."""

    def __init__(self, page: Page, product: Product) -> None:
        super().__init__(page, product)
        self.grabs: list[int] = []
        """Numbers of the commands; one that is sent again after a lost connection has the same."""
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        def sent(frame: str | bytes) -> None:
            told = msgspec.json.decode(frame)
            if told.get("c", {}).get("type") == "grab":
                self.grabs.append(told["n"])

        socket.on("framesent", sent)

    @classmethod
    async def enter(
        cls,
        browser: Browser,
        product: Product,
        program: str,
        login: str = "",
        english: bool = False,
        **options: Any,
    ) -> "Rainy":
        """Come into the room on a phone, signed in with `login` or as a guest."""
        context = await browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            device_scale_factor=1,
            **{"locale": "zh-CN", **options},
        )
        one = cls(await context.new_page(), product)
        await one.page.add_init_script(WATCH_COUNT)
        if english:
            await one.page.add_init_script("localStorage.setItem('kaibo.locale', 'en')")
        await one.open(f"pages/room/room?id={program}")
        await expect(one.at("login-to-chat")).to_be_visible()
        if login:
            await one.at("login-to-chat").click()
            await one.sign_in(login)
            await expect(one.at("chat-input")).to_be_visible()
        return one

    async def tap(self) -> None:
        """Hit a falling packet."""
        await expect(self.at("rain-falling")).to_be_visible()
        place = await self.page.evaluate(IN_REACH, 30_000)
        assert "x" in place, f"no packet came into reach, covered {place}"
        await self.page.mouse.click(place["x"], place["y"])

    async def amount(self) -> int:
        """Read one's packet off the card, in fen."""
        shown = self.at("rain-amount")
        await expect(shown).to_be_visible()
        return fen(await shown.inner_text())


def fen(shown: str) -> int:
    """Read a price tag."""
    return round(float("".join(shown.split()).lstrip("+¥").replace(",", "")) * 100)


async def another_viewer(shop: Shop, name: str) -> tuple[str, Caller]:
    """Make one more viewer; gives login and caller."""
    login = f"viewer-{uuid.uuid4().hex[:8]}"
    account = {"login": login, "name": name, "password": PASSWORD, "roles": {shop.business: ["viewer"]}}
    await shop.admin.post("/v1/accounts", account)
    return login, await Caller.sign_in(shop.url, login, PASSWORD)


async def let_it_rain(shop: Shop, program: str, total: int, packets: int, starts_in: int, lasts: int) -> str:
    """Ask for a rain as the anchor, over the room's socket; gives the envelope."""
    client = f"client-{uuid.uuid4().hex}"
    ticket = await shop.clerk.post(f"/v1/programs/{program}/ticket", {"client": client})
    rain = {"type": "rain", "total": total, "packets": packets, "starts_in_s": starts_in, "lasts_s": lasts}
    async with connect(ticket["room_url"]) as socket:
        await socket.send(encode({"t": "join", "ticket": ticket["ticket"], "client": client}))
        await socket.send(encode({"t": "cmd", "n": 1, "c": rain}))
        async with asyncio.timeout(20):
            while (answer := msgspec.json.decode(await socket.recv()))["t"] not in ("ack", "nak"):
                pass
    assert answer["t"] == "ack", answer
    envelope: str = answer["result"]["envelope"]
    return envelope


def encode(frame: Any) -> str:
    return msgspec.json.encode(frame).decode()


async def credit(who: Caller) -> int:
    """Give what is in somebody's wallet, in fen."""
    return sum(one["credit"]["amount"] for one in (await who.get("/v1/wallet"))["balances"])
