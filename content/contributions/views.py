"""What goes over the wire about contributions."""

from typing import Literal

import msgspec

from content.contents.views import Body, Pictures, ProgramId
from content.contributions.rules import ContributionState
from content.models.views import Schema, Values
from content.publishing.views import Label
from schemas.base import Ms, ShortText, Title, Value
from schemas.content import CaptionedPicture, ContentKind, ObjectKey, Origin

Kind = Literal["article", "picture_set"]


class Written(Value, frozen=True, kw_only=True):
    """What a contributor writes. Extension fields are those of the form, under its model."""

    title: Title
    intro: ShortText = ""
    cover: ObjectKey = ""
    body: Body = ""
    pictures: Pictures = []
    ext: Values = {}


class Contribution(Written, frozen=True, kw_only=True):
    """What a creator or a customer hands in."""

    business: str
    kind: Kind
    program: ProgramId = ""


class Taker(msgspec.Struct, frozen=True, kw_only=True):
    """A business that takes contributions, and of which kinds."""

    business: str
    name: str
    kinds: list[ContentKind]


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a limit is used up."""

    used: int
    limit: int


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one contributor may still hand in at a business."""

    waiting: Allowance
    today: Allowance
    pictures_today: Allowance
    picture_bytes: int
    """Largest picture."""
    picture_types: list[str]


class ContributionForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of a contribution is made from, and as whom it is handed in."""

    business: str
    name: str
    kind: ContentKind
    base: Schema
    model: str = ""
    """Newest version of the business's model; empty: it has no fields of its own."""
    extension: Schema | None = None
    """Of its fields those that a contributor fills in."""
    left_out: list[Label] = []
    """Those that the business's own people fill in."""
    origin: Origin
    by: str
    """The name it will be shown under."""
    limits: Limits


class ContributionCard(msgspec.Struct, frozen=True, kw_only=True):
    """One of my contributions in the list."""

    content: str
    business: str
    business_name: str
    kind: ContentKind
    title: str
    cover: str
    """Object key; the first picture where no cover is chosen."""
    state: ContributionState
    reason: str
    """Why it was sent back, in the reviewer's words."""
    may_change: bool
    """It may be changed and handed in again."""
    since: Ms
    """When it came into its state."""
    published_at: Ms | None
    addresses: dict[str, str] = {}
    """Where my pictures are seen for an hour, by key: nobody else may ask for them yet."""


class ContributionView(ContributionCard, frozen=True, kw_only=True):
    """One of my contributions, whole."""

    rev: int
    intro: str
    program: str
    body: str
    pictures: list[CaptionedPicture]
    own_cover: str
    """Object key of the cover that was chosen."""
    ext: Values
    origin: Origin
