"""What goes over the wire about choosing."""

import msgspec

from schemas.commerce import Option
from schemas.money import Money


class SkuChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A variant as its buyers see it."""

    id: str
    title: str
    values: list[str]
    surcharge: int
    """Minor units that are in `price` on top of the offer's live price."""
    price: Money
    list_price: Money | None
    picture: str
    left: int
    """Units that can be had now."""


class ProductChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What an order sheet asks: the variants that are sold; without options there is one."""

    product: str
    options: list[Option]
    skus: list[SkuChoice]
    limit: int
    """Units one buyer may have in this program; 0: as many as wanted."""
