"""Commands of many buyers, a few milliseconds' worth at a time, each batch in one transaction.

A transaction per order on a hot SKU fights with itself: 157 to 443 attempts/s were measured
against 34 to 38 thousand for batches (`docs/commerce.md`). So commands that
arrive within `GATHER_S` are decided one after the other on one book and written together. One
batch is in flight at a time per process; other processes' batches are kept apart by the
transaction, which is run again when they collide.
"""

import asyncio
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import msgspec
from prometheus_client import Counter, Histogram
from structlog.contextvars import bound_contextvars

from commerce.orders.book import Book
from commerce.orders.commands import Command
from commerce.orders.decisions import Decided, decide
from content import audit
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.orders import Order
from schemas.payments import Payment
from schemas.problems import CommonRefusal, Refusal, Refused

GATHER_S = 0.01
MAX_BATCH = 500
MAX_WAITING = 20_000
"""Commands that may wait; beyond, buyers are told to come back."""
TRIES = 3

log = get_logger("orders")
SIZES = Histogram(
    "kaibo_order_batch_size", "Commands decided together.", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500)
)
SECONDS = Histogram(
    "kaibo_order_batch_seconds",
    "Time of a batch's transaction.",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
COMMANDS = Counter("kaibo_order_commands_total", "Commands by kind and outcome.", ["kind", "outcome"])


class Done(msgspec.Struct, frozen=True):
    """What a command came to: the order as written, and its payment if it has one."""

    order: Order
    payment: Payment | None


Outcome = Done | Refusal
Waiting = tuple[Command, "asyncio.Future[Outcome]"]


class Desk:
    """The commands of one process that wait for their batch."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._serving: asyncio.Task[None] | None = None

    async def submit(self, db: Database, command: Command) -> Done:
        """Decide a command in the next batch.

        Raises Refused; Unavailable or Unknown when the database is gone: then the same command
        may be sent again, and is done once.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise Refused(CommonRefusal.TOO_MANY, retry_after=1)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, future))
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve(db))
        outcome = await future
        if isinstance(outcome, Refusal):
            COMMANDS.labels(type(command).__name__, outcome.code).inc()
            raise Refused(outcome)
        COMMANDS.labels(type(command).__name__, "done").inc()
        return outcome

    async def _serve(self, db: Database) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHER_S)
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                await _settle(db, batch)
        finally:
            self._serving = None


async def _settle(db: Database, batch: Sequence[Waiting]) -> None:
    """Do a batch and answer its callers, whatever happens.

    When one command makes a batch fail for a reason of its own, all are done one by one, so that
    it takes nobody else with it.
    """
    try:
        outcomes = await do_batch(db, [command for command, _ in batch])
    except (Unavailable, Unknown) as error:
        _fail(batch, error)
    except Exception as error:
        if len(batch) == 1:
            log.exception("order_command_failed", kind=type(batch[0][0]).__name__)
            _fail(batch, error)
            return
        for one in batch:
            await _settle(db, [one])
    else:
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)


async def do_batch(db: Database, commands: Sequence[Command]) -> list[Outcome]:
    """Decide commands one after the other and write what they came to, in one transaction."""

    async def work(session: Session) -> list[Outcome]:
        book = Book()
        await book.read(db, session, commands)
        decided = [decide(book, command) for command in commands]
        await book.write(db, session, now_ms())
        await _audit(db, session, book, commands, decided)
        return [one if isinstance(one, Refusal) else _done(book, one) for one in decided]

    SIZES.observe(len(commands))
    with SECONDS.time():
        for tries_left in reversed(range(TRIES)):
            try:
                return await db.transact(work)
            except DuplicateKey:  # another process has placed an order under one of the keys
                if not tries_left:
                    raise
    raise AssertionError("unreachable")


async def _audit(
    db: Database, session: Session, book: Book, commands: Sequence[Command], decided: Sequence[Decided]
) -> None:
    """Record what the staff did; buyers' own steps stand in the order."""
    for command, order in zip(commands, decided, strict=True):
        if command.staff is not None and not isinstance(order, Refusal):
            found = book.orders.now[order]
            with bound_contextvars(request_id=command.staff.request):
                await audit.record(
                    db,
                    session,
                    command.staff.actor,
                    command.staff.grant,
                    target=order,
                    business=found.business,
                    data={"state": found.state},
                )


def _done(book: Book, order: str) -> Done:
    found = book.orders.now[order]
    return Done(found, book.payment(found.payment))


_desks: WeakKeyDictionary[Database, Desk] = WeakKeyDictionary()


async def submit(db: Database, command: Command) -> Done:
    """Submit a command at the process's desk for this database; see `Desk.submit`."""
    return await _desks.setdefault(db, Desk()).submit(db, command)
