"""Creators: the master record of who makes content for a business, from application to suspension."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import Document, Ext, Ms, ShortText, Title, Value

MAX_LEVEL = 5
Level = Annotated[
    int, msgspec.Meta(ge=0, le=MAX_LEVEL, description="Stars given by the business; 0: not rated")
]
Reason = Annotated[str, msgspec.Meta(max_length=200)]


class CreatorKind(StrEnum):
    """What a creator is to the business."""

    ANCHOR = "anchor"
    AUTHOR = "author"
    CLERK = "clerk"
    AGENCY = "agency"
    SUPPLIER = "supplier"


class CreatorState(StrEnum):
    """States of a creator; the moves between them are in `content.creators.rules`."""

    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


class Presence(Value, frozen=True, kw_only=True):
    """Where else a creator is followed."""

    platform: Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
    handle: Annotated[str, msgspec.Meta(max_length=60)] = ""
    followers: Annotated[int, msgspec.Meta(ge=0, le=10_000_000_000)] = 0


Presences = Annotated[list[Presence], msgspec.Meta(max_length=8)]


class CreatorStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a creator's way."""

    state: CreatorState
    at: Ms
    by: str
    by_name: str
    reason: str = ""


class Creator(Document, frozen=True, kw_only=True):
    """One creator (内容创作者) of one business."""

    business: str
    account: str = ""
    """The account that acts for the creator; one creator per account and business. Empty: nobody signs in."""
    name: Title
    kind: CreatorKind = CreatorKind.ANCHOR
    avatar: str = ""
    bio: ShortText = ""
    presences: list[Presence] = []
    level: Level = 0
    state: CreatorState = CreatorState.APPLIED
    steps: list[CreatorStep] = []
    ext: Ext = {}
    model: str = ""
    """Version of the content model that `ext` was written under."""
    demo: bool = False
