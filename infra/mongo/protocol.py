"""The small protocol that stores are written against."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Doc = dict[str, Any]
Filter = Mapping[str, Any]
Update = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Sort = Sequence[tuple[str, int]]


class Collection(Protocol):
    """Calls a store may make. Every call has a time-out and raises errors of `infra.mongo.errors`."""

    @property
    def name(self) -> str:
        """Name of the collection."""

    async def insert_one(self, doc: Doc, *, session: Any = None) -> None:
        """Insert; raises DuplicateKey."""

    async def insert_many(self, docs: Sequence[Doc], *, ordered: bool = True, session: Any = None) -> None:
        """Insert several; raises DuplicateKey."""

    async def find_one(
        self,
        where: Filter,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort = (),
        session: Any = None,
    ) -> Doc | None:
        """Give the first match."""

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

    async def update_one(
        self, where: Filter, update: Update, *, upsert: bool = False, session: Any = None
    ) -> int:
        """Update the first match; give how many matched or were upserted."""

    async def update_many(self, where: Filter, update: Update, *, session: Any = None) -> int:
        """Update all matches; give how many matched."""

    async def replace_one(self, where: Filter, doc: Doc, *, upsert: bool = False, session: Any = None) -> int:
        """Replace the first match; give how many matched or were upserted."""

    async def replace_each(self, docs: Sequence[tuple[Filter, Doc]], *, session: Any = None) -> int:
        """Replace the match of each filter, all in one call; give how many matched."""

    async def find_one_and_update(
        self, where: Filter, update: Update, *, sort: Sort = (), upsert: bool = False, session: Any = None
    ) -> Doc | None:
        """Update the first match and give it as it is afterwards."""

    async def find_one_and_replace(self, where: Filter, doc: Doc, *, session: Any = None) -> Doc | None:
        """Replace the first match and give it as it was before."""

    async def delete_one(self, where: Filter, *, session: Any = None) -> int:
        """Delete the first match; give how many were deleted."""

    async def delete_many(self, where: Filter, *, session: Any = None) -> int:
        """Delete all matches; give how many were deleted."""

    async def count(self, where: Filter, *, limit: int = 0, session: Any = None) -> int:
        """Count matches, up to `limit` when it is not 0."""

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]], *, session: Any = None) -> list[Doc]:
        """Run a pipeline and give all its results."""

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

    async def drop_index(self, name: str) -> None:
        """Drop an index of an older version; none of that name: nothing happens."""
