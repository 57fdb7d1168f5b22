"""What goes over the wire about contents."""

import msgspec

from schemas.base import Ms, Title, Value
from schemas.content import Content, ContentKind, Offer

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class ContentEdit(Value, frozen=True, kw_only=True):
    """What can be changed of a content; fields left out stay."""

    title: Title | Unset = UNSET


class ContentView(Content, frozen=True, kw_only=True):
    """A content with the offers of its products as they stood on the program's shelf."""

    offers: list[Offer] = []
    retained_until: Ms | None = None
    """Until when nobody can delete it, because its program sold; told to those who work with contents."""


class ContentPlay(msgspec.Struct, frozen=True, kw_only=True):
    """How to play a content: an HLS playlist for a replay, a file for a clip."""

    url: str
    kind: ContentKind
    expires_at: Ms


def show_content(content: Content, shelf: list[Offer], retained_until: int | None = None) -> ContentView:
    """Show a content with what it is about."""
    offers = [offer for offer in shelf if offer.product in content.products]
    return ContentView(**msgspec.structs.asdict(content), offers=offers, retained_until=retained_until)
