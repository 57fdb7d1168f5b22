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
    businesses: list[str] = []
    """Where it has roles: the keys of `roles`, in an index. The store keeps them alike."""
    avatar: str = ""
    service: bool = False
    """Not a person: it acts by API keys, and nobody can sign in as it."""
    demo: bool = False
    disabled: bool = False


class Invitation(Document, frozen=True, kw_only=True):
    """A link that makes whoever opens it first a member of a business. Its token is kept hashed."""

    business: str
    roles: list[Role]
    note: str = ""
    """For whom it is, in the words of who made it."""
    token_hash: Annotated[str, SECRET]
    made_by: str
    made_by_name: str
    expires_at: Ms
    accepted_at: Ms = 0
    accepted_by: str = ""
    accepted_by_name: str = ""
    revoked_at: Ms = 0


class ApiKey(Document, frozen=True, kw_only=True):
    """A secret with which a service account acts; kept hashed.

    It may what its scopes name, as long as who made it may that too.
    """

    account: str
    name: str
    scopes: dict[str, list[str]]
    """Business to names of grants."""
    businesses: list[str]
    """The keys of `scopes`, in an index."""
    hash: Annotated[str, SECRET]
    hint: str
    """How it ends, to tell it from others."""
    made_by: str
    made_by_name: str
    renewed_at: Ms = 0
    expires_at: Ms
    last_used_at: Ms = 0
    """To the minute."""
    revoked_at: Ms = 0


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for an action: an account, an API key (`scopes`), a guest or a process of ours (`system`)."""

    id: str
    name: str
    roles: dict[str, list[Role]] = {}
    guest: bool = False
    system: bool = False
    channel: str = ""
    """Where the asking client shows things: what goes to other channels is not there for it."""
    scopes: dict[str, frozenset[str]] | None = None
    """Of an API key: business to names of the grants it may use there, and nothing else."""
    key: str = ""
    """Id of the API key."""

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
