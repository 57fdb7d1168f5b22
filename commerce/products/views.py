"""What goes over the wire about products, beside `schemas.commerce`."""

from typing import Annotated

import msgspec

from schemas.base import ShortText, Value
from schemas.commerce import MAX_OPTIONS, MAX_SKUS, Option, OptionValue, SkuCode, SkuIdOrNone, Surcharge
from schemas.content import ObjectKey
from schemas.money import Money

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET
ProductTitle = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


SupplierId = Annotated[
    str, msgspec.Meta(max_length=40, description="Account of its supplier; empty: the business's own")
]


class NewProduct(Value, frozen=True, kw_only=True):
    """Something to be sold."""

    business: str
    supplier: SupplierId = ""
    title: ProductTitle
    subtitle: ShortText = ""
    price: Money
    list_price: Money | None = None
    pictures: list[ObjectKey] = []


class ProductEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a product; fields left out stay."""

    supplier: SupplierId | Unset = UNSET
    title: ProductTitle | Unset = UNSET
    subtitle: ShortText | Unset = UNSET
    price: Money | Unset = UNSET
    list_price: Money | Unset | None = UNSET
    pictures: list[ObjectKey] | Unset = UNSET


class SkuLine(Value, frozen=True, kw_only=True):
    """A variant as it is to be; without an id a new one."""

    id: SkuIdOrNone = ""
    values: Annotated[list[OptionValue], msgspec.Meta(description="One for each option, in their order")]
    code: SkuCode = ""
    surcharge: Surcharge = 0
    picture: ObjectKey = ""
    retired: bool = False


class SkuMatrix(Value, frozen=True, kw_only=True):
    """What can be chosen of a product, and all its variants; both empty: it has none."""

    options: Annotated[list[Option], msgspec.Meta(max_length=MAX_OPTIONS)]
    skus: Annotated[list[SkuLine], msgspec.Meta(max_length=MAX_SKUS)]
