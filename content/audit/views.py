"""What goes over the wire about the trail."""

from typing import Any

import msgspec

from schemas.audit import Change, Entry, Root
from schemas.base import Ms


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the trail."""

    id: str
    at: Ms
    action: str
    target: str
    title: str
    business: str
    actor: str
    actor_name: str
    request: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    also: list[Change]
    data: dict[str, Any]


class RootView(msgspec.Struct, frozen=True, kw_only=True):
    """The Merkle root of a business and an hour."""

    id: str
    business: str
    hour: Ms
    entries: int
    root: str
    previous: str
    chain: str
    sealed_at: Ms


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """That an entry is one of those under a root: `docs/verify_audit.py` checks it without us."""

    entry: str
    leaf: str
    """The entry exactly as it was hashed."""
    place: int
    """Its place among the entries of the hour, from 0."""
    path: list[str]
    """Hashes from the leaf to the root, hexadecimal."""
    holds: bool
    """Whether the path leads from the entry, as it is stored now, to the root."""
    root: RootView


def show_entry(entry: Entry) -> EntryView:
    """Show an entry."""
    shared = {name: getattr(entry, name) for name in EntryView.__struct_fields__ if name != "at"}
    return EntryView(at=entry.created_at, **shared)


def show_root(root: Root) -> RootView:
    """Show a root."""
    shared = {name: getattr(root, name) for name in RootView.__struct_fields__ if name != "sealed_at"}
    return RootView(sealed_at=root.created_at, **shared)
