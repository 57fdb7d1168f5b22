"""What goes over the wire about rooms."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from schemas.accounts import Account, PublicAccount, Role
from schemas.base import Ext, Ms, ShortText, Title, Value
from schemas.content import Id, ObjectKey, ProgramState, Room, RoomRole

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET
MAX_ROLES = 20

Address = Annotated[
    str,
    msgspec.Meta(
        pattern="^([a-z][a-z0-9-]{2,39})?$",
        max_length=40,
        description="Letters, digits and hyphens; set once and for ever",
    ),
]


class NewRoom(Value, frozen=True, kw_only=True):
    """A room to be set up for an anchor."""

    business: str
    anchor: str
    title: Title
    address: Address = ""
    intro: ShortText = ""
    avatar: ObjectKey = ""
    cover: ObjectKey = ""
    share_picture: ObjectKey = ""


class NamedRole(Value, frozen=True, kw_only=True):
    """What an account of the business is to be in a room."""

    account: Id
    role: Literal["anchor", "assistant"]


class RoomEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a room; fields left out stay."""

    title: Title | Unset = UNSET
    address: Address | Unset = UNSET
    intro: ShortText | Unset = UNSET
    avatar: ObjectKey | Unset = UNSET
    cover: ObjectKey | Unset = UNSET
    share_picture: ObjectKey | Unset = UNSET
    roles: Annotated[list[NamedRole], msgspec.Meta(max_length=MAX_ROLES)] | Unset = UNSET


class RoomPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has a role in a room."""

    account: PublicAccount
    role: Role


class RoomProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A room as it is shown: the document without its stream key."""

    id: str
    business: str
    anchor: str
    title: str
    address: str
    intro: str
    avatar: str
    cover: str
    share_picture: str
    roles: list[RoomPerson]
    """Told to the business's own people."""
    has_key: bool
    """Whether it has a permanent stream key."""
    tags: list[str]
    ext: Ext
    model: str
    demo: bool
    created_at: Ms
    updated_at: Ms
    rev: int


class RoomKey(msgspec.Struct, frozen=True, kw_only=True):
    """Where and with which permanent key to publish to whichever program is open in a room.

    Without a key `key` and `url` are empty.
    """

    server_url: str
    key: str
    url: str
    rev: int


class RoomShow(msgspec.Struct, frozen=True, kw_only=True):
    """What a room's address leads to: its live program, else its next one; none: both are empty."""

    room: str
    title: str
    program: str
    state: ProgramState | None


def show_room(room: Room, people: Mapping[str, Account], *, own: bool) -> RoomProfile:
    """Show a room; `own`: to somebody of its business."""
    roles = [_person(one, people) for one in room.roles if one.account in people] if own else []
    return RoomProfile(
        id=room.id,
        business=room.business,
        anchor=room.anchor,
        title=room.title,
        address=room.address,
        intro=room.intro,
        avatar=room.avatar,
        cover=room.cover,
        share_picture=room.share_picture,
        roles=roles,
        has_key=own and bool(room.key_hash),
        tags=room.tags,
        ext=room.ext,
        model=room.model,
        demo=room.demo,
        created_at=room.created_at,
        updated_at=room.updated_at,
        rev=room.rev,
    )


def _person(one: RoomRole, people: Mapping[str, Account]) -> RoomPerson:
    account = people[one.account]
    shown = PublicAccount(id=account.id, name=account.name, avatar=account.avatar)
    return RoomPerson(account=shown, role=one.role)
