"""Accounts and who is acting."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import PERSONAL, SECRET, Document, Ms, Value

PLATFORM = "*"
"""The key in `Account.roles` under which a platform-wide role stands."""


class Role(StrEnum):
    """What a person may be in a business (or, for OPERATOR, in the whole platform)."""

    OPERATOR = "operator"
    BUSINESS_OPERATOR = "business_operator"
    REVIEWER = "reviewer"
    """Reads everything of the business, approves, sends back, publishes."""
    EDITOR = "editor"
    """Writes rooms, programs and contents, and hands them in for review."""
    ANCHOR = "anchor"
    ASSISTANT = "assistant"
    SUPPLIER = "supplier"
    """Sees her own products, and the programs that show them; nothing else of the business."""
    VIEWER = "viewer"
    SERVICE = "service"
    """A program that acts by API keys: what it may do is in their scopes, not in this role."""


class Account(Document, frozen=True, kw_only=True):
    """A person who can sign in. `roles` maps a business id (or `*`) to the roles held there."""

    login: Annotated[str, PERSONAL]
    name: Annotated[str, PERSONAL]
    password_hash: Annotated[str, SECRET]
    roles: dict[str, list[Role]] = {}
    avatar: str = ""
    demo: bool = False
    disabled: bool = False


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for an action: an account, an API key (`scopes`), a guest or a process of ours (`system`)."""

    id: str
    name: str
    roles: dict[str, list[Role]] = {}
    guest: bool = False
    system: bool = False
    scopes: dict[str, frozenset[str]] | None = None
    """Of an API key: business to names of the grants it may use there, and nothing else."""

    def has(self, business: str, *wanted: Role) -> bool:
        """Tell whether the actor holds one of the roles in that business or on the platform."""
        if self.system:
            return True
        held = {*self.roles.get(business, ()), *self.roles.get(PLATFORM, ())}
        return Role.OPERATOR in self.roles.get(PLATFORM, ()) or not held.isdisjoint(wanted)


SYSTEM = Actor(id="system", name="system", system=True)


class SignIn(Value, frozen=True, kw_only=True):
    """The body of a sign-in."""

    login: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class WeChatSignIn(Value, frozen=True, kw_only=True):
    """The body of a sign-in with WeChat: what `wx.login` gave the mini-program."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class WeChatPerson(Document, frozen=True, kw_only=True):
    """A person as one mini-program knows her, and the account that is hers here.

    `id` is the mini-program's app id and her open id in it. `unionid` is the same for all apps of one
    owner, and empty where WeChat does not tell it.
    """

    account: str
    unionid: str = ""


class Session(Value, frozen=True, kw_only=True):
    """The answer to a sign-in: a bearer token and who it stands for."""

    token: str
    expires_at: Ms
    account: "PublicAccount"


class PublicAccount(Value, frozen=True, kw_only=True):
    """What others may see of an account."""

    id: str
    name: str
    avatar: str = ""
    roles: dict[str, list[Role]] = {}
