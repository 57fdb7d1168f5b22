"""Pure decisions about members and invitations."""

from enum import StrEnum

from content.authority import grant
from schemas.accounts import Account, Invitation, Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode

READ = grant("members.read", Role.BUSINESS_OPERATOR, Role.REVIEWER, Role.EDITOR)
ADD = grant("members.add", Role.BUSINESS_OPERATOR, people_only=True)
REMOVE = grant("members.remove", Role.BUSINESS_OPERATOR, people_only=True)
INVITE = grant("members.invite", Role.BUSINESS_OPERATOR, people_only=True)
GRANTS = (READ, ADD, REMOVE, INVITE)
LEAVE, JOIN = "members.leave", "members.join"
"""What everybody may do for herself, by the names it has in the audit trail."""

LASTS_MS = 7 * 24 * 3_600_000
MOST_OPEN = 200
"""Invitations of a business that are open at a time."""


class MemberRefusal(RefusalCode):
    """Why somebody does not become, or stay, a member."""

    LOGIN_UNKNOWN = "login_unknown"
    ALREADY_A_MEMBER = "already_a_member"
    INVITATION_UNKNOWN = "invitation_unknown"
    INVITATION_OVER = "invitation_over"
    TOO_MANY_INVITATIONS = "too_many_invitations"


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


def state_of(invitation: Invitation, now: int) -> InvitationState:
    """Tell what has become of an invitation."""
    if invitation.accepted_at:
        return InvitationState.ACCEPTED
    if invitation.revoked_at:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if now >= invitation.expires_at else InvitationState.OPEN


def check_open(invitation: Invitation | None, now: int) -> Refusal | None:
    """Refuse a link that never was one, or that leads nowhere any more."""
    if invitation is None:
        return Refusal(MemberRefusal.INVITATION_UNKNOWN)
    state = state_of(invitation, now)
    return None if state is InvitationState.OPEN else Refusal(MemberRefusal.INVITATION_OVER, {"got": state})


def check_revocable(invitation: Invitation, now: int) -> Refusal | None:
    """Refuse to take back what somebody has accepted."""
    state = state_of(invitation, now)
    if state is not InvitationState.ACCEPTED:
        return None
    return Refusal(CommonRefusal.WRONG_STATE, {"expected": InvitationState.OPEN, "got": state})


def check_newcomer(account: Account | None, login: str, business: str) -> Refusal | None:
    """Refuse to add who does not exist, is locked out or no person, or has roles there already."""
    if account is None or account.service or account.disabled:
        return Refusal(MemberRefusal.LOGIN_UNKNOWN, {"pointer": "/login", "got": login})
    if account.roles.get(business):
        return Refusal(MemberRefusal.ALREADY_A_MEMBER, {"account": account.id})
    return None
