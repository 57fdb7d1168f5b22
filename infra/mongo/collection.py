"""The protocol of stores, spoken with motor; in a transaction, with the driver under it."""

import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import pymongo
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ReplaceOne, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from infra.mongo.errors import translated
from infra.mongo.protocol import Doc, Filter, Sort, Update

TIMEOUT_S = 10.0
"""Longest a call waits for its answer; a write that ran into it is Unknown."""
INDEX_NOT_FOUND = 27
"""Code of the server's answer."""


class Session:
    """What ties the calls of one transaction together.

    A transaction has a thread of its own (`Database.transact`), so its calls block instead of
    hopping to one of motor's threads and back each time.
    """

    def __init__(self, driver: ClientSession) -> None:
        self.driver = driver
        self.began = time.monotonic()
        """What the transaction reads is as it was then, or later."""
        self.afterwards: list[Callable[[], None]] = []
        """Called in the transaction's thread once it is done, or may be; not when it was aborted."""
        self.lastly: list[Callable[[], Coroutine[Any, Any, None]]] = []
        """Awaited in the transaction, after its work and before its commit."""
        self.kept: dict[str, Any] = {}
        """What components remember of the transaction while it goes on, by their names."""
        self.ahead: dict[str, dict[str, Any]] = {}
        """What components read for all parts of a batch before each asks for its own; told once."""


class MotorCollection:
    """A `Collection` backed by motor."""

    def __init__(self, collection: "AsyncIOMotorCollection[Doc]") -> None:
        self._c = collection
        self.name: str = collection.name

    @property
    def driver(self) -> "AsyncIOMotorCollection[Doc]":
        """The collection of the driver."""
        return self._c

    async def insert_one(self, doc: Doc, *, session: Session | None = None) -> None:
        """Insert; raises DuplicateKey."""
        await self._do(session, "insert_one", doc)

    async def insert_many(
        self, docs: Sequence[Doc], *, ordered: bool = True, session: Session | None = None
    ) -> None:
        """Insert several; raises DuplicateKey."""
        await self._do(session, "insert_many", list(docs), ordered=ordered)

    async def find_one(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        session: Session | None = None,
    ) -> Doc | None:
        """Give the first match."""
        found: Doc | None = await self._do(session, "find_one", where, projection, sort=list(sort) or None)
        return found

    async def find(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        limit: int = 0,
        session: Session | None = None,
    ) -> list[Doc]:
        """Give all matches, at most `limit` when it is not 0."""
        return await self._all(session, "find", where, projection, sort=list(sort) or None, limit=limit)

    async def update_one(
        self, where: Filter, update: Update, *, upsert: bool = False, session: Session | None = None
    ) -> int:
        """Update the first match; give how many matched or were upserted."""
        result = await self._do(session, "update_one", where, update, upsert=upsert)
        return int(result.matched_count) + (result.upserted_id is not None)

    async def update_many(self, where: Filter, update: Update, *, session: Session | None = None) -> int:
        """Update all matches; give how many matched."""
        return int((await self._do(session, "update_many", where, update)).matched_count)

    async def replace_one(
        self, where: Filter, doc: Doc, *, upsert: bool = False, session: Session | None = None
    ) -> int:
        """Replace the first match; give how many matched or were upserted."""
        result = await self._do(session, "replace_one", where, doc, upsert=upsert)
        return int(result.matched_count) + (result.upserted_id is not None)

    async def replace_each(
        self, docs: Sequence[tuple[Filter, Doc]], *, session: Session | None = None
    ) -> int:
        """Replace the match of each filter, all in one call; give how many matched."""
        calls = [ReplaceOne(where, doc) for where, doc in docs]
        return int((await self._do(session, "bulk_write", calls)).matched_count)

    async def find_one_and_update(
        self,
        where: Filter,
        update: Update,
        *,
        sort: Sort = (),
        upsert: bool = False,
        session: Session | None = None,
    ) -> Doc | None:
        """Update the first match and give it as it is afterwards."""
        found: Doc | None = await self._do(
            session,
            "find_one_and_update",
            where,
            update,
            sort=list(sort) or None,
            upsert=upsert,
            return_document=ReturnDocument.AFTER,
        )
        return found

    async def find_one_and_replace(
        self, where: Filter, doc: Doc, *, session: Session | None = None
    ) -> Doc | None:
        """Replace the first match and give it as it was before."""
        found: Doc | None = await self._do(session, "find_one_and_replace", where, doc)
        return found

    async def delete_one(self, where: Filter, *, session: Session | None = None) -> int:
        """Delete the first match; give how many were deleted."""
        return int((await self._do(session, "delete_one", where)).deleted_count)

    async def delete_many(self, where: Filter, *, session: Session | None = None) -> int:
        """Delete all matches; give how many were deleted."""
        return int((await self._do(session, "delete_many", where)).deleted_count)

    async def count(self, where: Filter, *, limit: int = 0, session: Session | None = None) -> int:
        """Count matches, up to `limit` when it is not 0."""
        bound = {"limit": limit} if limit else {}
        return int(await self._do(session, "count_documents", where, **bound))

    async def aggregate(
        self, pipeline: Sequence[Mapping[str, Any]], *, session: Session | None = None
    ) -> list[Doc]:
        """Run a pipeline and give all its results."""
        return await self._all(session, "aggregate", list(pipeline))

    async def _do(self, session: Session | None, verb: str, *given: Any, **options: Any) -> Any:
        """Make a call of the driver; in a transaction at once, in the transaction's thread."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            if session is None:
                return await getattr(self._c, verb)(*given, **options)
            return getattr(self._c.delegate, verb)(*given, session=session.driver, **options)

    async def _all(self, session: Session | None, verb: str, *given: Any, **options: Any) -> list[Doc]:
        """Make a call that answers with a cursor and give all it has."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            if session is None:
                found: list[Doc] = await getattr(self._c, verb)(*given, **options).to_list(None)
            else:
                own = getattr(self._c.delegate, verb)(*given, session=session.driver, **options)
                found = own.to_list(None)
            return found

    async def ensure_index(
        self,
        keys: Sequence[tuple[str, int]],
        *,
        name: str,
        unique: bool = False,
        partial: Mapping[str, Any] | None = None,
        expire_s: int | None = None,
    ) -> None:
        """Create the index unless it exists."""
        options: dict[str, Any] = {"name": name, "unique": unique}
        if partial is not None:
            options["partialFilterExpression"] = partial
        if expire_s is not None:
            options["expireAfterSeconds"] = expire_s
        with translated():
            await self._c.create_index(list(keys), **options)

    async def drop_index(self, name: str) -> None:
        """Drop an index of an older version; none of that name: nothing happens."""
        with translated():
            try:
                await self._c.drop_index(name)
            except OperationFailure as error:
                if error.code != INDEX_NOT_FOUND:
                    raise
