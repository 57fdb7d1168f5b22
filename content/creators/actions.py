"""Verbs of creators."""

import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import msgspec

from content import audit
from content.accounts.store import accounts
from content.authority import authorise
from content.businesses.store import businesses
from content.creators import rules
from content.creators.rules import CreatorRefusal
from content.creators.store import creators, of_account
from content.creators.views import Application, BusinessName, CreatorEdit, NewCreator, Review
from content.documents import changed_fields, check_rev, edited, reach
from content.pictures.rules import check_picture_key
from content.programs.actions import end_shows_of
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Account, Actor, Role
from schemas.creators import Creator, CreatorState, CreatorStep
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refusal, Refused


async def apply(db: Database, actor: Actor, wanted: Application) -> Creator:
    """Apply to a business for oneself, or again after a rejection.

    Anybody who is signed in. Raises Refused(already_applied).
    """
    if actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    await businesses.get(db, wanted.business)
    said = {name: getattr(wanted, name) for name in ("name", "kind", "bio", "presences")}
    step = _step(actor, CreatorState.APPLIED)

    async def work(session: Session) -> Creator:
        earlier = await of_account(db, wanted.business, actor.id, session)
        if refusal := rules.check_application(earlier):
            raise Refused(refusal)
        if earlier is None:
            own = await accounts.get(db, actor.id, session)
            fresh = Creator(
                id=new_id("crt"),
                business=wanted.business,
                account=actor.id,
                avatar=own.avatar,
                steps=[step],
                **said,
            )
            creator = await creators.insert(db, session, fresh)
        else:
            changes = {**said, "state": CreatorState.APPLIED, "steps": [*earlier.steps, step]}
            creator = await creators.replace(db, session, edited(earlier, changes))
        await audit.record(db, session, actor, rules.APPLY, target=creator.id, business=creator.business)
        return creator

    return await _once_per_account(db, work)


async def admit_creator(db: Database, actor: Actor, new: NewCreator, *, demo: bool = False) -> Creator:
    """Make somebody a creator without an application. Raises Refused(already_applied)."""
    authorise(actor, rules.ADMIT, new.business)
    await businesses.get(db, new.business)
    if refusal := check_picture_key(new.avatar, new.business, "/avatar"):
        raise Refused(refusal)
    creator = Creator(
        id=new_id("crt"),
        state=CreatorState.APPROVED,
        steps=[_step(actor, CreatorState.APPROVED)],
        demo=demo,
        **{name: getattr(new, name) for name in new.__struct_fields__},
    )

    async def work(session: Session) -> Creator:
        created = await creators.insert(db, session, creator)
        await _let_anchor(db, session, created)
        data = {"name": creator.name, "account": creator.account}
        await audit.record(
            db, session, actor, rules.ADMIT.name, target=creator.id, business=creator.business, data=data
        )
        return created

    return await _once_per_account(db, work)


async def edit_creator(
    db: Database, actor: Actor, identifier: str, edit: CreatorEdit, *, rev: int = 0
) -> Creator:
    """Change what is told about a creator: operators of the business all, the creator all but the level."""
    changes = changed_fields(edit)

    async def work(session: Session) -> Creator:
        creator = await creators.get(db, identifier, session)
        own = creator.account == actor.id and "level" not in changes
        if not own:
            authorise(actor, rules.EDIT, creator.business)
        check_rev(creator, rev)
        avatar = changes.get("avatar", "")
        if avatar != creator.avatar and (refusal := check_picture_key(avatar, creator.business, "/avatar")):
            raise Refused(refusal)
        await _record(db, session, actor, rules.EDIT.name, creator, msgspec.to_builtins(changes))
        return await creators.replace(db, session, edited(creator, changes))

    return await db.transact(work)


async def review_creator(db: Database, actor: Actor, identifier: str, review: Review) -> Creator:
    """Approve, reject or suspend; nobody reviews herself.

    Who is approved may be an anchor in the business from then on, who is suspended no longer: what she
    leads on air ends in the same transaction. Raises Refused(wrong_state, reason_needed).
    """
    reason = review.reason.strip()

    async def work(session: Session) -> Creator:
        creator = await creators.get(db, identifier, session)
        authorise(actor, rules.REVIEW, creator.business)
        if creator.account == actor.id:
            raise Refused(CommonRefusal.NOT_ALLOWED, grant=rules.REVIEW.name)
        state = rules.judge(creator.state, review.verdict, reason)
        if isinstance(state, Refusal):
            raise Refused(state)
        steps = [*creator.steps, _step(actor, state, reason)]
        judged = await creators.replace(db, session, edited(creator, {"state": state, "steps": steps}))
        await _let_anchor(db, session, judged)
        told = {"verdict": review.verdict, "reason": reason, "before": creator.state, "after": state}
        await _record(db, session, actor, rules.REVIEW.name, creator, told)
        if state is CreatorState.SUSPENDED and creator.account:
            await end_shows_of(db, session, actor, creator.business, creator.account, note=reason)
        return judged

    return await db.transact(work)


async def read_creator(db: Database, actor: Actor, identifier: str) -> Creator:
    """Give a creator to the people of its business, and to itself."""
    creator = await creators.get(db, identifier)
    if creator.account != actor.id:
        authorise(actor, rules.READ, creator.business)
    return creator


async def list_creators(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    state: CreatorState | None = None,
    mine: bool = False,
    words: str = "",
    cursor: str,
    limit: int,
) -> Page[Creator]:
    """List the creators of the actor's businesses; `mine`: what she herself is, wherever."""
    where: dict[str, Any] = {"account": actor.id} if mine else reach(actor, rules.READ, business)
    if business:
        where["business"] = business
    if state:
        where["state"] = state
    if words:
        where["name"] = {"$regex": re.escape(words), "$options": "i"}
    return await creators.page(db, where, cursor=cursor, limit=limit)


async def list_places(db: Database, *, cursor: str, limit: int) -> Page[BusinessName]:
    """List the businesses one may apply to: their names are no secret to whom is signed in."""
    page = await businesses.page(db, {}, cursor=cursor, limit=limit)
    names = [BusinessName(id=one.id, name=one.name) for one in page.items]
    return Page(items=names, next_cursor=page.next_cursor)


async def _once_per_account(db: Database, work: Callable[[Session], Coroutine[Any, Any, Creator]]) -> Creator:
    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(CreatorRefusal.ALREADY_APPLIED) from None


async def _let_anchor(db: Database, session: Session, creator: Creator) -> None:
    """Give the creator's account the role of an anchor, or take it, as its state says."""
    if not creator.account:
        return
    account = await accounts.get(db, creator.account, session)
    held = set(account.roles.get(creator.business, ()))
    due = held | {Role.ANCHOR} if creator.state is CreatorState.APPROVED else held - {Role.ANCHOR}
    if due != held:
        await accounts.replace(db, session, _with_roles(account, creator.business, due))


def _with_roles(account: Account, business: str, roles: set[Role]) -> Account:
    others = {name: held for name, held in account.roles.items() if name != business}
    return msgspec.structs.replace(account, roles={**others, business: sorted(roles)} if roles else others)


def _step(actor: Actor, state: CreatorState, reason: str = "") -> CreatorStep:
    return CreatorStep(state=state, at=now_ms(), by=actor.id, by_name=actor.name, reason=reason)


async def _record(
    db: Database, session: Session, actor: Actor, action: str, creator: Creator, data: Mapping[str, Any]
) -> None:
    await audit.record(
        db, session, actor, action, target=creator.id, business=creator.business, data=dict(data)
    )
