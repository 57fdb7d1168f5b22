"""The room's wire language: commands up, frames down, events in the log.

One JSON object per websocket text message, told apart by `t`. `docs/protocols/room.md` is the
reference; cursors are sequence numbers of the room log.
"""

from typing import Annotated, Any, ClassVar

import msgspec

from schemas.accounts import PublicAccount
from schemas.base import Ms, Value
from schemas.content import Offer
from schemas.problems import RefusalCode


class RoomRefusal(RefusalCode):
    """Why a room says no to a command."""

    TEXT_EMPTY = "text_empty"
    SIGN_IN_FIRST = "sign_in_first"
    TOO_FAST = "too_fast"
    """Too many lines by one person; `retry_after` in seconds."""
    CROWDED = "crowded"
    """Too many lines in the room; `retry_after` in seconds."""
    BUSY = "busy"
    """The room can't keep up right now; `retry_after` in seconds."""
    HOSTS_ONLY = "hosts_only"
    PROGRAM_OVER = "program_over"
    OFFER_UNKNOWN = "offer_unknown"
    TOO_OLD = "too_old"
    """The command's number is so far below the client's last that nobody can tell whether it was done."""
    MOVED = "moved"
    """The room is being taken over by another process: send it again there."""
    INVALID = "invalid"
    """The command can't be read; `at` says where and what was expected."""
    ANCHOR_ONLY = "anchor_only"
    VIEWERS_ONLY = "viewers_only"
    """Those who run the show don't grab its packets."""
    ENVELOPE_INVALID = "envelope_invalid"
    ENVELOPE_UNKNOWN = "envelope_unknown"
    ENVELOPE_EMPTY = "envelope_empty"
    RAIN_ON = "rain_on"
    """One red-envelope rain at a time."""
    RAIN_NOT_BEGUN = "rain_not_begun"
    RAIN_OVER = "rain_over"


# --- commands: what a person asks of the room -------------------------------------------------


class Command(Value, frozen=True, kw_only=True, tag_field="type"):
    """Base of all commands; `type` is the tag."""


class SendChat(Command, frozen=True, kw_only=True, tag="chat"):
    """Say something. `seen_at` is the PROGRAM-DATE-TIME on the sender's screen."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    seen_at: Ms | None = None


class Like(Command, frozen=True, kw_only=True, tag="like"):
    """Tap the heart `count` times."""

    count: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1


class PinOffer(Command, frozen=True, kw_only=True, tag="pin"):
    """Begin to explain an offer (anchor and assistants); another pinned offer is unpinned."""

    offer: str


class UnpinOffer(Command, frozen=True, kw_only=True, tag="unpin"):
    """Stop explaining (anchor and assistants)."""

    offer: str


class Announce(Command, frozen=True, kw_only=True, tag="announce"):
    """Show a notice above the chat (anchor and assistants); an empty text takes it away."""

    text: Annotated[str, msgspec.Meta(max_length=100)]


class Rain(Command, frozen=True, kw_only=True, tag="rain"):
    """Let red packets rain (the anchor); `total` minor units of the business's marketing budget.

    Each packet holds at least 1 minor unit.
    """

    total: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    packets: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    starts_in_s: Annotated[int, msgspec.Meta(ge=1, le=600)] = 10
    lasts_s: Annotated[int, msgspec.Meta(ge=3, le=300)] = 15


class Grab(Command, frozen=True, kw_only=True, tag="grab"):
    """Take a packet of the rain (viewers who are signed in); asking twice gives the same packet."""

    envelope: Annotated[str, msgspec.Meta(max_length=100)]


AnyCommand = SendChat | Like | PinOffer | UnpinOffer | Announce | Rain | Grab


# --- events: what happened, in the order of the log -------------------------------------------


class RoomEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all room events; `type` is the tag, `at` the owner's clock (epoch ms)."""

    erasable: ClassVar[bool] = False
    """True when the event holds personal text: the log keeps such an event beside its hash."""

    seq: int
    at: Ms


class Erased(RoomEvent, frozen=True, kw_only=True, tag="erased"):
    """Stands in for an event whose personal text was taken down or erased."""

    was: str
    """Type of the event that stood here."""


class OwnerChanged(RoomEvent, frozen=True, kw_only=True, tag="owner_changed"):
    """A process took the log over; first event of its epoch."""

    epoch: int


class ChatSent(RoomEvent, frozen=True, kw_only=True, tag="chat"):
    """A line of chat. `badge`: anchor, assistant, demo or empty."""

    erasable: ClassVar[bool] = True

    user: PublicAccount
    text: str
    badge: str = ""
    seen_at: Ms | None = None


class LikesCounted(RoomEvent, frozen=True, kw_only=True, tag="likes_counted"):
    """Likes so far, merged over a few seconds."""

    total: int


class AudienceSampled(RoomEvent, frozen=True, kw_only=True, tag="audience_sampled"):
    """Viewers connected now, the peak so far, and how many different ones came."""

    viewers: int
    peak: int
    came: int = 0


class OfferPinned(RoomEvent, frozen=True, kw_only=True, tag="pinned"):
    """An offer is being explained."""

    offer: str
    product: str


class OfferUnpinned(RoomEvent, frozen=True, kw_only=True, tag="unpinned"):
    """An offer is no longer explained. `since_at`/`since_seq` point at its pin."""

    offer: str
    product: str
    since_at: Ms
    since_seq: int


class Announced(RoomEvent, frozen=True, kw_only=True, tag="announced"):
    """The notice above the chat; empty takes it away."""

    text: str


class ShelfSet(RoomEvent, frozen=True, kw_only=True, tag="shelf_set"):
    """The shelf as it is from now on."""

    offers: list[Offer]


class OfferStock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is left of an offer for this show."""

    left: int
    of: int = 0
    """Units the show got in all; 0 while it sells what is free."""
    skus: dict[str, int] = {}
    """What is left of each SKU, for products with several."""


class StockCounted(RoomEvent, frozen=True, kw_only=True, tag="stock_counted"):
    """What is left of some offers, those of which it changed; an offer with nothing left is sold out."""

    offers: dict[str, OfferStock]


class StateChanged(RoomEvent, frozen=True, kw_only=True, tag="program_state"):
    """The program moved to another state."""

    state: str
    grace_until: Ms | None = None
    reason: str = ""


class RainAnnounced(RoomEvent, frozen=True, kw_only=True, tag="rain_announced"):
    """Packets will rain from `starts_at` until `ends_at` (epoch ms); their split is fixed by now.

    `commitment` is the SHA-256 of the sealed seed it was made with (`docs/fairness.md`).
    """

    envelope: str
    total: int
    packets: int
    starts_at: Ms
    ends_at: Ms
    commitment: str


class PacketGrabbed(RoomEvent, frozen=True, kw_only=True, tag="packet_grabbed"):
    """A user has the packet `slot`. Only in the log: who grabbed is told, the others see the result."""

    envelope: str
    user: str
    slot: int
    amount: int


class RainSettled(RoomEvent, frozen=True, kw_only=True, tag="rain_settled"):
    """The rain is over: the seed is revealed, what nobody grabbed goes back to the budget."""

    envelope: str
    seed: str
    grabbed: int
    """Packets that found somebody."""
    paid: int
    """Minor units in them."""
    returned: int


class Lucky(msgspec.Struct, frozen=True, kw_only=True):
    """One of the largest packets. `rank` counts the grabs: 1 was the fastest."""

    user: PublicAccount
    amount: int
    rank: int


class LuckiestNamed(RoomEvent, frozen=True, kw_only=True, tag="rain_luckiest"):
    """Who got the largest packets of a settled rain, largest first."""

    erasable: ClassVar[bool] = True

    envelope: str
    luckiest: list[Lucky]


AnyRoomEvent = (
    OwnerChanged
    | Erased
    | ChatSent
    | LikesCounted
    | AudienceSampled
    | OfferPinned
    | OfferUnpinned
    | Announced
    | ShelfSet
    | StockCounted
    | StateChanged
    | RainAnnounced
    | PacketGrabbed
    | RainSettled
    | LuckiestNamed
)


# --- view: what everybody in the room sees ----------------------------------------------------


class RainView(msgspec.Struct, frozen=True, kw_only=True):
    """The last rain that was announced."""

    envelope: str
    total: int
    packets: int
    starts_at: Ms
    ends_at: Ms
    commitment: str
    settled: bool = False
    grabbed: int = 0
    paid: int = 0
    luckiest: list[Lucky] = []


class RoomView(msgspec.Struct, frozen=True, kw_only=True):
    """The shared public picture of a room at a cursor."""

    program: str
    state: str
    title: str = ""
    offers: list[Offer] = []
    stock: dict[str, OfferStock] = {}
    """What is left, by offer; an offer that was not counted yet is not there."""
    pinned: str = ""
    """Offer id being explained, or empty."""
    pinned_at: Ms | None = None
    likes: int = 0
    viewers: int = 0
    peak: int = 0
    came: int = 0
    """How many different viewers there were so far."""
    notice: str = ""
    went_live_at: Ms | None = None
    grace_until: Ms | None = None
    rain: RainView | None = None


# --- frames up ---------------------------------------------------------------------------------


class Up(Value, frozen=True, kw_only=True, tag_field="t"):
    """Base of frames from a client."""


class Join(Up, frozen=True, kw_only=True, tag="join"):
    """First frame. `cursor` is the last `upto` this client holds, to resume; `client` is its own id."""

    ticket: Annotated[str, msgspec.Meta(max_length=2048)]
    client: Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
    cursor: int | None = None
    lang: str = "zh-CN"


class Cmd(Up, frozen=True, kw_only=True, tag="cmd"):
    """A command. `n` counts up per client and makes it exactly-once."""

    n: Annotated[int, msgspec.Meta(ge=1)]
    c: AnyCommand


class Ping(Up, frozen=True, kw_only=True, tag="ping"):
    """Heartbeat and clock measurement; `at` is the client's clock."""

    at: float


AnyUp = Join | Cmd | Ping


# --- frames down -------------------------------------------------------------------------------


class Down(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", omit_defaults=True):
    """Base of frames to a client."""


class Welcome(Down, frozen=True, kw_only=True, tag="welcome"):
    """Answer to Join.

    When `recovered`, `events` are all that was missed after the cursor and `view` stands at
    `upto`; otherwise the client drops what it had and starts from `view`, with `events` being
    the last lines of chat only.
    """

    epoch: int
    upto: int
    recovered: bool
    view: RoomView
    mine: dict[str, Any] = {}
    events: list[AnyRoomEvent] = []
    server_at: Ms
    role: str
    you: PublicAccount
    last_n: int = 0
    """Highest command number the room knows of this client; a client that lost count goes on above it."""


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody paid an order: told as it happens, not kept in the log."""

    who: str
    """The buyer's name, masked."""
    offer: str
    units: int


class Events(Down, frozen=True, kw_only=True, tag="ev"):
    """Committed events after `after` up to `upto`; a client whose cursor is not `after` resumes.

    What is hidden from a viewer leaves no gap: `events` may be fewer than `upto - after`.
    """

    epoch: int
    after: int
    upto: int
    events: list[AnyRoomEvent] = []
    likes: int | None = None
    viewers: int | None = None
    grabbed: int | None = None
    """Packets of the last rain that found somebody."""
    bought: list[Bought] = []
    """The last orders that were paid, at most three a second."""


class Sales(Down, frozen=True, kw_only=True, tag="sales", omit_defaults=False):
    """What the show has sold, to those who run it: orders that are paid and not given back."""

    orders: int
    units: int
    amount: int
    """Minor units of `currency`."""
    currency: str
    at: Ms


class Ack(Down, frozen=True, kw_only=True, tag="ack"):
    """Command `n` is durable; `seq` is where it stands in the log (0 when it changed nothing)."""

    n: int
    seq: int = 0
    result: dict[str, Any] = {}


class Nak(Down, frozen=True, kw_only=True, tag="nak"):
    """Command `n` was refused and nothing happened."""

    n: int
    code: str
    title: str = ""
    data: dict[str, Any] = {}
    retry_after: float | None = None


class Pong(Down, frozen=True, kw_only=True, tag="pong"):
    """Answer to Ping."""

    at: float
    server_at: Ms


class Bye(Down, frozen=True, kw_only=True, tag="bye"):
    """The server closes. Codes: moved, replaced, bad_frame, ticket_invalid, not_found and others.

    `docs/protocols/room.md` lists them with their close codes.
    """

    code: str
    title: str = ""
    retry_after: float | None = None


AnyDown = Welcome | Events | Sales | Ack | Nak | Pong | Bye
