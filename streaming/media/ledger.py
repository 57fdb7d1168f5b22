"""Facts on their way to the database: in order, each until it is taken, however long the database is away."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from infra.mongo import Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.problems import Refused

log = get_logger("media.ledger")

Fact = Callable[[], Awaitable[None]]
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 5.0
_ATTEMPTS = 5


class Ledger:
    """One program's facts. A fact is an idempotent call; one that is refused is reported and passed over."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._facts: deque[tuple[Fact, Callable[[Refused], None] | None]] = deque()
        self._task: asyncio.Task[None] | None = None

    def submit(self, fact: Fact, refused: Callable[[Refused], None] | None = None) -> None:
        """Add a fact; `refused` is told if the rules say no to it."""
        self._facts.append((fact, refused))
        if self._task is None:
            self._task = asyncio.create_task(self._deliver())

    @property
    def pending(self) -> int:
        """How many facts the database has not taken yet."""
        return len(self._facts)

    async def settled(self, timeout_s: float) -> bool:
        """Wait until every fact is taken; False after `timeout_s`, then what is left is given up."""
        task = self._task
        if task is None:
            return True
        done, _ = await asyncio.wait({task}, timeout=timeout_s)
        if not done:
            task.cancel()
        return bool(done)

    async def _deliver(self) -> None:
        wait, attempts = _FIRST_WAIT_S, 0
        while self._facts:
            fact, refused = self._facts[0]
            try:
                await fact()
            except (Unavailable, Unknown) as away:
                log.warning("database_away", program=self._program, pending=self.pending, why=str(away)[:200])
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT_S)
                continue
            except Refused as no:
                log.warning("fact_refused", program=self._program, code=no.code)
                if refused is not None:
                    refused(no)
            except Exception:
                attempts += 1
                if attempts < _ATTEMPTS:
                    log.exception("fact_failed", program=self._program, attempts=attempts)
                    await asyncio.sleep(wait)
                    continue
                log.exception("fact_lost", program=self._program)
            self._facts.popleft()
            attempts = 0
            wait = _FIRST_WAIT_S
        self._task = None
