"""The three-layer content model: room of an anchor, program (each session), content."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.accounts import Role
from schemas.base import SECRET, Document, Ext, Ms, ShortText, Title
from schemas.money import Money

MAX_PICTURES = 60
MAX_BODY = 50_000
"""Characters of an article's text."""

ObjectKey = Annotated[str, msgspec.Meta(max_length=200, description="Key of an object in the store")]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Visibility(StrEnum):
    """Who may see something: everybody, everybody who has its address, or the members of its business."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


H5, MINI = "h5", "mini"
"""The channels of our own viewer app: the page, and the mini-program."""
ChannelName = Annotated[
    str,
    msgspec.Meta(
        pattern="^[a-z][a-z0-9_-]{0,19}$", description="`h5`, `mini` or the name of a channel of your own"
    ),
]
Channels = Annotated[
    list[ChannelName], msgspec.Meta(max_length=16, description="Where it goes to; empty: everywhere")
]


class RoomRole(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is in one room and all programs of it: another anchor, or an assistant."""

    account: str
    role: Role


class Review(StrEnum):
    """Whose approval a draft needs before it is published."""

    NONE = "none"
    OTHER_PERSON = "other_person"
    """That of somebody who did not write on it."""


class Business(Document, frozen=True, kw_only=True):
    """A line of business (业务方): rooms, products, tags and models are isolated by it."""

    name: Title
    slug: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{1,30}$")]
    review: Review = Review.NONE
    contributions: bool = False
    """Whether creators and customers may hand in articles and picture sets."""
    demo: bool = False


class Room(Document, frozen=True, kw_only=True):
    """The room layer: an anchor's permanent place."""

    business: str
    anchor: str
    """Account id of the anchor."""
    title: Title
    address: str = ""
    """Permanent: `/r/<address>` leads to the room's live or next program. Empty: only its id leads there."""
    intro: ShortText = ""
    avatar: str = ""
    """Object key of the anchor's picture."""
    cover: str = ""
    share_picture: str = ""
    """Object key of what is shown where the room is shared; empty: the cover."""
    roles: list[RoomRole] = []
    key_hash: Annotated[str, SECRET] = ""
    """Of the permanent stream key, kept as a program's is; it opens whichever program is open in the room."""
    key_sealed: Annotated[str, SECRET] = ""
    tags: list[str] = []
    ext: Ext = {}
    model: str = ""
    """Version of the content model that `ext` was written under."""
    demo: bool = False


class RecordingPolicy(StrEnum):
    """What stays of a show: replay and clips, the replay alone, or nothing."""

    KEEP = "keep"
    NO_CLIPS = "no_clips"
    OFF = "off"


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
    guests: list[str] = []
    """Creators who appear in it."""
    assistants: list[str] = []
    """Accounts that act as assistants, in this program only."""
    title: Title
    intro: ShortText = ""
    cover: str = ""
    share_picture: str = ""
    """Object key of what is shown where it is shared; empty: the cover."""
    visibility: Visibility = Visibility.PUBLIC
    channels: list[str] = []
    """Empty: all."""
    recording: RecordingPolicy = RecordingPolicy.KEEP
    rehearsal: bool = False
    """Members of the business only, listed nowhere, nothing of it is recorded."""
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
    suppliers: list[str] = []
    """Accounts of those whose products are on the shelf."""
    log: str = ""
    """Id of the room log; a reset gives a new one."""
    key_hash: Annotated[str, SECRET] = ""
    key_sealed: Annotated[str, SECRET] = ""
    key_expires_at: Ms | None = None
    tags: list[str] = []
    ext: Ext = {}
    model: str = ""
    demo: bool = False


class ContentKind(StrEnum):
    """The content layer: before, during and after a program; articles and picture sets also without one."""

    TRAILER = "trailer"
    LIVE = "live"
    REPLAY = "replay"
    CLIP = "clip"
    ARTICLE = "article"
    PICTURE_SET = "picture_set"


class Origin(StrEnum):
    """Who made a content: the business's own people, a creator, or a customer."""

    OGC = "ogc"
    PGC = "pgc"
    UGC = "ugc"


class CaptionedPicture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of an article or a picture set."""

    key: ObjectKey
    caption: Annotated[str, msgspec.Meta(max_length=200)] = ""


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
    """The content layer: a trailer, the live picture, a replay or a clip; an article, a picture set.

    Of a program, it is seen by nobody who may not see the program: see `content.contents.rules`.
    """

    business: str
    program: str = ""
    """Empty: an article or a picture set that stands for itself."""
    room: str = ""
    kind: ContentKind
    title: Title
    intro: ShortText = ""
    origin: Origin = Origin.OGC
    author: str = ""
    """Id of a creator (`crt_`) or an account (`acc_`); empty: the business."""
    state: ContentState = ContentState.PREPARING
    visibility: Visibility = Visibility.PUBLIC
    channels: list[str] = []
    """Empty: all."""
    cover: str = ""
    """Object key of the cover."""
    share_picture: str = ""
    body: str = ""
    """An article's text: HTML, cleaned by `content.models.rules.richtext`."""
    pictures: list[CaptionedPicture] = []
    media: str = ""
    """Object key of the file; empty for a replay, which plays from its recorded segments."""
    duration_ms: Ms = 0
    products: list[str] = []
    source: Source = Source()
    published_at: Ms | None = None
    expires_at: Ms | None = None
    """From then on only its own people see it."""
    taken_back: bool = False
    """By who handed it in: nobody else shows it again."""
    tags: list[str] = []
    ext: Ext = {}
    model: str = ""
    demo: bool = False
