"""Pure decisions about drafts: the way from editing to published, and who may send it on."""

from collections.abc import Mapping
from enum import StrEnum

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.base import DAY_MS
from schemas.content import Content, ContentState, Program, ProgramState, Review, Room
from schemas.problems import CommonRefusal, Refusal, RefusalCode
from schemas.publishing import Draft, DraftState

READ = grant("drafts.read", *STAFF)
EDIT = grant("drafts.edit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
SUBMIT = grant("drafts.submit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
REVIEW = grant("drafts.review", Role.BUSINESS_OPERATOR, Role.REVIEWER, people_only=True)
PUBLISH = grant("drafts.publish", Role.BUSINESS_OPERATOR, Role.REVIEWER)
GRANTS = (READ, EDIT, SUBMIT, REVIEW, PUBLISH)


class PublishingRefusal(RefusalCode):
    """Why a draft goes no further."""

    DRAFT_NOT_SOUND = "draft_not_sound"
    DRAFT_OUTDATED = "draft_outdated"
    REVIEW_NEEDED = "review_needed"
    OWN_REVIEW = "own_review"
    NOTHING_TO_PUBLISH = "nothing_to_publish"
    DUE_NOT_POSSIBLE = "due_not_possible"


class Move(StrEnum):
    """What can happen to a draft."""

    SAVE = "save"
    DISCARD = "discard"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"


S = DraftState
_BEGUN = (S.EDITING, S.SENT_BACK, S.SUBMITTED, S.APPROVED)
MOVES: Mapping[Move, Mapping[DraftState, DraftState]] = {
    Move.SAVE: dict.fromkeys((S.CLEAN, S.EDITING, S.SENT_BACK), S.EDITING),
    Move.DISCARD: dict.fromkeys(_BEGUN, S.CLEAN),
    Move.SUBMIT: dict.fromkeys((S.CLEAN, S.EDITING, S.SENT_BACK), S.SUBMITTED),
    Move.WITHDRAW: dict.fromkeys((S.SUBMITTED, S.APPROVED), S.EDITING),
    Move.APPROVE: {S.SUBMITTED: S.APPROVED},
    Move.SEND_BACK: dict.fromkeys((S.SUBMITTED, S.APPROVED), S.SENT_BACK),
    Move.SCHEDULE: dict.fromkeys((S.CLEAN, *_BEGUN), S.SCHEDULED),
    Move.UNSCHEDULE: {S.SCHEDULED: S.EDITING},
    Move.PUBLISH: dict.fromkeys((S.CLEAN, *_BEGUN), S.CLEAN),
}
"""From which state a move leads where."""

MAX_AHEAD_MS = 366 * DAY_MS
SHOWN = frozenset(
    {
        ProgramState.SCHEDULED,
        ProgramState.READY,
        ProgramState.LIVE,
        ProgramState.INTERRUPTED,
        ProgramState.ENDED,
    }
)
"""States in which a program is told of to the public."""


def move(state: DraftState, wanted: Move) -> DraftState | Refusal:
    """Give the state a move leads to, or say from which states it was expected."""
    leads = MOVES[wanted]
    if state not in leads:
        expected = " or ".join(leads)
        return Refusal(CommonRefusal.WRONG_STATE, {"move": wanted, "expected": expected, "got": state})
    return leads[state]


def check_reviewer(draft: Draft, reviewer: str, review: Review) -> Refusal | None:
    """Refuse the approval of somebody who wrote on the draft, where it has to be another person's."""
    if review is Review.OTHER_PERSON and reviewer in {one.id for one in draft.authors}:
        return Refusal(PublishingRefusal.OWN_REVIEW)
    return None


def check_reviewed(draft: Draft | None, review: Review) -> Refusal | None:
    """Refuse to publish what another person has not approved, where that is needed."""
    if review is Review.NONE:
        return None
    by = draft.reviewed_by if draft and draft.state in (S.APPROVED, S.SCHEDULED) else None
    if draft is None or by is None or by.id in {one.id for one in draft.authors}:
        return Refusal(PublishingRefusal.REVIEW_NEEDED)
    return None


def check_due(at: int, now: int) -> Refusal | None:
    """Refuse a time that is over, or more than a year ahead."""
    if now <= at <= now + MAX_AHEAD_MS:
        return None
    return Refusal(PublishingRefusal.DUE_NOT_POSSIBLE, {"pointer": "/at", "got": at})


def is_shown(document: Room | Program | Content) -> bool:
    """Tell whether a change of the document is seen by others than its own people."""
    if isinstance(document, Program):
        return document.state in SHOWN
    return isinstance(document, Room) or document.state is ContentState.PUBLISHED


def is_unseen(document: Room | Program | Content) -> bool:
    """Tell whether a content was never shown: of what is published there is nothing yet."""
    return isinstance(document, Content) and document.state is ContentState.PREPARING
