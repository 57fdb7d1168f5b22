"""Products as content models may name them."""

from collections.abc import Sequence

from commerce.products.store import products
from content.models.rules.values import Reference
from infra.mongo import Database


class Products:
    """Answers content's `ReferenceKind` port."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def existing(self, business: str, wanted: Sequence[Reference]) -> set[str]:
        """Give the products of the business among them."""
        found = await products.several(self._db, [one.id for one in wanted])
        return {one.id for one in found.values() if one.business == business}
