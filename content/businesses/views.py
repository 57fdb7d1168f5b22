"""What goes over the wire about businesses."""

from typing import Annotated

import msgspec

from schemas.base import Title, Value
from schemas.content import Review

Slug = Annotated[
    str,
    msgspec.Meta(pattern="^[a-z][a-z0-9-]{1,30}$", description="Short name for addresses, e.g. `appliances`"),
]


class NewBusiness(Value, frozen=True, kw_only=True):
    """A line of business to be opened."""

    name: Title
    slug: Slug


class BusinessEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a business; fields left out stay."""

    name: Title | msgspec.UnsetType = msgspec.UNSET
    review: Review | msgspec.UnsetType = msgspec.UNSET
    contributions: bool | msgspec.UnsetType = msgspec.UNSET
