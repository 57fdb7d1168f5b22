"""Verbs of accounts."""

import asyncio
import secrets
from collections.abc import Iterable
from typing import Any

import msgspec

from content import audit
from content.accounts import passwords, rules, store
from content.accounts.rules import AccountRefusal
from content.accounts.seen import seen
from content.accounts.store import accounts
from content.accounts.views import NewAccount, as_actor, show_to_itself
from content.authority import authorise
from content.businesses.store import businesses
from content.documents import check_rev
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from infra.tokens import Tokens
from schemas import accounts as schema
from schemas.accounts import PLATFORM, SYSTEM, Account, Actor, Role
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refused

OPERATOR_LOGIN = "admin"


async def create_account(db: Database, actor: Actor, new: NewAccount, *, demo: bool = False) -> Account:
    """Admit a person.

    Operators and, for their own business, business operators. Raises Refused(login_taken,
    password_too_short, role_not_yours).
    """
    places = list(new.roles) or [PLATFORM]
    for business in places:
        authorise(actor, rules.CREATE, business)
    refusal = (
        rules.check_roles(actor, new.roles)
        or rules.check_password(new.password, demo)
        or rules.check_avatar(new.avatar)
    )
    if refusal:
        raise Refused(refusal)
    await _check_exist(db, new.roles)
    account = Account(
        id=new_id("acc"),
        login=rules.fold_login(new.login),
        name=new.name,
        password_hash=await passwords.hash_password(new.password),
        roles=new.roles,
        avatar=new.avatar,
        demo=demo,
    )

    async def work(session: Session) -> Account:
        created = await accounts.insert(db, session, account)
        data = {"login": account.login, "roles": msgspec.to_builtins(account.roles)}
        await audit.record(
            db, session, actor, rules.CREATE.name, target=account.id, business=places[0], data=data
        )
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(AccountRefusal.LOGIN_TAKEN, login=account.login) from None


async def _check_exist(db: Database, names: Iterable[str]) -> None:
    """Raise Refused(not_found) unless all the businesses in which roles are given exist."""
    wanted = set(names) - {PLATFORM}
    if missing := wanted - (await businesses.several(db, wanted)).keys():
        raise Refused(CommonRefusal.NOT_FOUND, id=min(missing))


async def set_roles(
    db: Database, actor: Actor, identifier: str, business: str, roles: list[Role], *, rev: int = 0
) -> Account:
    """Give a person exactly these roles in a business; nobody changes her own."""
    authorise(actor, rules.SET_ROLES, business)
    if refusal := rules.check_roles(actor, {business: roles}):
        raise Refused(refusal)
    await _check_exist(db, [business])
    if identifier == actor.id:
        raise Refused(CommonRefusal.NOT_ALLOWED, grant=rules.SET_ROLES.name)

    async def work(session: Session) -> Account:
        account = await accounts.get(db, identifier, session)
        if account.service:
            raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
        check_rev(account, rev)
        return await give_roles(db, session, actor, rules.SET_ROLES.name, account, business, roles)

    return await db.transact(work)


async def give_roles(
    db: Database,
    session: Session,
    actor: Actor,
    action: str,
    account: Account,
    business: str,
    roles: Iterable[Role],
) -> Account:
    """Let an account have exactly these roles in a business, in an action that has authorised.

    Raises Refused(last_operator).
    """
    held = {name: given for name, given in account.roles.items() if name != business}
    given = sorted(set(roles))
    changed = msgspec.structs.replace(account, roles={**held, business: given} if given else held)
    await check_last(db, session, account, changed, business)
    data = {"business": business, "before": account.roles.get(business, []), "after": given}
    await audit.record(db, session, actor, action, target=account.id, business=business, data=data)
    return await accounts.replace(db, session, changed)


async def check_last(db: Database, session: Session, before: Account, after: Account, business: str) -> None:
    """Raise Refused(last_operator) when a change leaves a business, or the platform, without one."""
    lost = rules.operator_lost(before, after, business)
    if lost and not await store.other_holders(db, session, business, lost, before.id):
        raise Refused(AccountRefusal.LAST_OPERATOR, business=business)


async def set_disabled(
    db: Database, actor: Actor, identifier: str, disabled: bool, *, rev: int = 0
) -> Account:
    """Lock a person out at once (all sign-ins end), or let her in again. Operators only."""
    authorise(actor, rules.DISABLE, PLATFORM)
    if identifier == actor.id:
        raise Refused(CommonRefusal.NOT_ALLOWED, grant=rules.DISABLE.name)

    async def work(session: Session) -> Account:
        account = await accounts.get(db, identifier, session)
        check_rev(account, rev)
        changed = msgspec.structs.replace(account, disabled=disabled)
        await check_last(db, session, account, changed, PLATFORM)
        if disabled:
            await store.drop_sign_ins_of(db, session, identifier)
        await audit.record(
            db, session, actor, rules.DISABLE.name, target=identifier, data={"disabled": disabled}
        )
        return await accounts.replace(db, session, changed)

    return await db.transact(work)


async def set_password(db: Database, actor: Actor, identifier: str, password: str) -> Account:
    """Give a person another password; all sign-ins end. Operators only."""
    authorise(actor, rules.SET_PASSWORD, PLATFORM)
    hashed = await passwords.hash_password(password)

    async def work(session: Session) -> Account:
        account = await accounts.get(db, identifier, session)
        if refusal := rules.check_password(password, account.demo):
            raise Refused(refusal)
        await store.drop_sign_ins_of(db, session, identifier)
        await audit.record(db, session, actor, rules.SET_PASSWORD.name, target=identifier)
        return await accounts.replace(db, session, msgspec.structs.replace(account, password_hash=hashed))

    return await db.transact(work)


async def list_accounts(
    db: Database, actor: Actor, business: str, *, cursor: str = "", limit: int = 20
) -> Page[Account]:
    """List who has a role in a business (`*`: everybody)."""
    authorise(actor, rules.LIST, business)
    where: dict[str, Any] = {} if business == PLATFORM else {"businesses": business}
    return await accounts.page(db, where, cursor=cursor, limit=limit)


async def sign_in(
    db: Database, tokens: Tokens, wanted: schema.SignIn, *, address: str, hours: float
) -> schema.Session:
    """Check a password and begin a session of `hours`.

    Anybody. Raises Refused(wrong_password, account_disabled, too_many_attempts). An unknown login
    can't be told from a wrong password, not by the time it takes either.
    """
    login, now = rules.fold_login(wanted.login), now_ms()
    failures, window_until = await store.count_attempt(db, login, address, now, rules.WINDOW_MS)
    if refusal := rules.throttle(failures, window_until, now):
        raise Refused(refusal)
    account = await accounts.find(db, {"login": login})
    if not await passwords.matches(account.password_hash if account else None, wanted.password):
        raise Refused(AccountRefusal.WRONG_PASSWORD)
    assert account is not None  # nothing matches for an unknown login
    session = await begin_session(db, tokens, account, hours)
    await store.forget_attempts(db, login, address)
    if passwords.outdated(account.password_hash):
        await _keep_stronger_hash(db, account, wanted.password)
    return session


async def begin_session(db: Database, tokens: Tokens, account: Account, hours: float) -> schema.Session:
    """Sign a person in who has proved who she is; raises Refused(account_disabled)."""
    if account.disabled:
        raise Refused(AccountRefusal.ACCOUNT_DISABLED)
    identifier = new_id("ses")
    until = int(now_ms() + hours * 3_600_000)

    async def work(session: Session) -> None:
        await store.keep_sign_in(db, session, identifier, account.id, until)
        await audit.record(db, session, as_actor(account), "accounts.sign_in", target=account.id)

    await db.transact(work)
    token = tokens.sign("session", {"sub": account.id, "sid": identifier}, hours * 3600)
    return schema.Session(token=token, expires_at=until, account=show_to_itself(account))


async def _keep_stronger_hash(db: Database, account: Account, password: str) -> None:
    stronger = await passwords.hash_password(password)

    async def work(session: Session) -> None:
        await accounts.replace(db, session, msgspec.structs.replace(account, password_hash=stronger))
        await audit.record(db, session, SYSTEM, "accounts.rehash", target=account.id)

    await db.transact(work)


async def sign_out(db: Database, actor: Actor, session_id: str) -> None:
    """End the session the caller uses."""

    async def work(session: Session) -> None:
        await store.drop_sign_in(db, session, session_id)
        await audit.record(db, session, actor, "accounts.sign_out", target=actor.id)

    await db.transact(work)


async def who_acts(db: Database, claims: dict[str, Any]) -> Actor:
    """Tell who stands behind a verified session token, with the roles of this moment (`seen.KEPT_S`).

    Raises Refused(not_signed_in) when the session was ended or the account locked.
    """
    whose, sign_in = str(claims.get("sub", "")), str(claims.get("sid", ""))
    kept = seen(db)
    if (actor := kept.find((whose, sign_in))) is not None:
        return actor
    changes = kept.changes
    account, signed_in = await asyncio.gather(
        accounts.find(db, {"_id": whose}), store.is_signed_in(db, sign_in, whose)
    )
    if account is None or account.disabled or not signed_in:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    kept.keep((whose, sign_in), as_actor(account), changes)
    return as_actor(account)


async def ensure_operator(db: Database, password: str = "") -> str | None:
    """Make the first operator `admin` if there is none, with `password` or a made one.

    Gives the password when the account was made now, None when it was there.
    """
    if await accounts.find(db, {"login": OPERATOR_LOGIN}):
        return None
    chosen = password or secrets.token_urlsafe(12)
    roles = {PLATFORM: [Role.OPERATOR]}
    try:
        await create_account(
            db, SYSTEM, NewAccount(login=OPERATOR_LOGIN, name="Admin", password=chosen, roles=roles)
        )
    except Refused as refused:
        if refused.code is AccountRefusal.LOGIN_TAKEN:
            return None
        raise
    return chosen
