"""Visibility and channels, with one meaning for every layer. Pure."""

from collections.abc import Sequence
from typing import Any

from content.authority import Grant, may
from schemas.accounts import Actor, Role
from schemas.content import Visibility


def goes_to(channels: Sequence[str], channel: str) -> bool:
    """Tell whether what goes to `channels` (none named: everywhere) goes to `channel` (none: to any)."""
    return not channels or not channel or channel in channels


def is_member(actor: Actor, read: Grant, business: str) -> bool:
    """Tell whether the actor sees what is for a business's members: whoever may read, and its own viewers."""
    return may(actor, read, business) or Role.VIEWER in actor.roles.get(business, ())


def on_lists(channel: str) -> dict[str, Any]:
    """Make the filter of what the public lists of a channel show; fields of old documents may be missing."""
    shown = {
        "visibility": {"$nin": [Visibility.UNLISTED, Visibility.PRIVATE]},
        "rehearsal": {"$ne": True},
    }
    return {**shown, "channels": {"$in": [channel, [], None]}} if channel else shown
