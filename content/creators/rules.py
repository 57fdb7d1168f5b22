"""Pure decisions about creators: the way from application to approval, and who may be named on a program."""

from collections.abc import Mapping
from enum import StrEnum

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.creators import Creator, CreatorState
from schemas.problems import CommonRefusal, Refusal, RefusalCode

ADMIT = grant("creators.admit", Role.BUSINESS_OPERATOR)
READ = grant("creators.read", *STAFF)
EDIT = grant("creators.edit", Role.BUSINESS_OPERATOR)
REVIEW = grant("creators.review", Role.BUSINESS_OPERATOR)
GRANTS = (ADMIT, READ, EDIT, REVIEW)

APPLY = "creators.apply"
"""What the audit calls an application: anybody may apply, so it is no grant."""


class CreatorRefusal(RefusalCode):
    """Why an application, a review or a naming is refused."""

    ALREADY_APPLIED = "already_applied"
    REASON_NEEDED = "reason_needed"
    CREATOR_NOT_APPROVED = "creator_not_approved"
    CREATOR_SUSPENDED = "creator_suspended"


class Verdict(StrEnum):
    """What a review comes to."""

    APPROVE = "approve"
    REJECT = "reject"
    SUSPEND = "suspend"


S = CreatorState
MOVES: Mapping[Verdict, Mapping[CreatorState, CreatorState]] = {
    Verdict.APPROVE: {S.APPLIED: S.APPROVED, S.REJECTED: S.APPROVED, S.SUSPENDED: S.APPROVED},
    Verdict.REJECT: {S.APPLIED: S.REJECTED},
    Verdict.SUSPEND: {S.APPROVED: S.SUSPENDED},
}
"""From which state a verdict leads where."""

NEED_REASON = frozenset({Verdict.REJECT, Verdict.SUSPEND})


def judge(state: CreatorState, verdict: Verdict, reason: str) -> CreatorState | Refusal:
    """Give the state a verdict leads to; who is turned away or suspended is told why."""
    leads = MOVES[verdict]
    if state not in leads:
        expected = " or ".join(leads)
        return Refusal(CommonRefusal.WRONG_STATE, {"move": verdict, "expected": expected, "got": state})
    if verdict in NEED_REASON and not reason.strip():
        return Refusal(CreatorRefusal.REASON_NEEDED, {"pointer": "/reason", "move": verdict})
    return leads[state]


def check_application(earlier: Creator | None) -> Refusal | None:
    """Refuse a second application while one is open or granted; after a rejection one may try again."""
    if earlier is None or earlier.state is S.REJECTED:
        return None
    return Refusal(CreatorRefusal.ALREADY_APPLIED, {"creator": earlier.id, "state": earlier.state})


def check_named(creator: Creator | None, business: str, pointer: str = "/creator") -> Refusal | None:
    """Refuse to name on a program of `business` somebody who is no approved creator of it."""
    if creator is not None and creator.business == business and creator.state is S.APPROVED:
        return None
    return Refusal(CreatorRefusal.CREATOR_NOT_APPROVED, {"pointer": pointer})
