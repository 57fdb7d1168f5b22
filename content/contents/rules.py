"""Pure decisions about contents."""

from collections.abc import Mapping
from enum import StrEnum

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.content import Content, ContentState
from schemas.problems import CommonRefusal, Refusal

READ = grant("contents.read", *STAFF)
EDIT = grant("contents.edit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
WITHDRAW = grant("contents.withdraw", Role.BUSINESS_OPERATOR, Role.REVIEWER)
PUBLISH = grant("contents.publish", Role.BUSINESS_OPERATOR, Role.REVIEWER)
GRANTS = (READ, EDIT, WITHDRAW, PUBLISH)


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


def is_public(content: Content) -> bool:
    """Tell whether anybody may see it."""
    return content.state is ContentState.PUBLISHED
