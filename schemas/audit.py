"""The audit trail: entries, and the Merkle tree over the entries of a business and an hour."""

from typing import Annotated, Any

import msgspec

from schemas.base import Document, Ms

Reason = Annotated[str, msgspec.Meta(max_length=200)]


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a document is different: the fields before and after; one that is not there was empty."""

    document: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


class Entry(Document, frozen=True, kw_only=True):
    """One action that took effect. Never changed, never deleted."""

    action: str
    target: str
    title: str = ""
    """What the target was called then."""
    business: str
    actor: str
    actor_name: str
    request: str = ""
    """Id of the request that asked for it, or of the import."""
    reason: str = ""
    """Why, in a person's words."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    """The fields of the target that are different; personal ones are masked."""
    also: list[Change] = []
    """What else changed with it."""
    data: dict[str, Any] = {}
    """What the action has to tell of itself."""
    words: list[str] = []
    """What it is found by."""


class Root(Document, frozen=True, kw_only=True):
    """The Merkle tree head (RFC 6962) over the entries of a business and an hour, in the order of their ids.

    `id` is `<business or *>:<hour, UTC, as 2026-01-31T09>`.
    """

    business: str
    """Empty: what is of no business."""
    hour: Ms
    """Where the hour begins."""
    entries: int
    root: str
    """Hexadecimal SHA-256."""
    previous: str = ""
    """`chain` of the business's hour before; empty: this is the first."""
    chain: str
    """SHA-256 over `previous` and `root`: whoever keeps one can tell whether an hour before it changed."""
    tops: list[bytes] = []
    """Roots of the subtrees over `Leaves`."""


class Leaves(Document, frozen=True, kw_only=True):
    """Leaf hashes of a part of a tree, one after the other. `id` is `<root>:<number>`."""

    root: str
    hashes: bytes
