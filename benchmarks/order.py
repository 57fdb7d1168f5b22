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
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from benchmarks.harness import Goal, Report
from benchmarks.references import DiskSyncs, journaled_insert
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
from infra.lines import Lines
from infra.processes import calm_collector
from infra.settings import Settings, to_environ
from schemas.orders import OrderState
from tests.commerce.shop import Shop, open_shop
from tests.conftest import fresh_settings
from tests.web.shop import person
from tests.workers.pay_sandbox.market import answers, until
from workers.web.services import Services, open_services

RATE, SECONDS, WARM_UP_S = 50, 20, 4
BUYERS = 200
LOOK_S, LONGEST_LOOK_S = 0.1, 2.0
PATIENCE_S = 60.0
FORM = {"content-type": "application/x-www-form-urlencoded"}
GOAL_MS = Goal("<=", 150)


async def measure(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="kaibo-bench-", ignore_cleanup_errors=True) as folder:
        settings = msgspec.structs.replace(fresh_settings(Path(folder)), demo=True, log_level="warning")
        async with market(settings) as (services, processes):
            shop = await open_shop(services.db, units=RATE * (SECONDS + WARM_UP_S))
            people = [await person(services, "buyer", {}) for _ in range(BUYERS)]
            buyers = [Buyer(settings, one.token) for one in people]
            reference = await journaled_insert(services.db)
            calm_collector()  # as the servers do
            await sell(shop, buyers, 0, WARM_UP_S)
            before = spent(processes)
            disk = DiskSyncs(settings.data)
            with disk.watched():
                taken_ms = await sell(shop, buyers, RATE * WARM_UP_S, SECONDS)
            after = spent(processes)
            for buyer in buyers:
                buyer.leave()
            sold = RATE * (SECONDS + WARM_UP_S)
            paid = await orders.collection(services.db).count({"state": OrderState.PAID})
            assert paid == sold == (await shop.stock()).sold, f"{paid} of {sold} orders are paid"
            assert await conservation.check(services.db) == {}
    parts = statistics.quantiles(taken_ms, n=100)
    report.note(
        f"{len(taken_ms)} orders: p50 {parts[49]:.0f}, p90 {parts[89]:.0f}, p99 {parts[98]:.0f}, "
        f"slowest {max(taken_ms):.0f} ms; load {os.getloadavg()[0]:.1f}"
    )
    each = {name: (after[name] - before[name]) * 1000 / len(taken_ms) for name in after}
    report.note(
        f"CPU ms an order: {', '.join(f'{name} {ms:.1f}' for name, ms in each.items())}, "
        f"together {sum(each.values()):.1f}"
    )
    report.note(f"{disk}; an order waits for two, one after the other")
    report.absolute("order-to-paid-p99", parts[98], "ms", GOAL_MS, reference)


class Buyer:
    """Somebody who orders, opens the page and pays."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._shop = Lines(settings.callback_url, timeout_s=PATIENCE_S)
        self._provider = Lines(settings.pay_url, timeout_s=PATIENCE_S)
        self._busy = asyncio.Lock()

    async def buy(self, order: bytes, number: int, due: float) -> float:
        """Order and pay; gives how long it took since it was due, ms."""
        async with self._busy:
            placed = await self._ask("POST", "/v1/orders", order, {"idempotency-key": f"order-{number}"})
            page = await self._ask("POST", f"/v1/orders/{placed['id']}/pay", b"{}")
            path = urlsplit(page["url"]).path
            sent_back = await self._provider.request("POST", path, body=b"choice=pay", headers=FORM)
            assert sent_back.status == 303, sent_back.body
            for pause in looks():
                if (await self._ask("GET", f"/v1/orders/{placed['id']}"))["state"] == "paid":
                    break
                await asyncio.sleep(pause)
            return (time.perf_counter() - due) * 1000

    def leave(self) -> None:
        """Close the browser."""
        self._shop.close()
        self._provider.close()

    async def _ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        answer = await self._shop.request(
            method, path, body=body, headers={**self._headers, **(headers or {})}
        )
        assert answer.status in (200, 201), answer.body
        found: dict[str, Any] = msgspec.json.decode(answer.body)
        return found


def looks() -> Iterator[float]:
    """Give the pauses between looks at an order whose buyer came back before its callback, s."""
    pause = LOOK_S
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_LOOK_S)


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


def spent(processes: Mapping[str, int]) -> dict[str, float]:
    """Give the CPU seconds that each process has taken so far (proc(5): utime + stime)."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for name, pid in processes.items():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found[name] = (int(fields[11]) + int(fields[12])) / ticks
    return found


@asynccontextmanager
async def market(settings: Settings) -> AsyncIterator[tuple[Services, dict[str, int]]]:
    """Start the servers, the web worker and the provider; gives their process ids, and that of the buyers."""
    processes = {"buyers": os.getpid()}
    async with AsyncExitStack() as stack:
        mongod = mongod_command(settings, find_mongod(settings))
        processes["mongod"] = stack.enter_context(child(mongod, mongod_environment(settings.run_dir)))
        stack.enter_context(child(store_command(settings), store_environment(settings)))
        await asyncio.gather(initiate(settings), wait_for_store(settings))
        services = await stack.enter_async_context(open_services(settings))
        for name, port in (("web", settings.web_port), ("pay_sandbox", settings.pay_port)):
            processes[name] = stack.enter_context(child(worker(name), {**os.environ, **to_environ(settings)}))
            await until(f"{name} on port {port}", partial(answers, port), 60)
        yield services, processes


def worker(name: str) -> list[str]:
    """Give the command that runs one of our workers."""
    return [
        sys.executable,
        "-c",
        f"import infra.settings, workers.{name} as it; it.run(infra.settings.load())",
    ]


@contextmanager
def child(command: list[str], environment: Mapping[str, str]) -> Iterator[int]:
    """Run a program for the length of a `with`; gives its process id."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)
