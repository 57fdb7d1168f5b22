"""The small part of a collection that the log stands on."""

from typing import Any, Protocol

from infra.mongo.protocol import Filter, Sort

Document = dict[str, Any]


class Batches(Protocol):
    """A collection of batch documents: majority writes with journal, majority reads on the primary.

    Every call ends in bounded time. Calls raise `Unknown` or `Unavailable` when nobody can tell
    what happened; `infra.mongo.Collection` is one of these, the model in the tests another.
    """

    async def insert_one(self, doc: Document) -> None:
        """Insert; raises DuplicateKey when the `_id` is taken."""

    async def find_one(self, where: Filter) -> Document | None:
        """Give the document that matches."""

    async def find(self, where: Filter, *, sort: Sort = (), limit: int = 0) -> list[Document]:
        """Give all that match in the order asked for, at most `limit` unless it is 0."""
