"""Pure decisions about contents."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

from content.authority import STAFF, grant
from content.models.rules.richtext import plain
from content.pictures.rules import CONTRIBUTED, check_picture_key, contributed_prefix
from schemas.accounts import Role
from schemas.content import Content, ContentKind, ContentState, Program
from schemas.problems import CommonRefusal, Refusal

READ = grant("contents.read", *STAFF)
EDIT = grant("contents.edit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
WITHDRAW = grant("contents.withdraw", Role.BUSINESS_OPERATOR, Role.REVIEWER)
PUBLISH = grant("contents.publish", Role.BUSINESS_OPERATOR, Role.REVIEWER)
CREATE = grant("contents.create", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
GRANTS = (READ, EDIT, WITHDRAW, PUBLISH, CREATE)


class Move(StrEnum):
    """What can happen to a content's state."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


S = ContentState
MOVES: Mapping[Move, Mapping[ContentState, ContentState]] = {
    Move.PUBLISH: {S.PREPARING: S.PUBLISHED, S.WITHDRAWN: S.PUBLISHED},
    Move.WITHDRAW: {S.PUBLISHED: S.WITHDRAWN, S.PREPARING: S.WITHDRAWN},
}


def move(state: ContentState, wanted: Move) -> ContentState | Refusal:
    """Give the state a move leads to, or say from which states it was expected."""
    leads = MOVES[wanted]
    if state not in leads:
        expected = " or ".join(leads)
        return Refusal(CommonRefusal.WRONG_STATE, {"move": wanted, "expected": expected, "got": state})
    return leads[state]


def is_public(content: Content, now: int) -> bool:
    """Tell whether it is shown at all; to whom, `content.contents.sight` says."""
    return content.state is ContentState.PUBLISHED and (
        content.expires_at is None or now < content.expires_at
    )


K = ContentKind
MADE = frozenset({K.LIVE, K.REPLAY, K.CLIP})
"""Kinds that are made of a program, once for each source; the others people write."""
PARTS: Mapping[str, frozenset[ContentKind]] = {
    "media": frozenset({K.TRAILER}),
    "body": frozenset({K.ARTICLE}),
    "pictures": frozenset({K.ARTICLE, K.PICTURE_SET}),
    "author": frozenset({K.ARTICLE, K.PICTURE_SET}),
}
"""Which kinds have what only some have."""


def check_fields(
    kind: ContentKind,
    fields: Mapping[str, Any],
    business: str,
    program: Program | None,
    *,
    contributor: str = "",
    there: Collection[str] = (),
) -> Refusal | None:
    """Refuse what a kind has not, what is of other businesses, and a trailer of nothing.

    `there` are pictures that a contributor's content has already.
    """
    for name, kinds in PARTS.items():
        if fields.get(name) and kind not in kinds:
            return _invalid(f"/{name}", f"nothing: a {kind} has none", name)
    if program is not None and program.business != business:
        return _invalid("/program", "a program of the business", program.id)
    if kind is K.TRAILER and program is None:
        return _invalid("/program", "the program it announces", "")
    for pointer, key in _pictures(fields):
        if refusal := check_picture(key, business, pointer, contributor, there):
            return refusal
    media = fields.get("media", "")
    if media and not (media.startswith(f"file/{business}/") and media.endswith(".mp4")):
        return _invalid("/media", f"file/{business}/….mp4", media)
    return None


def check_picture(
    key: str, business: str, pointer: str, contributor: str = "", there: Collection[str] = ()
) -> Refusal | None:
    """Refuse pictures that are not the business's; a contributor has her own, and no other's."""
    own = contributed_prefix(business, contributor) if contributor else f"{CONTRIBUTED}/{business}/"
    if key.startswith(own) or (key and key in there):
        return None
    if contributor and key:
        return _invalid(pointer, f"{own}…", key)
    return check_picture_key(key, business, pointer)


def check_whole(content: Content) -> Refusal | None:
    """Refuse to show what has nothing in it."""
    if content.kind is K.ARTICLE and not plain(content.body) and not content.pictures:
        return _invalid("/body", "a text", "")
    if content.kind is K.PICTURE_SET and not content.pictures:
        return _invalid("/pictures", "at least one picture", "")
    if content.kind is K.TRAILER and not content.media:
        return _invalid("/media", "the trailer's file", "")
    return None


def _pictures(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("cover", "share_picture"):
        yield f"/{name}", fields.get(name, "")
    for place, one in enumerate(fields.get("pictures", ())):
        yield f"/pictures/{place}/key", one.key


def _invalid(pointer: str, expected: str, got: str) -> Refusal:
    return Refusal(CommonRefusal.INVALID, {"pointer": pointer, "expected": expected, "got": got})
