"""What programs ask of the floors above; `workers` wires the answers.

Each is one batch call, never made inside a transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from schemas.money import Money


class ProductFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a shelf needs to know of a product."""

    id: str
    title: str
    picture: str
    price: Money
    list_price: Money | None
    supplier: str = ""


class ShelfProducts(Protocol):
    """Answers for the products of a business."""

    async def products(self, business: str, ids: Sequence[str]) -> Mapping[str, ProductFacts]:
        """Give the facts of those products that the business sells; the others are left out."""


class NothingSold:
    """The answer when no commerce is wired: no business sells anything."""

    async def products(self, business: str, ids: Sequence[str]) -> Mapping[str, ProductFacts]:  # noqa: ARG002
        """Give nothing."""
        return {}
