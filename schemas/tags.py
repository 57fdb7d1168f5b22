"""The tag library: of each business, a tree of categories that hold tags."""

from typing import Annotated

import msgspec

from schemas.base import Document, Title

MAX_TAGS = 30
TagIds = Annotated[list[str], msgspec.Meta(max_length=MAX_TAGS)]


class TagCategory(Document, frozen=True, kw_only=True):
    """A place in the tree, such as 场景 or 场景 / 节日."""

    business: str
    parent: str = ""
    """Category it stands in; empty: at the top."""
    name: Title
    path: list[str] = []
    """The categories above it, from the top."""


class Tag(Document, frozen=True, kw_only=True):
    """A tag. One that is not active stays where it is and is not given any more."""

    business: str
    category: str
    name: Title
    active: bool = True
