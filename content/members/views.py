"""What goes over the wire about members and invitations."""

from typing import Annotated

import msgspec

from content.accounts.views import Login, PersonName
from content.members.rules import InvitationState, state_of
from schemas.accounts import Account, Invitation, PublicAccount, Role, Session
from schemas.base import Ms, Value

BusinessId = Annotated[str, msgspec.Meta(pattern="^biz_[0-9a-z]{1,40}$")]
Roles = Annotated[list[Role], msgspec.Meta(min_length=1, max_length=len(Role))]
Token = Annotated[str, msgspec.Meta(min_length=8, max_length=100, description="What the link carries")]


class NewMember(Value, frozen=True, kw_only=True):
    """Somebody with an account who is to be a member."""

    business: BusinessId
    login: Login
    roles: Roles


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """A member as others of the business see her."""

    id: str
    login: str
    """Only for those who keep the members; empty for others."""
    name: str
    avatar: str
    roles: list[Role]
    disabled: bool
    created_at: Ms
    rev: int


class NewInvitation(Value, frozen=True, kw_only=True):
    """An invitation to be made."""

    business: BusinessId
    roles: Roles
    note: Annotated[str, msgspec.Meta(max_length=60, description="For whom it is")] = ""


class InvitationView(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation as those who invite see it."""

    id: str
    business: str
    roles: list[Role]
    note: str
    state: InvitationState
    made_by_name: str
    accepted_by_name: str
    created_at: Ms
    expires_at: Ms
    accepted_at: Ms
    rev: int


class InvitationMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new invitation, with the token of its link. It is told this once."""

    invitation: InvitationView
    token: str


class ShownToken(Value, frozen=True, kw_only=True):
    """A link that was opened."""

    token: Token


class InvitationOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a link offers to whoever holds it."""

    business: str
    business_name: str
    roles: list[Role]
    made_by_name: str
    expires_at: Ms


class NewPerson(Value, frozen=True, kw_only=True):
    """An account that is made while accepting."""

    login: Login
    name: PersonName
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Acceptance(Value, frozen=True, kw_only=True):
    """The link, and for a new account who she is; without one the caller's account joins."""

    token: Token
    person: NewPerson | None = None


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """Who has become a member of which business; a new account is signed in."""

    business: str
    account: PublicAccount
    session: Session | None = None


def show_member(account: Account, business: str, *, keeps: bool) -> MemberView:
    """Show a member of a business."""
    return MemberView(
        id=account.id,
        login=account.login if keeps else "",
        name=account.name,
        avatar=account.avatar,
        roles=account.roles.get(business, []),
        disabled=account.disabled,
        created_at=account.created_at,
        rev=account.rev,
    )


def show_invitation(invitation: Invitation, now: int) -> InvitationView:
    """Show an invitation, without its token."""
    return InvitationView(
        id=invitation.id,
        business=invitation.business,
        roles=invitation.roles,
        note=invitation.note,
        state=state_of(invitation, now),
        made_by_name=invitation.made_by_name,
        accepted_by_name=invitation.accepted_by_name,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        rev=invitation.rev,
    )
