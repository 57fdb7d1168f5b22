"""Stores: where a business hands its goods over."""

from typing import Annotated

import msgspec

from schemas.base import Document, Value

StoreName = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
StoreAddress = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Hours = Annotated[str, msgspec.Meta(max_length=100, description="When it is open, in words")]
Phone = Annotated[str, msgspec.Meta(pattern=r"^(\+?[0-9][0-9 -]{4,19})?$")]


class GeoPoint(Value, frozen=True, kw_only=True):
    """A place on the earth (WGS 84), in degrees."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Store(Document, frozen=True, kw_only=True):
    """A store of a business. One that is not active takes no new orders; those it has stay."""

    business: str
    name: StoreName
    address: StoreAddress
    hours: Hours = ""
    phone: Phone = ""
    point: GeoPoint | None = None
    active: bool = True
    demo: bool = False


class StorePlace(msgspec.Struct, frozen=True, kw_only=True):
    """A store as its buyers see it, and as an order keeps it."""

    id: str
    name: str
    address: str
    hours: str = ""
    phone: str = ""
    point: GeoPoint | None = None
