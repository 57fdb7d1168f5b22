"""From an order to its payment, through the provider's callback: 50 orders a second of one hot SKU for 20 s.

Buyers come on a fixed timetable whatever the answers (no coordinated omission). Each sends the order,
asks for the payment page and taps pay; the clock runs from the moment the order was to be sent until the
order is shown as paid: the provider has called back, signed, and has been answered. Real web process, real
provider process, real mongod (w: majority, j: true). Afterwards stock, orders and payments must agree.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from benchmarks.harness import Goal, Report
from benchmarks.references import journaled_insert
from commerce.orders import conservation
from commerce.orders.store import orders
from infra.embedded import (
    find_mongod,
    initiate,
    mongod_command,
    mongod_environment,
    store_command,
    store_environment,
    wait_for_store,
)
from infra.settings import Settings, to_environ
from schemas.orders import OrderState
from tests.commerce.shop import Shop, open_shop
from tests.conftest import fresh_settings
from tests.web.shop import person
from tests.workers.pay_sandbox.market import answers, until
from workers.web.services import Services, open_services

RATE, SECONDS, WARM_UP_S = 50, 20, 4
BUYERS = 200
LOOK_S = 0.1
"""Between looks at an order whose buyer came back before its callback."""
FORM = "application/x-www-form-urlencoded"
GOAL_MS = Goal("<=", 150)


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        settings = msgspec.structs.replace(fresh_settings(Path(folder)), demo=True, log_level="warning")
        async with market(settings) as services:
            shop = await open_shop(services.db, units=RATE * (SECONDS + WARM_UP_S))
            people = [await person(services, "buyer", {}) for _ in range(BUYERS)]
            buyers = [Buyer(settings, one.token) for one in people]
            reference = await journaled_insert(services.db)
            await sell(shop, buyers, 0, WARM_UP_S)
            taken_ms = await sell(shop, buyers, RATE * WARM_UP_S, SECONDS)
            await asyncio.gather(*(buyer.leave() for buyer in buyers))
            sold = RATE * (SECONDS + WARM_UP_S)
            paid = await orders.collection(services.db).count({"state": OrderState.PAID})
            assert paid == sold == (await shop.stock()).sold, f"{paid} of {sold} orders are paid"
            assert await conservation.check(services.db) == {}
    parts = statistics.quantiles(taken_ms, n=100)
    report.note(
        f"{len(taken_ms)} orders: p50 {parts[49]:.0f}, p90 {parts[89]:.0f}, p99 {parts[98]:.0f}, "
        f"slowest {max(taken_ms):.0f} ms; load {os.getloadavg()[0]:.1f}"
    )
    report.absolute("order-to-paid-p99", parts[98], "ms", GOAL_MS, reference)


class Line:
    """One kept-alive HTTP/1.1 connection: a buyer's browser must cost the machine next to nothing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(
        self, method: str, path: str, body: bytes, kind: str, headers: str = ""
    ) -> tuple[int, bytes]:
        """Give status and body of the answer; a line that was hung up is dialled again."""
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {kind}\r\n{headers}"
        message = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
        if self._streams is not None:
            try:
                return await self._exchange(*self._streams, message)
            except (ConnectionError, asyncio.IncompleteReadError):
                await self.close()
        self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return await self._exchange(*self._streams, message)

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes
    ) -> tuple[int, bytes]:
        writer.write(message)
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        sizes = [line for line in lines if line.lower().startswith(b"content-length:")]
        answer = await reader.readexactly(int(sizes[0].partition(b":")[2])) if sizes else b""
        return int(status.split()[1]), answer

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            with suppress(ConnectionError):
                await self._streams[1].wait_closed()


class Buyer:
    """Somebody who orders, opens the page and pays."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._headers = f"authorization: Bearer {token}\r\n"
        self._shop = Line(settings.web_port)
        self._provider = Line(settings.pay_port)
        self._busy = asyncio.Lock()

    async def buy(self, order: bytes, number: int, due: float) -> float:
        """Order and pay; gives how long it took since it was due, ms."""
        async with self._busy:
            keyed = f"{self._headers}idempotency-key: order-{number}\r\n"
            placed = await self._ask("POST", "/v1/orders", order, keyed)
            page = await self._ask("POST", f"/v1/orders/{placed['id']}/pay", b"{}", self._headers)
            path = urlsplit(page["url"]).path
            status, answer = await self._provider.request("POST", path, b"choice=pay", FORM)
            assert status == 303, answer
            while (await self._ask("GET", f"/v1/orders/{placed['id']}", b"", self._headers))[
                "state"
            ] != "paid":
                await asyncio.sleep(LOOK_S)
            return (time.perf_counter() - due) * 1000

    async def leave(self) -> None:
        """Close the browser."""
        await self._shop.close()
        await self._provider.close()

    async def _ask(self, method: str, path: str, body: bytes, headers: str) -> dict[str, Any]:
        status, answer = await self._shop.request(method, path, body, "application/json", headers)
        assert status in (200, 201), answer
        found: dict[str, Any] = msgspec.json.decode(answer)
        return found


async def sell(shop: Shop, buyers: Sequence[Buyer], first: int, seconds: int) -> list[float]:
    """Let buyers come for some seconds; gives how long each waited until paid, ms."""
    order = msgspec.json.encode(shop.order())
    began = time.perf_counter()
    tasks = []
    async with asyncio.TaskGroup() as group:
        for number in range(RATE * seconds):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            buyer = buyers[(first + number) % len(buyers)]
            tasks.append(group.create_task(buyer.buy(order, first + number, due)))
    return [task.result() for task in tasks]


@asynccontextmanager
async def market(settings: Settings) -> AsyncIterator[Services]:
    """Start the servers, the web worker and the provider."""
    async with AsyncExitStack() as stack:
        mongod = mongod_command(settings, find_mongod(settings))
        stack.enter_context(child(mongod, mongod_environment(settings.run_dir)))
        stack.enter_context(child(store_command(settings), store_environment(settings)))
        await asyncio.gather(initiate(settings), wait_for_store(settings))
        services = await stack.enter_async_context(open_services(settings))
        for name, port in (("web", settings.web_port), ("pay_sandbox", settings.pay_port)):
            stack.enter_context(child(worker(name), {**os.environ, **to_environ(settings)}))
            await until(f"{name} on port {port}", partial(answers, port), 60)
        yield services


def worker(name: str) -> list[str]:
    """Give the command that runs one of our workers."""
    return [
        sys.executable,
        "-c",
        f"import infra.settings, workers.{name} as it; it.run(infra.settings.load())",
    ]


@contextmanager
def child(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """Run a program for the length of a `with`."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
