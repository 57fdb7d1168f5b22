"""A collection that loses, delays and reorders: the model the log's writer is proven on.

Nothing runs by itself. A coroutine stops at each call; the test decides what becomes of it.
"""

import types
from collections.abc import Coroutine, Generator
from contextlib import suppress
from typing import Any

from infra.mongo import DuplicateKey, Unknown
from infra.mongo.protocol import Filter, Sort
from streaming.live_room.log.collection import Document


class Call:
    """One request on its way: an insert, or a read (`apply` answers it)."""

    def __init__(self, store: "SimulatedStore", name: str, argument: Any, **options: Any) -> None:
        self.store, self.name, self.argument, self.options = store, name, argument, options

    @types.coroutine
    def answered(self) -> Generator["Call", Any, Any]:
        """Stop until the test sends an answer or throws an error."""
        return (yield self)

    def apply(self) -> Any:
        """Do at the store what the request asks, now."""
        if self.name == "insert_one":
            key = self.argument["_id"]
            if key in self.store.documents:
                raise DuplicateKey({"_id": key})
            self.store.documents[key] = dict(self.argument)
            return None
        found = self.store.matching(self.argument)
        if self.name == "find_one":
            return found[0] if found else None
        descending = self.options["sort"] == [("_id", -1)]
        found.sort(key=lambda document: document["_id"], reverse=descending)
        return found[: self.options["limit"] or None]


class SimulatedStore:
    """Documents by `_id`, and inserts whose sender was told nothing but that may still land."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.delayed: list[Call] = []

    async def insert_one(self, doc: Document) -> None:
        await Call(self, "insert_one", doc).answered()

    async def find_one(self, where: Filter) -> Document | None:
        found: Document | None = await Call(self, "find_one", where).answered()
        return found

    async def find(self, where: Filter, *, sort: Sort = (), limit: int = 0) -> list[Document]:
        found: list[Document] = await Call(self, "find", where, sort=sort, limit=limit).answered()
        return found

    def matching(self, where: Filter) -> list[Document]:
        """Select by `_id`: equal, or a range of `$gte`, `$gt`, `$lte`, `$lt`."""
        wanted = where["_id"]
        if isinstance(wanted, str):
            return [document for key, document in self.documents.items() if key == wanted]
        holds = {"$gte": str.__ge__, "$gt": str.__gt__, "$lte": str.__le__, "$lt": str.__lt__}
        return [
            document
            for key, document in self.documents.items()
            if all(holds[name](key, bound) for name, bound in wanted.items())
        ]


class Running:
    """A coroutine driven by hand, one call at a time."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.coroutine = coroutine
        self.call: Call | None = None
        self.result: Any = None
        self.error: Exception | None = None
        self._resume(lambda: coroutine.send(None))

    @property
    def done(self) -> bool:
        return self.call is None

    def deliver(self) -> None:
        """The request arrives and its answer comes back."""
        call = self._waiting()
        try:
            answer = call.apply()
        except DuplicateKey as error:
            refused = error
            self._resume(lambda: self.coroutine.throw(refused))
        else:
            self._resume(lambda: self.coroutine.send(answer))

    def lose_request(self) -> None:
        """The request never arrives; the sender sees a time-out."""
        self._waiting()
        self._resume(lambda: self.coroutine.throw(Unknown("lost request")))

    def lose_reply(self) -> None:
        """The request arrives; the sender sees a time-out."""
        call = self._waiting()
        with suppress(DuplicateKey):
            call.apply()
        self._resume(lambda: self.coroutine.throw(Unknown("lost reply")))

    def delay(self) -> None:
        """The sender sees a time-out; the request may still arrive, once, at any later time."""
        call = self._waiting()
        if call.name == "insert_one":
            call.store.delayed.append(call)
        self._resume(lambda: self.coroutine.throw(Unknown("delayed")))

    def _waiting(self) -> Call:
        assert self.call is not None
        return self.call

    def _resume(self, step: Any) -> None:
        try:
            self.call = step()
        except StopIteration as stop:
            self.call, self.result = None, stop.value
        except Exception as error:  # noqa: BLE001 - kept for the test to look at
            self.call, self.error = None, error


def at_once(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine with every request delivered."""
    running = Running(coroutine)
    while not running.done:
        running.deliver()
    if running.error is not None:
        raise running.error
    return running.result
