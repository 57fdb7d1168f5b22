"""What goes over the wire about the library."""

from typing import Annotated

import msgspec

from content.models.views import Span, Values, Wanted
from schemas.base import Ms, Title, Value
from schemas.content import ContentKind
from schemas.library import Noun
from schemas.models import FieldKey, Layer
from schemas.publishing import DraftState

ListName = Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,30}$", description="Such as `contents`")]
FilterName = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,59}$")]
FilterValue = Annotated[str, msgspec.Meta(max_length=400)]
ColumnName = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,59}$")]
Id = Annotated[str, msgspec.Meta(max_length=60)]


class Listing(Value, frozen=True, kw_only=True):
    """Which documents of the library are wanted: all conditions hold together."""

    business: Id
    noun: Noun
    kind: ContentKind | None = None
    """One kind of contents; extension fields can be asked for only inside one."""
    state: Annotated[list[Annotated[str, msgspec.Meta(max_length=20)]], msgspec.Meta(max_length=10)] = []
    room: Id = ""
    program: Id = ""
    anchor: Id = ""
    """Account of the anchor of rooms and programs."""
    words: Annotated[str, msgspec.Meta(max_length=60)] = ""
    """Part of the title."""
    ids: Annotated[list[Id], msgspec.Meta(max_length=100)] = []
    """Only these."""
    equal: Annotated[dict[FieldKey, Wanted], msgspec.Meta(max_length=4)] = {}
    """For each extension field the values it may have."""
    within: Annotated[dict[FieldKey, Span], msgspec.Meta(max_length=1)] = {}
    """A range of one extension field, the one the list is sorted by."""
    sort: Annotated[str, msgspec.Meta(pattern="^(-?[a-z][a-z0-9_]{0,39})?$")] = ""
    """An extension field with an order, `-` before it: falling; empty: newest first."""
    cursor: Annotated[str, msgspec.Meta(max_length=400)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


class LibraryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the library as lists show it, whatever its layer; what a layer has not is empty."""

    id: str
    rev: int
    layer: Layer
    title: str
    """Of what was never shown, as its draft has it."""
    cover: str = ""
    """Object key; the first picture where no cover is chosen."""
    state: str = ""
    room: str = ""
    room_title: str = ""
    program: str = ""
    program_title: str = ""
    anchor: str = ""
    anchor_name: str = ""
    starts_at: Ms | None = None
    published_at: Ms | None = None
    duration_ms: Ms = 0
    products: int = 0
    draft: DraftState = DraftState.CLEAN
    """What is worked on beside what is published."""
    publish_at: Ms | None = None
    """When the draft will be published by itself."""
    ext: Values = {}
    model: str = ""
    created_at: Ms = 0
    updated_at: Ms = 0


class LibraryPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a list. A page may be short while there is more: `next_cursor` is null on the last."""

    items: list[LibraryRow]
    next_cursor: str | None = None
    behind: bool = False
    """Some documents are not yet moved to the newest version and can't be found by its fields."""


class ViewBody(Value, frozen=True, kw_only=True):
    """What a saved view says."""

    name: Title
    shared: bool = False
    query: Annotated[dict[FilterName, FilterValue], msgspec.Meta(max_length=20)] = {}
    columns: Annotated[list[ColumnName], msgspec.Meta(max_length=40)] = []


class NewView(ViewBody, frozen=True, kw_only=True):
    """A view to be kept."""

    business: Id
    of: ListName
