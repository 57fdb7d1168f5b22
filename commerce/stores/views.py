"""What goes over the wire about stores, beside `schemas.stores`."""

import msgspec

from schemas.base import Value
from schemas.stores import GeoPoint, Hours, Phone, StoreAddress, StoreName, StorePlace

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class NewStore(Value, frozen=True, kw_only=True):
    """A store to be opened."""

    business: str
    name: StoreName
    address: StoreAddress
    hours: Hours = ""
    phone: Phone = ""
    point: GeoPoint | None = None


class StoreEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a store; fields left out stay. Not `active`: it takes no new orders."""

    name: StoreName | Unset = UNSET
    address: StoreAddress | Unset = UNSET
    hours: Hours | Unset = UNSET
    phone: Phone | Unset = UNSET
    point: GeoPoint | Unset | None = UNSET
    active: bool | Unset = UNSET


class StorePlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Where the orders of a show can be collected."""

    items: list[StorePlace]
