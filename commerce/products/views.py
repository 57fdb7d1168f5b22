"""What goes over the wire about products, beside `schemas.commerce`."""

from typing import Annotated

import msgspec

from content.rooms.views import ObjectKey
from schemas.base import ShortText, Value
from schemas.money import Money

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET
ProductTitle = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class NewProduct(Value, frozen=True, kw_only=True):
    """Something to be sold."""

    business: str
    title: ProductTitle
    subtitle: ShortText = ""
    price: Money
    list_price: Money | None = None
    pictures: list[ObjectKey] = []


class ProductEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a product; fields left out stay."""

    title: ProductTitle | Unset = UNSET
    subtitle: ShortText | Unset = UNSET
    price: Money | Unset = UNSET
    list_price: Money | Unset | None = UNSET
    pictures: list[ObjectKey] | Unset = UNSET
