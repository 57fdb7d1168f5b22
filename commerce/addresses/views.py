"""What goes over the wire about address books, beside `schemas.addresses`."""

import msgspec

from schemas.addresses import Address, SavedAddress
from schemas.base import Value


class NewAddress(Value, frozen=True, kw_only=True):
    """An address to be kept; the first one is the usual one in any case."""

    address: Address
    usual: bool = False


class AddressEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a kept address; fields left out stay. `usual` can be given, not taken."""

    address: Address | msgspec.UnsetType = msgspec.UNSET
    usual: bool | msgspec.UnsetType = msgspec.UNSET


class AddressBook(msgspec.Struct, frozen=True, kw_only=True):
    """A person's addresses: the usual one first, then the newest."""

    items: list[SavedAddress]
