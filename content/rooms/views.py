"""What goes over the wire about rooms."""

import msgspec

from schemas.base import ShortText, Title, Value
from schemas.content import ObjectKey


class NewRoom(Value, frozen=True, kw_only=True):
    """A room to be set up for an anchor."""

    business: str
    anchor: str
    title: Title
    intro: ShortText = ""
    avatar: ObjectKey = ""
    cover: ObjectKey = ""


class RoomEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a room; fields left out stay."""

    title: Title | msgspec.UnsetType = msgspec.UNSET
    intro: ShortText | msgspec.UnsetType = msgspec.UNSET
    avatar: ObjectKey | msgspec.UnsetType = msgspec.UNSET
    cover: ObjectKey | msgspec.UnsetType = msgspec.UNSET
