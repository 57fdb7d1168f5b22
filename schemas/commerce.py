"""Products."""

from typing import Annotated

import msgspec

from schemas.base import Document, Ext, ShortText, Value
from schemas.money import Money


class Sku(Value, frozen=True, kw_only=True):
    """One variant of a product: a colour, a size. All variants of a product have its price."""

    id: Annotated[str, msgspec.Meta(pattern="^sku_[0-9a-z]{1,40}$")]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    picture: str = ""


class Product(Document, frozen=True, kw_only=True):
    """Something a business sells. `pictures` are object keys; the first is the face."""

    business: str
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    subtitle: ShortText = ""
    price: Money
    """Price at which a new offer starts."""
    list_price: Money | None = None
    pictures: Annotated[list[str], msgspec.Meta(max_length=9)] = []
    skus: Annotated[list[Sku], msgspec.Meta(max_length=100)] = []
    """Empty: the product is its own and only SKU."""
    ext: Ext = {}
    model: str = ""
    demo: bool = False
