"""A shop with its web server and the demo's payment provider, all on real ports of this test."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx
import msgspec
from granian.server.embed import Server

from commerce.orders.store import orders
from commerce.payments.providers import providers_of
from infra.mongo import Database
from infra.settings import Settings
from schemas.orders import Order
from tests.commerce.shop import COURIER, LIVE_PRICE, Shop
from tests.http import plain_http
from workers.pay_sandbox.ledger import Ledger

T = TypeVar("T")


class Buyer:
    """Somebody with a phone: speaks to the shop's API with a session, to the payment page without."""

    def __init__(self, settings: Settings, token: str) -> None:
        self.http = plain_http(
            base_url=f"http://127.0.0.1:{settings.web_port}",
            headers={"authorization": f"Bearer {token}"},
            timeout=10,
        )

    async def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> httpx.Response:
        headers = {"idempotency-key": key or uuid.uuid4().hex}
        return await self.http.request(method, path, json=body, headers=headers)

    async def order(self, shop: Shop, quantity: int = 1, *, key: str = "") -> httpx.Response:
        price = {"amount": LIVE_PRICE.amount, "currency": "CNY"}
        body = {
            "program": shop.program,
            "lines": [{"product": shop.product, "quantity": quantity, "price": price}],
            "delivery": msgspec.to_builtins(COURIER),
        }
        return await self.ask("POST", "/v1/orders", body, key=key)

    async def page(self, order: str) -> str:
        answer = await self.ask("POST", f"/v1/orders/{order}/pay", {"return_path": "/#/orders"})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])

    async def choose(self, url: str, choice: str) -> httpx.Response:
        async with plain_http(timeout=10) as browser:
            return await browser.post(url, data={"choice": choice})

    async def state(self, order: str) -> str:
        return str((await self.ask("GET", f"/v1/orders/{order}")).json()["state"])


class Market(msgspec.Struct, frozen=True):
    """Everything a test of selling needs."""

    settings: Settings
    db: Database
    shop: Shop
    ledger: Ledger
    buyer: Buyer

    async def kept(self, order: str) -> Order:
        return await orders.get(self.db, order)


async def until(what: str, condition: Callable[[], Awaitable[T | None]], timeout_s: float = 10.0) -> T:
    """Wait for something and give it; say what was missing when it does not come."""
    async with asyncio.timeout(timeout_s) as patience:
        try:
            while not (found := await condition()):
                await asyncio.sleep(0.02)
            return found
        except asyncio.CancelledError:
            assert not patience.expired(), f"not within {timeout_s} s: {what}"
            raise


async def answers(port: int) -> bool:
    """Tell whether a server on this machine is well."""
    async with plain_http() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        except httpx.TransportError:
            return False


@asynccontextmanager
async def serving(server: Server, port: int) -> AsyncIterator[None]:
    """Run a server of this process."""
    running = asyncio.create_task(server.serve())
    try:
        await until(f"a server on port {port}", lambda: answers(port))
        yield
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await running


async def close_providers(settings: Settings) -> None:
    """Let go of the connections that this process's providers hold."""
    for provider in providers_of(settings).values():
        await provider.close()
