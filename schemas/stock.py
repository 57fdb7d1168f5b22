"""Stock: how many units of an SKU there are, and whom they are promised to."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import Document, Ms, Value

MAX_UNITS = 1_000_000_000
Units = Annotated[int, msgspec.Meta(ge=0, le=MAX_UNITS)]


class Stock(Document, frozen=True, kw_only=True):
    """The units of one SKU of a business; its id is the id of the SKU.

    Always `free + sum(allotted) + reserved + sold == total`.
    """

    business: str
    product: str
    total: Units = 0
    """Units ever received, less those counted away."""
    free: Units = 0
    allotted: dict[str, Units] = {}
    """Units that only the room with this log may spend: what is left of each room's allotment."""
    granted: dict[str, Units] = {}
    """What each of these rooms got in all; what is not left of it is reserved or sold."""
    reserved: Units = 0
    """Units of orders that are not paid yet."""
    sold: Units = 0

    @property
    def on_hand(self) -> int:
        """Units that stand in the store: everything but what is sold."""
        return self.total - self.sold


class StockMoveKind(StrEnum):
    """What can be done to stock beside orders."""

    RECEIVE = "receive"
    COUNT = "count"
    ALLOT = "allot"
    RETURN = "return"


class StockMove(msgspec.Struct, frozen=True, kw_only=True):
    """One move of units; a command's `id` is its key, so that it is applied once."""

    id: str
    kind: StockMoveKind
    sku: str
    product: str = ""
    business: str
    quantity: int
    """Units moved: into the total, into the allotment, or back from it."""
    log: str = ""
    actor: str = ""
    at: Ms = 0


class Availability(msgspec.Struct, frozen=True, kw_only=True):
    """What a room shows of an SKU: how many it can still sell, and out of how many."""

    sku: str
    product: str
    left: int
    of: int
    """Units the room got in all; 0 while it has no allotment and sells free units."""


class ReceiveStock(Value, frozen=True, kw_only=True):
    """Units that came in. `sku` is empty for a product without SKUs."""

    sku: str = ""
    quantity: Annotated[int, msgspec.Meta(ge=1, le=MAX_UNITS)]


class CountStock(Value, frozen=True, kw_only=True):
    """The result of counting what stands in the store, reserved units included."""

    sku: str = ""
    on_hand: Units
