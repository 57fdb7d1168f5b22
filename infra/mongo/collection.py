"""The protocol of stores, spoken with motor."""

from collections.abc import Mapping, Sequence
from typing import Any

import pymongo
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ReplaceOne, ReturnDocument

from infra.mongo.errors import translated
from infra.mongo.protocol import Doc, Filter, Sort, Update

TIMEOUT_S = 10.0
"""Longest a call waits for its answer; a write that ran into it is Unknown."""


class MotorCollection:
    """A `Collection` backed by motor."""

    def __init__(self, collection: "AsyncIOMotorCollection[Doc]") -> None:
        self._c = collection
        self.name: str = collection.name

    async def insert_one(self, doc: Doc, *, session: Any = None) -> None:
        """Insert; raises DuplicateKey."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            await self._c.insert_one(doc, session=session)

    async def insert_many(self, docs: Sequence[Doc], *, ordered: bool = True, session: Any = None) -> None:
        """Insert several; raises DuplicateKey."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            await self._c.insert_many(list(docs), ordered=ordered, session=session)

    async def find_one(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        session: Any = None,
    ) -> Doc | None:
        """Give the first match."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            found: Doc | None = await self._c.find_one(
                where, projection, sort=list(sort) or None, session=session
            )
            return found

    async def find(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        limit: int = 0,
        session: Any = None,
    ) -> list[Doc]:
        """Give all matches, at most `limit` when it is not 0."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            cursor = self._c.find(where, projection, sort=list(sort) or None, limit=limit, session=session)
            found: list[Doc] = await cursor.to_list(None)
            return found

    async def update_one(
        self, where: Filter, update: Update, *, upsert: bool = False, session: Any = None
    ) -> int:
        """Update the first match; give how many matched or were upserted."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            result = await self._c.update_one(where, update, upsert=upsert, session=session)
            return int(result.matched_count) + (result.upserted_id is not None)

    async def update_many(self, where: Filter, update: Update, *, session: Any = None) -> int:
        """Update all matches; give how many matched."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            return int((await self._c.update_many(where, update, session=session)).matched_count)

    async def replace_one(self, where: Filter, doc: Doc, *, upsert: bool = False, session: Any = None) -> int:
        """Replace the first match; give how many matched or were upserted."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            result = await self._c.replace_one(where, doc, upsert=upsert, session=session)
            return int(result.matched_count) + (result.upserted_id is not None)

    async def replace_each(self, docs: Sequence[tuple[Filter, Doc]], *, session: Any = None) -> int:
        """Replace the match of each filter, all in one call; give how many matched."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            calls = [ReplaceOne(where, doc) for where, doc in docs]
            return int((await self._c.bulk_write(calls, session=session)).matched_count)

    async def find_one_and_update(
        self, where: Filter, update: Update, *, sort: Sort = (), upsert: bool = False, session: Any = None
    ) -> Doc | None:
        """Update the first match and give it as it is afterwards."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            found: Doc | None = await self._c.find_one_and_update(
                where,
                update,
                sort=list(sort) or None,
                upsert=upsert,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            return found

    async def delete_one(self, where: Filter, *, session: Any = None) -> int:
        """Delete the first match; give how many were deleted."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            return int((await self._c.delete_one(where, session=session)).deleted_count)

    async def delete_many(self, where: Filter, *, session: Any = None) -> int:
        """Delete all matches; give how many were deleted."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            return int((await self._c.delete_many(where, session=session)).deleted_count)

    async def count(self, where: Filter, *, limit: int = 0, session: Any = None) -> int:
        """Count matches, up to `limit` when it is not 0."""
        bound = {"limit": limit} if limit else {}
        with translated(), pymongo.timeout(TIMEOUT_S):
            return int(await self._c.count_documents(where, session=session, **bound))

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]], *, session: Any = None) -> list[Doc]:
        """Run a pipeline and give all its results."""
        with translated(), pymongo.timeout(TIMEOUT_S):
            found: list[Doc] = await self._c.aggregate(list(pipeline), session=session).to_list(None)
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
