"""Tells merchants what became of their payments, each until it answers."""

import asyncio
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

import msgspec

from commerce.payments.signing import Signer
from infra.clock import now_ms
from infra.lines import LineDown, Lines
from infra.telemetry import get_logger
from workers.pay_sandbox.ledger import Ledger, Untold

PAUSES_MS = (200, 1_000, 3_000, 10_000, 30_000, 60_000)
"""Between tries; the last one is repeated."""
TIMEOUT_S = 5.0
HELD_MS = 15_000
"""An event in hand is not taken up again for this long; longer than a try lasts."""
AT_ONCE = 16
log = get_logger("pay_sandbox")


class Teller:
    """Sends signed callbacks. Each try is signed anew, so that a late one isn't too old."""

    def __init__(self, ledger: Ledger, signer: Signer) -> None:
        self._ledger = ledger
        self._signer = signer
        self._lines: dict[str, Lines] = {}
        """By origin of the merchant."""
        self._news = asyncio.Event()
        self._answered: dict[str, asyncio.Event] = {}

    def tell(self) -> None:
        """There is something to tell."""
        self._news.set()

    async def heard(self, event: str, within_s: float) -> bool:
        """Wait until the merchant has answered an event; False: it takes longer."""
        if self._ledger.was_told(event):
            return True
        answered = self._answered.setdefault(event, asyncio.Event())
        try:
            async with asyncio.timeout(within_s):
                await answered.wait()
            return True
        except TimeoutError:
            return False
        finally:
            self._answered.pop(event, None)

    async def run(self) -> None:
        """Tell until cancelled."""
        slots = asyncio.Semaphore(AT_ONCE)
        going: set[asyncio.Task[None]] = set()
        try:
            while True:
                self._news.clear()
                for one in self._ledger.untold(now_ms()):
                    self._ledger.take_up(one.event.id, now_ms() + HELD_MS)
                    task = asyncio.create_task(self._tell(one, slots))
                    going.add(task)
                    task.add_done_callback(going.discard)
                await self._wait()
        finally:
            for task in going:
                task.cancel()
            await asyncio.gather(*going, return_exceptions=True)
            for lines in self._lines.values():
                lines.close()

    async def _wait(self) -> None:
        """Wait for news, or for the next try that is due."""
        due = self._ledger.next_due()
        pause_s = None if due is None else max((due - now_ms()) / 1000, 0.02)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._news.wait()

    async def _tell(self, one: Untold, slots: asyncio.Semaphore) -> None:
        body = msgspec.json.encode(one.event)
        async with slots:
            address = urlsplit(one.notify_url)
            headers = self._signer.headers("POST", address.path, body)
            try:
                await self._call(address, body, {**headers, "content-type": "application/json"})
            except LineDown as error:
                pause = PAUSES_MS[min(one.tries, len(PAUSES_MS) - 1)]
                self._ledger.put_off(one.event.id, now_ms() + pause)
                self._news.set()
                log.warning("not_heard", event_id=one.event.id, tries=one.tries + 1, reason=str(error)[:200])
                return
        self._ledger.told(one.event.id, now_ms())
        if answered := self._answered.get(one.event.id):
            answered.set()

    async def _call(self, address: SplitResult, body: bytes, headers: dict[str, str]) -> None:
        """Call a merchant; raises LineDown unless the answer is 2xx."""
        origin = f"{address.scheme}://{address.netloc}"
        lines = self._lines.setdefault(origin, Lines(origin, timeout_s=TIMEOUT_S))
        answer = await lines.request("POST", address.path, body=body, headers=headers)
        if not 200 <= answer.status < 300:
            raise LineDown(f"answered {answer.status}")
