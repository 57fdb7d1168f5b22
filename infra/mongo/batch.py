"""Many actions in one transaction: the database as they see it from within.

An import makes hundreds of documents through the same actions as the API. Each by itself would be a
transaction with a handful of round trips. Here all of them share one: inserts, replacements and deletions
are gathered and written together, documents looked up by id are read once, or ahead.
"""
# ruff: noqa: ARG002 (calls keep the form of the protocol; all are the batch's)

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from infra.mongo.collection import MotorCollection, Session
from infra.mongo.database import Database, whole
from infra.mongo.errors import DuplicateKey
from infra.mongo.protocol import Doc, Filter, Sort

T = TypeVar("T")
READS = frozenset({"find", "find_one", "count_documents", "aggregate"})
BY_ID = frozenset({"_id", "rev"})


class Batch(Database):
    """A database whose every call is part of one transaction.

    Actions that are given it must await nothing but database calls. When one of them raises after
    it `wrote`, or any call raised an error of the database, the whole transaction has to be given up.
    """

    def __init__(self, db: Database, session: Session, *, gathering: bool = True) -> None:
        # Not Database's own: connection, threads and codec stay with `db`.
        self._outer = db
        self._session = session
        self._gathered: dict[str, _Gathered] = {}
        self._part: Session | None = None
        self.name = db.name
        self.gathering = gathering
        self.writes = 0
        """How many writes were asked for so far."""

    def collection(self, name: str) -> "_Gathered":
        """Give a collection by name."""
        if name not in self._gathered:
            self._gathered[name] = _Gathered(self._outer.collection(name), self, self._session)
        return self._gathered[name]

    async def transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """Run `work` as a part of the batch's transaction; it is committed with all the others.

        Within such a part, others are one with it.
        """
        if self._part is not None:
            return await work(self._part)
        self._part = Session(self._session.driver)
        self._part.began = self._session.began
        self._part.afterwards = self._session.afterwards
        self._part.ahead = self._session.ahead
        try:
            return await whole(work, self._part)
        finally:
            self._part = None

    async def flush(self) -> None:
        """Write what was gathered; raises DuplicateKey."""
        for one in self._gathered.values():
            await one.flush()


class _Gathered(MotorCollection):
    def __init__(self, outer: MotorCollection, batch: Batch, session: Session) -> None:
        super().__init__(outer.driver)
        self._batch = batch
        self._session = session
        self._deletions: dict[Any, None] = {}
        self._inserts: dict[Any, Doc] = {}
        self._replacements: dict[Any, tuple[Filter, Doc]] = {}
        self._read: dict[Any, Doc | None] = {}

    async def insert_one(self, doc: Doc, *, session: Session | None = None) -> None:
        """Gather a document."""
        await self.insert_many([doc])

    async def insert_many(
        self, docs: Sequence[Doc], *, ordered: bool = True, session: Session | None = None
    ) -> None:
        """Gather documents; raises DuplicateKey when two of them have the same id."""
        for doc in docs:
            if doc["_id"] in self._inserts:
                raise DuplicateKey({"_id": doc["_id"]})
            self._inserts[doc["_id"]] = doc
            self._read.pop(doc["_id"], None)
            self._batch.writes += 1
        if not self._batch.gathering:
            await self.flush()

    async def find_one(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        session: Session | None = None,
    ) -> Doc | None:
        """Give the first match; by its id alone, a document is read once."""
        if where.keys() != {"_id"} or projection or not isinstance(where["_id"], str):
            return await super().find_one(where, projection=projection, sort=sort, session=session)
        wanted = where["_id"]
        if not self._knows(wanted):
            self._read[wanted] = await super()._do(self._session, "find_one", where, None, sort=None)
        found = self._known(wanted)
        return None if found is None else dict(found)

    async def find(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        limit: int = 0,
        session: Session | None = None,
    ) -> list[Doc]:
        """Give all matches; by ids alone, without another call where all of them are known here."""
        wanted = _ids(where)
        if wanted is None or projection or sort or limit or not all(map(self._knows, wanted)):
            return await super().find(where, projection=projection, sort=sort, limit=limit)
        return [dict(found) for one in wanted if (found := self._known(one)) is not None]

    async def find_one_and_replace(
        self, where: Filter, doc: Doc, *, session: Session | None = None
    ) -> Doc | None:
        """Replace the first match and give it as it was; one that is known here is replaced with the others.

        Somebody else's change of it since our transaction began is a conflict: it is tried again.
        """
        before = self._known(where["_id"])
        if before is None or not where.keys() <= BY_ID or not self._batch.gathering:
            return await super().find_one_and_replace(where, doc)
        if any(before[name] != value for name, value in where.items()):
            return None
        self._batch.writes += 1
        if doc["_id"] in self._inserts:
            self._inserts[doc["_id"]] = doc
        else:
            first = self._replacements.get(doc["_id"], (where, doc))[0]
            self._replacements[doc["_id"]] = (first, doc)
        return dict(before)

    async def delete_many(self, where: Filter, *, session: Session | None = None) -> int:
        """Delete all matches; those of ids that are known here are deleted with the others."""
        wanted = _ids(where)
        if wanted is None or not self._batch.gathering or not all(map(self._knows, wanted)):
            return await super().delete_many(where)
        gone = [one for one in wanted if self._known(one) is not None]
        for one in gone:
            if self._inserts.pop(one, None) is None:
                self._deletions[one] = None
            self._replacements.pop(one, None)
            self._read[one] = None
        self._batch.writes += bool(gone)
        return len(gone)

    async def read_ahead(self, identifiers: Sequence[str]) -> None:
        """Read documents that will be looked up by id, in one call."""
        docs = await super().find({"_id": {"$in": list(identifiers)}})
        self._read |= dict.fromkeys(identifiers) | {doc["_id"]: doc for doc in docs}

    async def flush(self) -> None:
        """Write what was gathered; raises DuplicateKey."""
        deletions = list(self._deletions)
        inserts, replacements = list(self._inserts.values()), list(self._replacements.values())
        self._deletions, self._inserts, self._replacements = {}, {}, {}
        self._read = {}
        if deletions:
            await super()._do(self._session, "delete_many", {"_id": {"$in": deletions}})
        if inserts:
            await super()._do(self._session, "insert_many", inserts, ordered=True)
        if replacements:
            await super().replace_each(replacements)

    def _knows(self, identifier: Any) -> bool:
        """Tell whether a document, or that there is none, can be told without a call."""
        return any(identifier in one for one in (self._read, self._inserts, self._replacements))

    def _known(self, identifier: Any) -> Doc | None:
        """Give a document as it is in the transaction, as far as it is known here."""
        if identifier in self._replacements:
            return self._replacements[identifier][1]
        return self._inserts.get(identifier) or self._read.get(identifier)

    async def _do(self, session: Session | None, verb: str, *given: Any, **options: Any) -> Any:
        await self._before(verb)
        return await super()._do(self._session, verb, *given, **options)

    async def _all(self, session: Session | None, verb: str, *given: Any, **options: Any) -> list[Doc]:
        await self._before(verb)
        return await super()._all(self._session, verb, *given, **options)

    async def _before(self, verb: str) -> None:
        """Let any other call see what was gathered."""
        if self._deletions or self._inserts or self._replacements:
            await self.flush()
        if verb not in READS:
            self._read = {}
            self._batch.writes += 1


def _ids(where: Filter) -> list[str] | None:
    """Give the ids that a filter asks for, each once; None: it asks for something else."""
    asked = where.get("_id")
    if where.keys() != {"_id"} or not isinstance(asked, dict) or asked.keys() != {"$in"}:
        return None
    return list(dict.fromkeys(asked["$in"]))
