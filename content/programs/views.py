"""What goes over the wire about programs."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from content.creators.views import PublicCreator, show_to_all
from content.programs.rules import MAX_LIMIT, MAX_OFFERS
from schemas.accounts import Account, PublicAccount
from schemas.base import Ms, ShortText, Title, Value
from schemas.content import (
    Channels,
    Id,
    ObjectKey,
    Offer,
    Program,
    ProgramState,
    RecordingPolicy,
    Room,
    Visibility,
)
from schemas.creators import Creator
from schemas.money import Money
from schemas.stock import MAX_UNITS

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


CreatorId = Annotated[
    str,
    msgspec.Meta(max_length=40, description="An approved creator of the business; empty: the anchor's own"),
]


Guests = Annotated[list[Id], msgspec.Meta(max_length=12, description="Approved creators of the business")]
Assistants = Annotated[
    list[Id], msgspec.Meta(max_length=20, description="Members who act as assistants in this program")
]


class NewProgram(Value, frozen=True, kw_only=True):
    """A live session to be held in a room; with a start it is scheduled at once."""

    room: str
    title: Title
    intro: ShortText = ""
    cover: ObjectKey = ""
    starts_at: Ms | None = None
    creator: CreatorId = ""
    guests: Guests = []
    assistants: Assistants = []
    share_picture: ObjectKey = ""
    visibility: Visibility = Visibility.PUBLIC
    channels: Channels = []
    recording: RecordingPolicy = RecordingPolicy.KEEP
    rehearsal: bool = False


class ProgramEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a program; fields left out stay."""

    title: Title | Unset = UNSET
    intro: ShortText | Unset = UNSET
    cover: ObjectKey | Unset = UNSET
    creator: CreatorId | Unset = UNSET
    guests: Guests | Unset = UNSET
    assistants: Assistants | Unset = UNSET
    share_picture: ObjectKey | Unset = UNSET
    visibility: Visibility | Unset = UNSET
    channels: Channels | Unset = UNSET
    recording: RecordingPolicy | Unset = UNSET
    rehearsal: bool | Unset = UNSET


class PlannedStart(Value, frozen=True, kw_only=True):
    """When a program is planned to start."""

    starts_at: Ms


class Ending(Value, frozen=True, kw_only=True):
    """Why a show is ended, in a person's words."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ShelfLine(Value, frozen=True, kw_only=True):
    """A product for the shelf; without a price it sells at its usual one."""

    product: str
    price: Money | None = None
    limit: Annotated[
        int, msgspec.Meta(ge=0, le=MAX_LIMIT, description="Units one buyer may have; 0: any")
    ] = 0


class OfferEdit(Value, frozen=True, kw_only=True):
    """What can be changed of an offer while it is on the shelf; fields left out stay."""

    price: Money | Unset = UNSET
    limit: Annotated[int, msgspec.Meta(ge=0, le=MAX_LIMIT)] | Unset = UNSET
    units: (
        Annotated[
            dict[str, Annotated[int, msgspec.Meta(ge=0, le=MAX_UNITS)]],
            msgspec.Meta(
                max_length=100, description="Units of each SKU the show may sell; left out: an even share"
            ),
        ]
        | Unset
    ) = UNSET


class NewShelf(Value, frozen=True, kw_only=True):
    """The whole shelf in its order: the first product gets number 1."""

    offers: Annotated[list[ShelfLine], msgspec.Meta(max_length=MAX_OFFERS)]


class ProgramView(msgspec.Struct, frozen=True, kw_only=True):
    """A program as everybody may see it: the document without its stream key."""

    id: str
    business: str
    room: str
    anchor: PublicAccount
    creator: PublicCreator | None
    """Who is named with it."""
    guests: list[PublicCreator]
    """Who else appears."""
    assistants: list[PublicAccount]
    """Told to the business's own people."""
    title: str
    intro: str
    cover: str
    """Object key; the room's cover when the program has none."""
    share_picture: str
    """Object key; empty when none is chosen."""
    share_card: str
    """Object key of what is shown where it is shared: its own picture, the room's, or the cover."""
    visibility: Visibility
    channels: list[str]
    """Where it goes to; empty: everywhere."""
    recording: RecordingPolicy
    rehearsal: bool
    tags: list[str]
    state: ProgramState
    starts_at: Ms | None
    went_live_at: Ms | None
    ended_at: Ms | None
    end_reason: str
    end_note: str
    grace_until: Ms | None
    shelf: list[Offer]
    replay: str
    """Id of the program's replay, once there is one."""
    demo: bool
    created_at: Ms
    updated_at: Ms
    rev: int


class PushAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where and with which key to publish. `url` is both in one."""

    server_url: str
    key: str
    url: str
    whip_url: str
    expires_at: Ms
    rev: int


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """The program a publisher is let in to."""

    program_id: str
    room_id: str
    business_id: str
    title: str
    recorded: bool = True
    """Whether anything of the show is kept."""


def show_anchor(room: Room | None, account: Account | None) -> PublicAccount:
    """Show an anchor to everybody, by the face of her room."""
    if account is None:
        return PublicAccount(id="", name="")
    return PublicAccount(id=account.id, name=account.name, avatar=(room and room.avatar) or account.avatar)


def show_program(
    program: Program,
    *,
    room: Room | None,
    account: Account | None,
    replay: str,
    creator: Creator | None = None,
    guests: Sequence[Creator] = (),
    assistants: Sequence[Account] = (),
) -> ProgramView:
    """Show a program with what belongs to it."""
    cover = program.cover or (room.cover if room else "")
    shared = program.share_picture or (room.share_picture if room else "")
    return ProgramView(
        id=program.id,
        business=program.business,
        room=program.room,
        anchor=show_anchor(room, account),
        creator=show_to_all(creator),
        guests=[show for one in guests if (show := show_to_all(one))],
        assistants=[PublicAccount(id=one.id, name=one.name, avatar=one.avatar) for one in assistants],
        title=program.title,
        intro=program.intro,
        cover=cover,
        share_picture=program.share_picture,
        share_card=shared or cover,
        visibility=program.visibility,
        channels=program.channels,
        recording=program.recording,
        rehearsal=program.rehearsal,
        tags=program.tags,
        state=program.state,
        starts_at=program.starts_at,
        went_live_at=program.went_live_at,
        ended_at=program.ended_at,
        end_reason=program.end_reason,
        end_note=program.end_note,
        grace_until=program.grace_until,
        shelf=program.shelf,
        replay=replay,
        demo=program.demo,
        created_at=program.created_at,
        updated_at=program.updated_at,
        rev=program.rev,
    )
