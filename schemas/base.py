"""What every shared struct has in common."""

from typing import Annotated, Any

import msgspec

Ms = Annotated[int, msgspec.Meta(ge=0)]
"""Milliseconds: a UTC epoch time in fields ending in `_at`, a duration in fields ending in `_ms`."""
DAY_MS = 86_400_000

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
ShortText = Annotated[str, msgspec.Meta(max_length=500)]
Ext = dict[str, Any]
"""Extension fields of a document; their meaning is kept by the content model of `model`."""

PERSONAL = msgspec.Meta(extra={"told": "personal"})
"""Marks a field of a document that holds personal data: the audit trail says that it changed, not to what."""
SECRET = msgspec.Meta(extra={"told": "secret"})
"""Marks a field of a document that the audit trail says nothing of: a hash, a sealed key."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An immutable value that refuses fields it does not know: requests and wire frames."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable stored document; unknown fields of a newer version are ignored on reading.

    `id` is stored as `_id`. `rev` counts edits and is the entity tag of HTTP answers.
    """

    id: str
    rev: int = 1
    created_at: Ms = 0
    updated_at: Ms = 0
