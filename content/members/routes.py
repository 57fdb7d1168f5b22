"""HTTP of members and invitations."""

from typing import Annotated

import msgspec

from content.accounts.routes import signed_in_by
from content.accounts.rules import AccountRefusal
from content.members import actions, inviting
from content.members.inviting import Door
from content.members.rules import MemberRefusal
from content.members.views import (
    Acceptance,
    BusinessId,
    InvitationMade,
    InvitationOffer,
    InvitationView,
    Joined,
    MemberView,
    NewInvitation,
    NewMember,
    ShownToken,
    show_member,
)
from infra.http import Access, Call, Page, PageQuery, Reply, Routes
from schemas.accounts import Role
from schemas.problems import CommonRefusal

routes = Routes("members")
OF_A_LINK = (MemberRefusal.INVITATION_UNKNOWN, MemberRefusal.INVITATION_OVER)


class MembersQuery(PageQuery, frozen=True, kw_only=True):
    """Whose members are wanted."""

    business: BusinessId
    q: Annotated[str, msgspec.Meta(max_length=60, description="Part of the name or login")] = ""
    role: Role | None = None


class InvitationsQuery(PageQuery, frozen=True, kw_only=True):
    """Whose invitations are wanted."""

    business: BusinessId


@routes.get("/v1/members")
async def list_members(call: Call[MembersQuery, None]) -> Page[MemberView]:
    """List the members of a business. Logins are told only to those who keep the members."""
    query = call.query
    return await actions.list_members(
        call.db,
        call.actor,
        query.business,
        words=query.q,
        role=query.role,
        cursor=query.cursor,
        limit=query.limit,
    )


@routes.post(
    "/v1/members",
    creates=True,
    refusals=(
        MemberRefusal.LOGIN_UNKNOWN,
        MemberRefusal.ALREADY_A_MEMBER,
        AccountRefusal.ROLE_NOT_YOURS,
    ),
)
async def add_member(call: Call[None, NewMember]) -> MemberView:
    """Make somebody who has an account a member, by login."""
    account = await actions.add_member(call.db, call.actor, call.body)
    return show_member(account, call.body.business, keeps=True)


@routes.delete(
    "/v1/members/{business}/{account}", access=Access.PERSON, refusals=(AccountRefusal.LAST_OPERATOR,)
)
async def remove_member(call: Call[None, None]) -> None:
    """Take all roles somebody has in a business, at once; my own account leaves."""
    await actions.remove_member(call.db, call.actor, call.path["account"], call.path["business"])


@routes.get("/v1/invitations")
async def list_invitations(call: Call[InvitationsQuery, None]) -> Page[InvitationView]:
    """List the invitations of a business, newest first."""
    query = call.query
    return await inviting.list_invitations(
        call.db, call.actor, query.business, cursor=query.cursor, limit=query.limit
    )


@routes.post(
    "/v1/invitations",
    creates=True,
    refusals=(AccountRefusal.ROLE_NOT_YOURS, MemberRefusal.TOO_MANY_INVITATIONS),
)
async def invite(call: Call[None, NewInvitation]) -> InvitationMade:
    """Make a link that makes whoever opens it first a member, within seven days.

    The token is told this once. The portal's page for it is `/portal/join#<token>`.
    """
    return await inviting.invite(call.db, call.actor, call.body)


@routes.post("/v1/invitations/{invitation}/revoke", refusals=(CommonRefusal.WRONG_STATE,))
async def revoke_invitation(call: Call[None, None]) -> InvitationView:
    """Close a link at once."""
    return await inviting.revoke_invitation(call.db, call.actor, call.path["invitation"])


@routes.post("/v1/invitations/look", access=Access.PUBLIC, refusals=OF_A_LINK)
async def look_at_invitation(call: Call[None, ShownToken]) -> InvitationOffer:
    """Tell what a link offers, to whoever holds it."""
    return await inviting.look(call.db, call.body.token)


@routes.post(
    "/v1/invitations/accept",
    access=Access.PUBLIC,
    refusals=(*OF_A_LINK, AccountRefusal.LOGIN_TAKEN, AccountRefusal.PASSWORD_TOO_SHORT),
)
async def accept_invitation(call: Call[None, Acceptance]) -> Reply[Joined]:
    """Join a business: with the account that is signed in, or with a new one (`person`), which then is."""
    if call.body.person is None:
        return Reply(value=await inviting.accept(call.db, call.actor, call.body.token))
    hours = call.settings.session_hours
    door = Door(call.tokens, hours)
    joined = await inviting.accept_as_new(call.db, door, call.body.token, call.body.person)
    assert joined.session is not None  # a new account is signed in
    return Reply(value=joined, headers=signed_in_by(joined.session, hours))
