"""What a handler is given and what it may answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import msgspec

from infra.addresses import Addresses
from infra.mongo import Database
from infra.settings import Settings
from infra.tokens import Tokens
from schemas.accounts import Actor
from schemas.base import Value

if TYPE_CHECKING:
    from infra.objects import ObjectStore  # it loads boto3, which most processes do without

Q = TypeVar("Q")
B = TypeVar("B")
T = TypeVar("T")

MAX_PAGE = 100


class Call(msgspec.Struct, Generic[Q, B], frozen=True, kw_only=True):
    """One request, already checked: `Q` is the struct of its query, `B` of its body (None: has none)."""

    db: Database
    settings: Settings
    tokens: Tokens
    objects: "ObjectStore"
    actor: Actor
    path: Mapping[str, str]
    """Parameters in the path, by name."""
    query: Q
    body: B
    rev: int = 0
    """Revision named by If-Match; 0 unless the endpoint edits."""
    session: str = ""
    """Id of the sign-in, empty for guests."""
    address: str = ""
    """Address of the client."""
    at: Addresses
    """Our servers, as the client reaches them."""
    language: str = "zh"
    key: str = ""
    """Idempotency-Key as sent."""
    headers: Mapping[str, str] = {}
    """All headers, names in lower case."""


class PageQuery(Value, frozen=True, kw_only=True):
    """Where a page of a list begins and how long it may be."""

    cursor: Annotated[str, msgspec.Meta(max_length=200, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_PAGE, description="Longest page wanted")] = 20


Words = Annotated[str, msgspec.Meta(max_length=60, description="Part of the title")]


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A part of a list; `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None = None


class Reply(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """An answer with headers of its own."""

    value: T
    headers: dict[str, str] = {}


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not JSON."""

    body: bytes
    content_type: str
    headers: dict[str, str] = {}


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A body that is not JSON, as it came."""

    body: bytes
    content_type: str


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that sends the client to another address (302)."""

    url: str
    max_age_s: int = 0
