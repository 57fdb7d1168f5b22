"""What goes over the wire about creators."""

import msgspec

from content.creators.rules import Verdict
from schemas.base import ShortText, Title, Value
from schemas.content import ObjectKey
from schemas.creators import Creator, CreatorKind, Level, Presences, Reason

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class Application(Value, frozen=True, kw_only=True):
    """What somebody says of herself who wants to be a creator of a business."""

    business: str
    name: Title
    kind: CreatorKind = CreatorKind.ANCHOR
    bio: ShortText = ""
    presences: Presences = []


class NewCreator(Application, frozen=True, kw_only=True):
    """A creator whom the business admits without an application."""

    account: str = ""
    avatar: ObjectKey = ""
    level: Level = 0


class CreatorEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a creator; fields left out stay. The level is the business's to give."""

    name: Title | Unset = UNSET
    kind: CreatorKind | Unset = UNSET
    avatar: ObjectKey | Unset = UNSET
    bio: ShortText | Unset = UNSET
    presences: Presences | Unset = UNSET
    level: Level | Unset = UNSET


class Review(Value, frozen=True, kw_only=True):
    """A verdict; turning away and suspending need a reason, which the creator is told."""

    verdict: Verdict
    reason: Reason = ""


class PublicCreator(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody may see of a creator."""

    id: str
    name: str
    avatar: str
    kind: CreatorKind
    level: int


class BusinessName(msgspec.Struct, frozen=True, kw_only=True):
    """A business by its name: whom one may apply to."""

    id: str
    name: str


def show_to_all(creator: Creator | None) -> PublicCreator | None:
    """Show a creator to everybody."""
    if creator is None:
        return None
    return PublicCreator(
        id=creator.id, name=creator.name, avatar=creator.avatar, kind=creator.kind, level=creator.level
    )
