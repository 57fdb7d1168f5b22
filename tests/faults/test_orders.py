"""kill -9 of the web process and of the payment provider in the middle of a sale."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from commerce.orders import conservation
from commerce.orders.store import orders
from infra.settings import Settings, to_environ
from schemas.orders import OrderState
from tests.commerce.shop import Shop, open_shop
from tests.web.shop import Person, person
from tests.workers.pay_sandbox.market import Buyer, answers, until
from workers.web.services import Services, open_services

pytestmark = pytest.mark.faults
BUYERS = 50


class Worker:
    """A worker process with the settings of a test."""

    def __init__(self, settings: Settings, name: str, port: int) -> None:
        self._settings = settings
        self._name = name
        self._port = port
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        with (self._settings.data / f"{self._name}.log").open("ab") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "workers.up.child", self._name],
                env={**os.environ, **to_environ(self._settings)},
                stdin=subprocess.PIPE,
                stderr=log,
            )
        assert self._child.stdin is not None
        self._child.stdin.write(b"begin\n")
        self._child.stdin.close()
        await until(f"{self._name} on port {self._port}", lambda: answers(self._port), 60)

    def kill(self) -> None:
        if self._child is not None:
            self._child.send_signal(signal.SIGKILL)
            self._child.wait()
            self._child = None


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, demo=True)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as opened:
        yield opened
        await opened.db.drop()


@pytest.fixture
async def web(settings: Settings, services: Services) -> AsyncIterator[Worker]:
    worker = Worker(settings, "web", settings.web_port)
    await worker.start()
    yield worker
    worker.kill()


@pytest.fixture
async def provider(settings: Settings) -> AsyncIterator[Worker]:
    worker = Worker(settings, "pay_sandbox", settings.pay_port)
    await worker.start()
    yield worker
    worker.kill()


async def _crowd(services: Services, count: int) -> list[Buyer]:
    people: list[Person] = [await person(services, "buyer", {}) for _ in range(count)]
    return [Buyer(services.settings, one.token) for one in people]


async def _disperse(crowd: list[Buyer]) -> None:
    await asyncio.gather(*(buyer.http.aclose() for buyer in crowd))


async def _order_until_answered(buyer: Buyer, shop: Shop, key: str) -> httpx.Response:
    """Order as an app does: what got no answer, or `unavailable`, is sent again with its key."""

    async def answered() -> httpx.Response | None:
        try:
            answer = await buyer.order(shop, key=key)
        except httpx.TransportError:
            return None
        return None if answer.status_code >= 500 else answer

    return await until("an answer to an order", answered, 120)


async def test_killed_in_the_middle_of_a_batch_nothing_is_ordered_twice_or_lost(
    services: Services, web: Worker
) -> None:
    db = services.db
    shop = await open_shop(db, units=30)
    crowd = await _crowd(services, BUYERS)
    ordering = [
        asyncio.create_task(_order_until_answered(buyer, shop, f"key-{n}")) for n, buyer in enumerate(crowd)
    ]

    async def begun() -> bool:
        return await orders.collection(db).count({}) >= 1

    await until("the first order", begun, 30)
    web.kill()
    assert await orders.collection(db).count({}) < BUYERS
    assert await conservation.check(db) == {}
    await web.start()
    answers_given = await asyncio.gather(*ordering)
    placed = [one.json()["id"] for one in answers_given if one.status_code == 201]
    refused = [one.json()["code"] for one in answers_given if one.status_code != 201]
    assert (len(placed), len(set(placed)), refused) == (30, 30, ["stock_short"] * 20)
    assert await orders.collection(db).count({}) == 30
    stock = await shop.stock()
    assert (stock.free, stock.reserved, stock.sold) == (0, 30, 0)
    assert await conservation.check(db) == {}
    await _disperse(crowd)


async def test_the_shop_is_told_of_a_payment_however_often_both_are_killed(
    services: Services, web: Worker, provider: Worker
) -> None:
    db = services.db
    shop = await open_shop(db)
    [buyer] = await _crowd(services, 1)
    order = (await buyer.order(shop)).json()["id"]
    page = await buyer.page(order)
    web.kill()
    paid = await buyer.choose(page, "pay")
    assert paid.status_code == 303
    provider.kill()
    assert (await orders.get(db, order)).state is OrderState.PENDING_PAYMENT
    await web.start()
    await provider.start()

    async def told() -> bool:
        return (await orders.get(db, order)).state is OrderState.PAID

    await until("the callback", told, 30)
    assert (await shop.stock()).sold == 1
    assert await conservation.check(db) == {}
    await _disperse([buyer])
