"""Verbs of invitations: a link that works once, for seven days, as long as who made it may invite."""

import secrets
from typing import NamedTuple

import msgspec

from content import audit
from content.accounts import passwords
from content.accounts import rules as accounts_rules
from content.accounts.actions import begin_session, give_roles
from content.accounts.rules import AccountRefusal
from content.accounts.store import accounts
from content.accounts.views import as_actor, show_to_itself
from content.authority import authorise, may
from content.businesses.store import businesses
from content.documents import edited
from content.members import rules
from content.members.rules import JOIN, MemberRefusal
from content.members.store import count_open, invitations
from content.members.views import (
    InvitationMade,
    InvitationOffer,
    InvitationView,
    Joined,
    NewInvitation,
    NewPerson,
    show_invitation,
)
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from infra.tokens import Tokens, digest
from schemas.accounts import Account, Actor, Invitation
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refused

PREFIX = "kbi_"


class Door(NamedTuple):
    """What signing in needs."""

    tokens: Tokens
    hours: float


async def invite(db: Database, actor: Actor, new: NewInvitation) -> InvitationMade:
    """Make a link that makes whoever opens it first a member. Its token is told only now.

    Raises Refused(role_not_yours, too_many_invitations, invalid).
    """
    authorise(actor, rules.INVITE, new.business)
    if refusal := accounts_rules.check_roles(actor, {new.business: new.roles}):
        raise Refused(refusal)
    await businesses.get(db, new.business)
    now, token = now_ms(), PREFIX + secrets.token_urlsafe(24)
    invitation = Invitation(
        id=new_id("inv"),
        business=new.business,
        roles=sorted(set(new.roles)),
        note=new.note.strip(),
        token_hash=digest(token),
        made_by=actor.id,
        made_by_name=actor.name,
        expires_at=now + rules.LASTS_MS,
    )

    async def work(session: Session) -> Invitation:
        if await count_open(db, session, new.business, now, rules.MOST_OPEN) >= rules.MOST_OPEN:
            raise Refused(MemberRefusal.TOO_MANY_INVITATIONS)
        await _record(db, session, actor, rules.INVITE.name, invitation)
        return await invitations.insert(db, session, invitation)

    return InvitationMade(invitation=show_invitation(await db.transact(work), now), token=token)


async def list_invitations(
    db: Database, actor: Actor, business: str, *, cursor: str, limit: int
) -> Page[InvitationView]:
    """List the invitations of a business, newest first, with what has become of them."""
    authorise(actor, rules.INVITE, business)
    page = await invitations.page(db, {"business": business}, cursor=cursor, limit=limit)
    now = now_ms()
    return Page(items=[show_invitation(one, now) for one in page.items], next_cursor=page.next_cursor)


async def revoke_invitation(db: Database, actor: Actor, identifier: str) -> InvitationView:
    """Close a link at once; one that is closed stays so. Raises Refused(wrong_state) once accepted."""

    async def work(session: Session) -> Invitation:
        invitation = await invitations.get(db, identifier, session)
        authorise(actor, rules.INVITE, invitation.business)
        if refusal := rules.check_revocable(invitation, now_ms()):
            raise Refused(refusal)
        if invitation.revoked_at:
            return invitation
        await _record(db, session, actor, "members.revoke_invitation", invitation)
        return await invitations.replace(db, session, edited(invitation, {"revoked_at": now_ms()}))

    return show_invitation(await db.transact(work), now_ms())


async def look(db: Database, token: str) -> InvitationOffer:
    """Tell whoever holds a link what it offers. Raises Refused(invitation_unknown, invitation_over)."""
    invitation = await _valid(db, token)
    business = await businesses.get(db, invitation.business)
    return InvitationOffer(
        business=business.id,
        business_name=business.name,
        roles=invitation.roles,
        made_by_name=invitation.made_by_name,
        expires_at=invitation.expires_at,
    )


async def accept(db: Database, actor: Actor, token: str) -> Joined:
    """Let the caller's account join. Raises what `look` raises, and Refused(not_signed_in)."""
    if actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    if actor.scopes is not None:
        raise Refused(CommonRefusal.NOT_ALLOWED, grant=JOIN)

    async def work(session: Session) -> Joined:
        invitation = await _valid(db, token, session)
        account = await accounts.get(db, actor.id, session)
        return await _join(db, session, invitation, account)

    return await db.transact(work)


async def accept_as_new(db: Database, door: Door, token: str, person: NewPerson) -> Joined:
    """Make an account that joins, and sign it in.

    Raises what `look` raises, and Refused(login_taken, password_too_short).
    """
    await _valid(db, token)
    if refusal := accounts_rules.check_password(person.password, demo=False):
        raise Refused(refusal)
    fresh = Account(
        id=new_id("acc"),
        login=accounts_rules.fold_login(person.login),
        name=person.name,
        password_hash=await passwords.hash_password(person.password),
    )

    async def work(session: Session) -> Joined:
        invitation = await _valid(db, token, session)
        return await _join(db, session, invitation, await accounts.insert(db, session, fresh))

    try:
        joined = await db.transact(work)
    except DuplicateKey:
        raise Refused(AccountRefusal.LOGIN_TAKEN, login=fresh.login) from None
    account = await accounts.get(db, fresh.id)
    session = await begin_session(db, door.tokens, account, door.hours)
    return msgspec.structs.replace(joined, session=session)


async def _join(db: Database, session: Session, invitation: Invitation, account: Account) -> Joined:
    """Use a link up for an account, which keeps the roles it has."""
    now, whom = now_ms(), {"accepted_by": account.id, "accepted_by_name": account.name}
    await invitations.replace(db, session, edited(invitation, {"accepted_at": now, **whom}))
    roles = {*account.roles.get(invitation.business, ()), *invitation.roles}
    actor, business = as_actor(account), invitation.business
    joined = await give_roles(db, session, actor, JOIN, account, business, roles)
    return Joined(business=business, account=show_to_itself(joined))


async def _valid(db: Database, token: str, session: Session | None = None) -> Invitation:
    """Find the open invitation of a link; it is over when who made it may no longer give its roles."""
    invitation = await invitations.find(db, {"token_hash": digest(token)}, session)
    if refusal := rules.check_open(invitation, now_ms()):
        raise Refused(refusal)
    assert invitation is not None  # an open one exists
    maker = await accounts.find(db, {"_id": invitation.made_by}, session)
    if maker is None or maker.disabled or not may(as_actor(maker), rules.INVITE, invitation.business):
        raise Refused(MemberRefusal.INVITATION_OVER, got=rules.InvitationState.REVOKED)
    return invitation


async def _record(db: Database, session: Session, actor: Actor, action: str, invitation: Invitation) -> None:
    data = {"roles": list(invitation.roles), "note": invitation.note}
    await audit.record(
        db, session, actor, action, target=invitation.id, business=invitation.business, data=data
    )
