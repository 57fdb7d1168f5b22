"""What goes over the wire about API keys."""

from typing import Annotated

import msgspec

from content.keys.rules import KeyState
from content.members.views import BusinessId
from schemas.accounts import ApiKey
from schemas.base import Ms, Value

MAX_SCOPES = 300
AccountId = Annotated[str, msgspec.Meta(max_length=40)]
Scope = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,30}\.[a-z_]{1,30}$")]
ScopesByBusiness = Annotated[
    dict[BusinessId, Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=MAX_SCOPES)]],
    msgspec.Meta(min_length=1, max_length=20, description="Business id to names of grants"),
]


class NewKey(Value, frozen=True, kw_only=True):
    """An API key to be made: for a new service account, or another one for `account`."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    scopes: ScopesByBusiness
    days: Annotated[int, msgspec.Meta(ge=1, le=366, description="How long it is good")] = 90
    account: AccountId = ""


class KeyView(msgspec.Struct, frozen=True, kw_only=True):
    """A key as its keepers see it; of its scopes those in businesses whose keys they keep."""

    id: str
    account: str
    name: str
    hint: str
    scopes: dict[str, list[str]]
    elsewhere: int
    """In how many businesses more it has scopes."""
    state: KeyState
    made_by_name: str
    created_at: Ms
    expires_at: Ms
    last_used_at: Ms
    revoked_at: Ms
    rev: int


class KeyMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new key with its secret, which is told this once."""

    key: KeyView
    secret: str


class ScopesOnOffer(msgspec.Struct, frozen=True, kw_only=True):
    """The scopes I can give a key in a business."""

    scopes: list[str]


def show_key(key: ApiKey, state: KeyState, shown: set[str]) -> KeyView:
    """Show a key with its scopes in some businesses."""
    return KeyView(
        id=key.id,
        account=key.account,
        name=key.name,
        hint=key.hint,
        scopes={business: names for business, names in key.scopes.items() if business in shown},
        elsewhere=len(key.scopes.keys() - shown),
        state=state,
        made_by_name=key.made_by_name,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
        rev=key.rev,
    )
