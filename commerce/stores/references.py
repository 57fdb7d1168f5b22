"""Stores as content models may name them."""

from collections.abc import Sequence

from commerce.stores.store import stores
from content.models.rules.values import Reference
from infra.mongo import Database


class Stores:
    """Answers content's `ReferenceKind` port."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give the stores of the business among them."""
        found = await stores.several(self._db, [one.id for one in wanted])
        return {one.id for one in found.values() if one.business == business}
