"""A connection to the database: collections, transactions, change streams."""

import asyncio
import contextvars
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from infra.mongo.collection import MotorCollection, Session
from infra.mongo.errors import Unavailable, Unknown, translated
from infra.settings import Settings
from infra.telemetry import get_logger

T = TypeVar("T")
log = get_logger("mongo")

SELECTION_MS = 5_000
TRANSACT_S = 30.0
"""How long a transaction that meets conflicts is tried again."""
TRANSACTIONS = 16
"""How many transactions of a process go on at a time; each has a thread."""
CANCELLED_S = 1.0
"""How long a cancelled caller waits for what the driver is doing in its transaction."""
CONFLICT_PAUSE_S = (0.001, 0.02)
WATCH_WAIT_MS = 1_000
TRANSIENT = "TransientTransactionError"
"""Label of the driver: nothing is done, the whole transaction may be tried again."""
HISTORY_LOST = 286
"""Server code: the resume token is older than the oplog."""


class Change(msgspec.Struct, frozen=True):
    """One change seen on a change stream, with the whole document where it was inserted or replaced."""

    token: dict[str, Any]
    operation: str
    key: Any
    doc: dict[str, Any] | None


class HistoryLost(Exception):
    """The change stream can't resume: too much has happened since the token."""


class Database:
    """One database of the deployment."""

    def __init__(self, client: "AsyncIOMotorClient[dict[str, Any]]", name: str) -> None:
        self._client = client
        self._db = client.get_database(
            name,
            write_concern=WriteConcern("majority", j=True),
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )
        self._collections: dict[str, MotorCollection] = {}
        self._threads = ThreadPoolExecutor(TRANSACTIONS, "transaction")
        self._again = threading.Lock()
        """Held by the one transaction of this process that is tried again after a conflict."""
        self._left_behind: set[asyncio.Future[Any]] = set()
        self.name = name

    def collection(self, name: str) -> MotorCollection:
        """Give a collection by name."""
        if name not in self._collections:
            self._collections[name] = MotorCollection(self._db[name])
        return self._collections[name]

    async def transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """Run `work` in a transaction, again when the server says a conflict was transient.

        `work` runs in a thread, perhaps several times: it must do nothing but database calls that
        all take its session. What it raises aborts the transaction. Cancelled, the transaction may
        or may not be done. Raises Unavailable when it met conflicts, or found no server, for
        `TRANSACT_S`: nothing is done then. Unknown is raised only of a commit without an answer.
        """
        given_up = threading.Event()
        here = contextvars.copy_context()
        running = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: here.run(self._transact, work, given_up)
        )
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # The thread can't be stopped: it must be done with the session before we are.
            given_up.set()
            self._left_behind.add(running)
            running.add_done_callback(self._forget)
            await asyncio.wait({running}, timeout=CANCELLED_S)
            raise

    def _transact(self, work: Callable[[Session], Coroutine[Any, Any, T]], given_up: threading.Event) -> T:
        until = time.monotonic() + TRANSACT_S
        with translated(), self._client.delegate.start_session() as driver:
            try:
                return _transact_once(driver, work, until)
            except PyMongoError as error:
                conflict = error
            while conflict.has_error_label(TRANSIENT):
                if given_up.is_set() or time.monotonic() >= until:
                    raise Unavailable(
                        f"no way for a transaction in {TRANSACT_S:.0f} s: {conflict}"
                    ) from conflict
                time.sleep(random.uniform(*CONFLICT_PAUSE_S))
                # One after the other: all at once, they would stay in each other's way.
                if not self._again.acquire(timeout=max(0.0, until - time.monotonic())):
                    continue
                try:
                    if not given_up.is_set():
                        return _transact_once(driver, work, until)
                except PyMongoError as error:
                    conflict = error
                finally:
                    self._again.release()
            raise conflict

    def _forget(self, running: "asyncio.Future[Any]") -> None:
        self._left_behind.discard(running)
        if not running.cancelled() and (error := running.exception()):
            log.info("transaction_left", reason=str(error)[:200])

    async def watch(
        self,
        name: str,
        pipeline: Sequence[Mapping[str, Any]] = (),
        *,
        resume_token: dict[str, Any] | None = None,
        ready: Callable[[dict[str, Any] | None], None] = lambda _token: None,
    ) -> AsyncIterator[Change]:
        """Follow the changes of a collection at majority.

        `ready` is called with the current token once the stream is open. Raises HistoryLost when
        `resume_token` is too old, Unavailable or Unknown when the server is gone.
        """
        with translated():
            try:
                async with self._db[name].watch(
                    list(pipeline),
                    resume_after=resume_token,
                    max_await_time_ms=WATCH_WAIT_MS,
                ) as stream:
                    first = await stream.try_next()
                    ready(stream.resume_token)
                    while True:
                        change = first if first is not None else await stream.next()
                        first = None
                        yield Change(
                            change["_id"],
                            change["operationType"],
                            change.get("documentKey", {}).get("_id"),
                            change.get("fullDocument"),
                        )
            except OperationFailure as error:
                if error.code == HISTORY_LOST:
                    raise HistoryLost(str(error)) from error
                raise

    async def ping(self) -> None:
        """Raise Unavailable unless a primary answers."""
        with translated():
            hello = await self._client.admin.command("hello")
        if not hello.get("isWritablePrimary"):
            raise Unavailable("no primary")

    async def drop(self) -> None:
        """Delete the whole database (tests and `reset`)."""
        with translated():
            await self._client.drop_database(self.name)

    async def clear(self) -> None:
        """Delete all documents and keep the indexes, which take long to make (tests)."""
        with translated():
            for name in await self._db.list_collection_names():
                await self._db[name].delete_many({})

    def close(self) -> None:
        """Close all connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()


async def whole(work: Callable[[Session], Coroutine[Any, Any, T]], session: Session) -> T:
    """Do the work of a transaction and what was left for its end."""
    result = await work(session)
    while session.lastly:
        await session.lastly.pop(0)()
    return result


def _transact_once(
    driver: ClientSession, work: Callable[[Session], Coroutine[Any, Any, T]], until: float
) -> T:
    # Not the driver's with_transaction: it commits where conflicts are no longer retried.
    driver.start_transaction(ReadConcern("snapshot"), WriteConcern("majority", j=True))
    try:
        session = Session(driver)
        try:
            result = _run_here(whole(work, session))
        except Unknown as unknown:
            raise Unavailable(str(unknown)) from unknown  # nothing of it is committed
        _commit(session, until)
        return result
    except BaseException:
        if driver.in_transaction:
            driver.abort_transaction()
        raise


def _run_here(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine of a transaction to its end, without a loop: its calls block this thread."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise RuntimeError("expected only database calls with the transaction's session, got another await")


def _commit(session: Session, until: float) -> None:
    try:
        while True:
            try:
                session.driver.commit_transaction()
                return
            except PyMongoError as error:
                unknown = error.has_error_label("UnknownTransactionCommitResult")
                if not unknown or time.monotonic() >= until:
                    raise
    finally:
        for call in session.afterwards:
            call()


async def connect(settings: Settings, *, uri: str = "", database: str = "") -> Database:
    """Connect to the database of the settings (or to `uri`); raises Unavailable within 5 s."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
        uri or settings.mongodb_uri or embedded_uri(settings),
        serverSelectionTimeoutMS=SELECTION_MS,
        retryWrites=True,
        tz_aware=True,
        appname="kaibo",
    )
    db = Database(client, database or settings.mongodb_database)
    try:
        await db.ping()
    except BaseException:
        db.close()
        raise
    return db


def embedded_uri(settings: Settings) -> str:
    """Address of the mongod that Kaibo itself starts: a unix socket in the data folder."""
    socket = str(settings.socket_dir / "mongod.sock").replace("/", "%2F")
    return f"mongodb://{socket}/?directConnection=true"
