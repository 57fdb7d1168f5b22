"""What goes over the wire about tags."""

from typing import Annotated

import msgspec

from schemas.base import Title, Value
from schemas.tags import TagCategory, TagIds

Parent = Annotated[str, msgspec.Meta(max_length=40, description="Category it is to stand in; empty: the top")]
UNSET = msgspec.UNSET


class NewCategory(Value, frozen=True, kw_only=True):
    """A category to be made."""

    business: str
    name: Title
    parent: Parent = ""


class CategoryEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a category; fields left out stay."""

    name: Title | msgspec.UnsetType = UNSET
    parent: Parent | msgspec.UnsetType = UNSET


class NewTag(Value, frozen=True, kw_only=True):
    """A tag to be made."""

    category: str
    name: Title


class TagEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a tag; fields left out stay. One that is not active is not given any more."""

    name: Title | msgspec.UnsetType = UNSET
    category: str | msgspec.UnsetType = UNSET
    active: bool | msgspec.UnsetType = UNSET


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """All categories of a business."""

    items: list[TagCategory]


class Given(Value, frozen=True, kw_only=True):
    """All tags of a document, in their order."""

    tags: TagIds


class Tagged(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of a document."""

    document: str
    rev: int
    tags: list[str]
