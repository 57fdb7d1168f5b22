"""The three-layer content model: room of an anchor, program (each session), content."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import Document, Ext, Ms, ShortText, Title
from schemas.money import Money


class Business(Document, frozen=True, kw_only=True):
    """A line of business (业务方): rooms, products, tags and models are isolated by it."""

    name: Title
    slug: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{1,30}$")]
    demo: bool = False


class Room(Document, frozen=True, kw_only=True):
    """The room layer: an anchor's permanent place."""

    business: str
    anchor: str
    """Account id of the anchor."""
    title: Title
    intro: ShortText = ""
    avatar: str = ""
    """Object key of the anchor's picture."""
    cover: str = ""
    ext: Ext = {}
    model: str = ""
    """Version of the content model that `ext` was written under."""
    demo: bool = False


class ProgramState(StrEnum):
    """States of a live session; the moves between them are in `content.programs.rules`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    READY = "ready"
    LIVE = "live"
    INTERRUPTED = "interrupted"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A product on a program's shelf, with what the room shows of it."""

    id: str
    number: int
    """1-based number the anchor says aloud."""
    product: str
    title: str
    picture: str
    price: Money
    """Live price."""
    list_price: Money | None = None
    limit: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Units one buyer may have at the live price in this program; 0: as many as wanted."""
    units: dict[str, Annotated[int, msgspec.Meta(ge=0)]] = {}
    """Units of an SKU that this show may sell in all; an SKU left out shares evenly in what there is."""


class Program(Document, frozen=True, kw_only=True):
    """The program layer: one live session of a room.

    The stream key is stored hashed (`key_hash`, SHA-256) and, sealed for showing it again to
    its owner, in `key_sealed`.
    """

    business: str
    room: str
    anchor: str
    creator: str = ""
    """The creator who is named with it; empty: only its anchor."""
    title: Title
    intro: ShortText = ""
    cover: str = ""
    state: ProgramState = ProgramState.DRAFT
    starts_at: Ms | None = None
    """Planned start."""
    went_live_at: Ms | None = None
    ended_at: Ms | None = None
    end_reason: str = ""
    end_note: ShortText = ""
    """What an operator said when stopping it."""
    grace_until: Ms | None = None
    """While interrupted: when the program ends unless the publisher comes back."""
    shelf: list[Offer] = []
    log: str = ""
    """Id of the room log; a reset gives a new one."""
    key_hash: str = ""
    key_sealed: str = ""
    key_expires_at: Ms | None = None
    ext: Ext = {}
    model: str = ""
    demo: bool = False


class ContentKind(StrEnum):
    """The content layer: before, during and after a program."""

    TRAILER = "trailer"
    LIVE = "live"
    REPLAY = "replay"
    CLIP = "clip"


class ContentState(StrEnum):
    """Whether viewers see a content."""

    PREPARING = "preparing"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Provenance of a content: the recording's time span (epoch ms, PROGRAM-DATE-TIME) and mark."""

    recordings: list[str] = []
    mark: str = ""
    from_at: Ms = 0
    to_at: Ms = 0


class Content(Document, frozen=True, kw_only=True):
    """The content layer: a trailer, the live picture, a replay or a clip of a program."""

    business: str
    program: str
    room: str
    kind: ContentKind
    title: Title
    state: ContentState = ContentState.PREPARING
    cover: str = ""
    """Object key of the cover."""
    media: str = ""
    """Object key of the file; empty for a replay, which plays from its recorded segments."""
    duration_ms: Ms = 0
    products: list[str] = []
    source: Source = Source()
    published_at: Ms | None = None
    ext: Ext = {}
    model: str = ""
    demo: bool = False
