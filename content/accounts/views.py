"""What goes over the wire about accounts, beside `schemas.accounts`."""

from typing import Annotated

import msgspec

from schemas.accounts import PLATFORM, Account, Actor, PublicAccount, Role
from schemas.base import Ms, Value

RolesByBusiness = Annotated[
    dict[str, list[Role]], msgspec.Meta(description="Business id (or `*` for the platform) to roles there")
]

Login = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class NewAccount(Value, frozen=True, kw_only=True):
    """A person to be admitted."""

    login: Login
    name: PersonName
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    roles: RolesByBusiness = {}
    avatar: Annotated[str, msgspec.Meta(max_length=200)] = ""


class NewRoles(Value, frozen=True, kw_only=True):
    """The roles somebody has in a business from now on; an empty list takes them all."""

    roles: list[Role]


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its keepers see it."""

    id: str
    login: str
    name: str
    avatar: str
    roles: RolesByBusiness
    disabled: bool
    created_at: Ms
    rev: int


def show_account(account: Account, business: str = PLATFORM) -> AccountView:
    """Show an account to those who keep it: to a business, only the roles held there."""
    roles = account.roles
    if business != PLATFORM:
        roles = {name: held for name, held in roles.items() if name == business}
    return AccountView(
        id=account.id,
        login=account.login,
        name=account.name,
        avatar=account.avatar,
        roles=roles,
        disabled=account.disabled,
        created_at=account.created_at,
        rev=account.rev,
    )


def show_to_itself(account: Account) -> PublicAccount:
    """Show a person what she is and may."""
    return PublicAccount(id=account.id, name=account.name, avatar=account.avatar, roles=account.roles)


def as_actor(account: Account) -> Actor:
    """Let an account act."""
    return Actor(id=account.id, name=account.name, roles=account.roles)
