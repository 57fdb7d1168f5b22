"""Products and their variants."""

from typing import Annotated

import msgspec

from schemas.base import Document, Ext, ShortText, Value
from schemas.money import MAX_AMOUNT, Money

MAX_OPTIONS = 3
MAX_VALUES = 30
MAX_SKUS = 100
SKU_ID = "sku_[0-9a-z]{1,40}"
SkuId = Annotated[str, msgspec.Meta(pattern=f"^{SKU_ID}$")]
SkuIdOrNone = Annotated[str, msgspec.Meta(pattern=f"^({SKU_ID})?$")]
OptionValue = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
SkuCode = Annotated[str, msgspec.Meta(max_length=40, description="The business's own article number")]
Surcharge = Annotated[
    int, msgspec.Meta(ge=0, le=MAX_AMOUNT, description="Minor units on top of the live or usual price")
]


class Option(Value, frozen=True, kw_only=True):
    """What a buyer chooses of a product: its colour, its size."""

    name: OptionValue
    values: Annotated[list[OptionValue], msgspec.Meta(min_length=1, max_length=MAX_VALUES)]


class Sku(Value, frozen=True, kw_only=True):
    """One variant of a product: a value for each of its options."""

    id: SkuId
    title: Annotated[str, msgspec.Meta(max_length=80)]
    """Its values in words; empty for the only SKU of a product without variants."""
    values: list[OptionValue] = []
    code: SkuCode = ""
    surcharge: Surcharge = 0
    picture: str = ""
    """Empty: the product's."""
    retired: bool = False
    """No longer sold; its stock and its orders keep it."""


class Product(Document, frozen=True, kw_only=True):
    """Something a business sells. `pictures` are object keys; the first is the face."""

    business: str
    supplier: str = ""
    """Account of the supplier whose it is; empty: the business's own."""
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    subtitle: ShortText = ""
    price: Money
    """Price at which a new offer starts."""
    list_price: Money | None = None
    pictures: Annotated[list[str], msgspec.Meta(max_length=9)] = []
    options: Annotated[list[Option], msgspec.Meta(max_length=MAX_OPTIONS)] = []
    skus: Annotated[list[Sku], msgspec.Meta(max_length=MAX_SKUS)] = []
    """Empty: the product is its own and only SKU."""
    ext: Ext = {}
    model: str = ""
    demo: bool = False
