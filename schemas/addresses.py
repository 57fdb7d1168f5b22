"""The address book of a person."""

from typing import Annotated

import msgspec

from schemas.base import Document, Value

PHONE = r"^\+?[0-9][0-9 -]{4,19}$"
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
PhoneNumber = Annotated[str, msgspec.Meta(pattern=PHONE)]


class Address(Value, frozen=True, kw_only=True):
    """Where and to whom a parcel goes."""

    name: PersonName
    phone: PhoneNumber
    region: Annotated[str, msgspec.Meta(max_length=100, description="Province, city, district")] = ""
    street: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SavedAddress(Document, frozen=True, kw_only=True):
    """An address that an account keeps; one of them is the usual one."""

    account: str
    address: Address
    usual: bool = False
