"""What goes over the wire about contents."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from content.contents.rules import PARTS
from schemas.accounts import Account
from schemas.base import Ms, ShortText, Title, Value
from schemas.content import (
    MAX_BODY,
    MAX_PICTURES,
    CaptionedPicture,
    Channels,
    Content,
    ContentKind,
    ObjectKey,
    Offer,
    Origin,
    Visibility,
)
from schemas.creators import Creator

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET

Body = Annotated[
    str, msgspec.Meta(max_length=MAX_BODY, description="HTML; what is not structure or a link is taken out")
]
Pictures = Annotated[list[CaptionedPicture], msgspec.Meta(max_length=MAX_PICTURES)]
Expiry = Annotated[int, msgspec.Meta(ge=0, le=2**50)]
Author = Annotated[
    str, msgspec.Meta(max_length=40, description="An approved creator of the business; empty: the business")
]
ProgramId = Annotated[str, msgspec.Meta(max_length=40)]


class NewContent(Value, frozen=True, kw_only=True):
    """A content that the business writes: a trailer of a program, an article, a picture set."""

    business: str
    kind: Literal["trailer", "article", "picture_set"]
    title: Title
    intro: ShortText = ""
    program: ProgramId = ""
    author: Author = ""
    cover: ObjectKey = ""
    share_picture: ObjectKey = ""
    media: ObjectKey = ""
    body: Body = ""
    pictures: Pictures = []
    visibility: Visibility = Visibility.PUBLIC
    channels: Channels = []
    expires_at: Expiry | None = None


class ContentEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a content; fields left out stay."""

    title: Title | Unset = UNSET
    intro: ShortText | Unset = UNSET
    author: Author | Unset = UNSET
    cover: ObjectKey | Unset = UNSET
    share_picture: ObjectKey | Unset = UNSET
    media: ObjectKey | Unset = UNSET
    body: Body | Unset = UNSET
    pictures: Pictures | Unset = UNSET
    visibility: Visibility | Unset = UNSET
    channels: Channels | Unset = UNSET
    expires_at: Expiry | Unset | None = UNSET


class Byline(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a content, as everybody may know it."""

    name: str
    avatar: str
    origin: Origin


class ContentView(Content, frozen=True, kw_only=True):
    """A content with the offers of its products as they stood on the program's shelf.

    In lists the texts of articles are left out.
    """

    by: Byline | None = None
    """Empty: the business."""
    offers: list[Offer] = []
    retained_until: Ms | None = None
    """Until when nobody can delete it, because its program sold; told to those who work with contents."""


class StoryCard(msgspec.Struct, frozen=True, kw_only=True):
    """An article or a picture set in a list."""

    content: str
    business: str
    program: str
    kind: ContentKind
    title: str
    intro: str
    cover: str
    """Object key; the first picture where no cover is chosen."""
    pictures: int
    """How many it has."""
    by: Byline | None
    published_at: Ms


class ContentPlay(msgspec.Struct, frozen=True, kw_only=True):
    """How to play a content: an HLS playlist for a replay, a file for a clip."""

    url: str
    kind: ContentKind
    expires_at: Ms


def show_content(
    content: Content, shelf: list[Offer], retained_until: int | None = None, by: Byline | None = None
) -> ContentView:
    """Show a content with what it is about."""
    offers = [offer for offer in shelf if offer.product in content.products]
    return ContentView(**msgspec.structs.asdict(content), by=by, offers=offers, retained_until=retained_until)


def without_text(content: Content) -> Content:
    """Give a content as lists show it."""
    return msgspec.structs.replace(content, body="") if content.body else content


def show_story(content: Content, by: Byline | None) -> StoryCard:
    """Show an article or a picture set in a list."""
    first = content.pictures[0].key if content.pictures else ""
    return StoryCard(
        content=content.id,
        business=content.business,
        program=content.program,
        kind=content.kind,
        title=content.title,
        intro=content.intro,
        cover=content.cover or first,
        pictures=len(content.pictures),
        by=by,
        published_at=content.published_at or content.created_at,
    )


def byline(
    content: Content, creators: Mapping[str, Creator], accounts: Mapping[str, Account]
) -> Byline | None:
    """Tell who wrote a content; nobody, where it is the business."""
    if content.kind not in PARTS["author"]:
        return None
    author = creators.get(content.author) or accounts.get(content.author)
    return Byline(name=author.name, avatar=author.avatar, origin=content.origin) if author else None
