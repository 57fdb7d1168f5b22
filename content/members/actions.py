"""Verbs of members: who is one, adding, removing."""

import re
from typing import Any

from content.accounts import rules as accounts_rules
from content.accounts.actions import give_roles
from content.accounts.store import accounts
from content.authority import authorise, may
from content.businesses.store import businesses
from content.members import rules
from content.members.rules import LEAVE
from content.members.views import MemberView, NewMember, show_member
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import Account, Actor, Role
from schemas.problems import CommonRefusal, Refused


async def list_members(
    db: Database,
    actor: Actor,
    business: str,
    *,
    words: str = "",
    role: Role | None = None,
    cursor: str,
    limit: int,
) -> Page[MemberView]:
    """List the people who have a role in a business; logins only for those who keep the members."""
    authorise(actor, rules.READ, business)
    keeps = may(actor, accounts_rules.LIST, business)
    where: dict[str, Any] = {"businesses": business, "service": {"$ne": True}}
    if role:
        where[f"roles.{business}"] = role
    if words:
        said = {"$regex": re.escape(words), "$options": "i"}
        where["$or"] = [{"name": said}, {"login": said}] if keeps else [{"name": said}]
    page = await accounts.page(db, where, cursor=cursor, limit=limit)
    return Page(
        items=[show_member(one, business, keeps=keeps) for one in page.items], next_cursor=page.next_cursor
    )


async def add_member(db: Database, actor: Actor, new: NewMember) -> Account:
    """Make somebody who has an account a member, by login.

    Raises Refused(login_unknown, already_a_member, role_not_yours, invalid).
    """
    authorise(actor, rules.ADD, new.business)
    if refusal := accounts_rules.check_roles(actor, {new.business: new.roles}):
        raise Refused(refusal)
    await businesses.get(db, new.business)
    login = accounts_rules.fold_login(new.login)

    async def work(session: Session) -> Account:
        account = await accounts.find(db, {"login": login}, session)
        if refusal := rules.check_newcomer(account, new.login, new.business):
            raise Refused(refusal)
        assert account is not None  # a newcomer exists
        return await give_roles(db, session, actor, rules.ADD.name, account, new.business, new.roles)

    return await db.transact(work)


async def remove_member(db: Database, actor: Actor, identifier: str, business: str) -> None:
    """Take all roles somebody has in a business, at once; everybody may leave.

    API keys she made act no longer. Raises Refused(last_operator).
    """
    if identifier != actor.id or actor.scopes is not None:
        authorise(actor, rules.REMOVE, business)

    async def work(session: Session) -> None:
        account = await accounts.find(db, {"_id": identifier}, session)
        if account is None or account.service or not account.roles.get(business):
            raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
        named = LEAVE if identifier == actor.id else rules.REMOVE.name
        await give_roles(db, session, actor, named, account, business, ())

    await db.transact(work)
