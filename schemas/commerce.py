"""Products."""

from typing import Annotated

import msgspec

from schemas.base import Document, Ext, ShortText
from schemas.money import Money


class Product(Document, frozen=True, kw_only=True):
    """Something a business sells. `pictures` are object keys; the first is the face."""

    business: str
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    subtitle: ShortText = ""
    price: Money
    """Price at which a new offer starts."""
    list_price: Money | None = None
    pictures: Annotated[list[str], msgspec.Meta(max_length=9)] = []
    ext: Ext = {}
    model: str = ""
    demo: bool = False
