"""Who and what a program names: creators, assistants, pictures, checked in batches."""

from collections.abc import Mapping
from typing import Any

import msgspec

from content.accounts.store import accounts
from content.creators.rules import check_named
from content.creators.store import creators
from content.pictures.rules import check_picture_key
from content.rooms.rules import check_members
from infra.mongo import Database
from schemas.accounts import Account
from schemas.creators import Creator
from schemas.problems import Refusal


class Named(msgspec.Struct, frozen=True):
    """Those of the named who exist."""

    creators: Mapping[str, Creator]
    accounts: Mapping[str, Account]


async def look_up(db: Database, fields: Mapping[str, Any]) -> Named:
    """Read whom the fields of a program name."""
    wanted = [one for one in (fields.get("creator"), *fields.get("guests", ())) if one]
    assistants = fields.get("assistants", ())
    return Named(
        await creators.several(db, wanted) if wanted else {},
        await accounts.several(db, assistants) if assistants else {},
    )


def check_fields(fields: Mapping[str, Any], named: Named, business: str) -> Refusal | None:
    """Refuse pictures of another business, creators who are not approved, strangers as assistants."""
    for name in ("cover", "share_picture"):
        if refusal := check_picture_key(fields.get(name, ""), business, f"/{name}"):
            return refusal
    if (creator := fields.get("creator")) and (refusal := check_named(named.creators.get(creator), business)):
        return refusal
    for place, guest in enumerate(fields.get("guests", ())):
        if refusal := check_named(named.creators.get(guest), business, f"/guests/{place}"):
            return refusal
    return check_members(fields.get("assistants", ()), named.accounts, business, "/assistants/{}")
