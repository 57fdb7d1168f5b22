"""Verbs of API keys: making, renewing, revoking; and who stands behind one."""

import secrets
from collections.abc import Iterable, Mapping

import msgspec

from content import audit
from content.accounts.seen import seen
from content.accounts.store import accounts
from content.accounts.views import as_actor
from content.authority import Grant, authorise, may
from content.businesses.store import businesses
from content.documents import edited
from content.keys import rules
from content.keys.rules import KeyRefusal, Scopes
from content.keys.store import count_good, keys, note_use
from content.keys.views import MAX_SCOPES, KeyMade, KeyView, NewKey, show_key
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, Session
from infra.tokens import digest
from schemas.accounts import Account, Actor, ApiKey, Role
from schemas.base import DAY_MS
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refused

LOGIN = "service"
"""Begins the login of service accounts; nobody can sign in by it, for it has no password."""


async def create_key(db: Database, actor: Actor, new: NewKey) -> KeyMade:
    """Make a key, with a service account of its own unless another one's is wanted.

    Operators of all the businesses it has scopes in, who hold those scopes themselves. Raises
    Refused(scope_unknown, scope_not_yours, too_many_keys, invalid).
    """
    scopes = {business: sorted(set(names)) for business, names in new.scopes.items()}
    await _check_scopes(db, actor, scopes)
    secret = rules.PREFIX + secrets.token_urlsafe(32)

    async def work(session: Session) -> ApiKey:
        for business in scopes:
            if await count_good(db, session, business, now_ms(), rules.MOST_LIVE) >= rules.MOST_LIVE:
                raise Refused(KeyRefusal.TOO_MANY_KEYS, business=business)
        account = await _service(db, session, actor, new, scopes)
        key = ApiKey(
            id=new_id("key"),
            account=account.id,
            name=new.name,
            scopes=scopes,
            businesses=sorted(scopes),
            hash=digest(secret),
            hint=secret[-4:],
            made_by=actor.id,
            made_by_name=actor.name,
            expires_at=now_ms() + new.days * DAY_MS,
        )
        await _record(db, session, actor, rules.CREATE.name, key)
        return await keys.insert(db, session, key)

    key = await db.transact(work)
    return KeyMade(key=_shown(actor, key, actor), secret=secret)


async def renew_key(db: Database, actor: Actor, identifier: str) -> KeyMade:
    """Give a key another secret and its time anew; the old secret ends at once.

    Whoever renews it answers for it from then on, and must hold its scopes. Raises what `create_key`
    raises, and Refused(wrong_state) when it is revoked.
    """
    before = await _kept(db, actor, rules.CREATE, identifier)
    await _check_scopes(db, actor, before.scopes)
    secret = rules.PREFIX + secrets.token_urlsafe(32)

    async def work(session: Session) -> ApiKey:
        key = await keys.get(db, identifier, session)
        if key.revoked_at:
            raise Refused(CommonRefusal.WRONG_STATE, expected="a key that is not revoked", got="revoked")
        now = now_ms()
        lasts = key.expires_at - max(key.created_at, key.renewed_at)
        changes = {
            "hash": digest(secret),
            "hint": secret[-4:],
            "made_by": actor.id,
            "made_by_name": actor.name,
            "renewed_at": now,
            "expires_at": now + lasts,
        }
        await _record(db, session, actor, "keys.renew", key)
        return await keys.replace(db, session, edited(key, changes))

    return KeyMade(key=_shown(actor, await db.transact(work), actor), secret=secret)


async def revoke_key(db: Database, actor: Actor, identifier: str) -> KeyView:
    """End a key for good, at once; an operator of any business it has scopes in may."""
    await _kept(db, actor, rules.REVOKE, identifier)

    async def work(session: Session) -> ApiKey:
        key = await keys.get(db, identifier, session)
        if key.revoked_at:
            return key
        await _record(db, session, actor, rules.REVOKE.name, key)
        return await keys.replace(db, session, edited(key, {"revoked_at": now_ms()}))

    return _shown(actor, await db.transact(work), None)


async def list_keys(
    db: Database, actor: Actor, business: str, account: str = "", *, cursor: str, limit: int
) -> Page[KeyView]:
    """List the keys with scopes in a business, newest first, and what has become of them.

    `account`: only those of a service account.
    """
    authorise(actor, rules.READ, business)
    where = {"businesses": business} | ({"account": account} if account else {})
    page = await keys.page(db, where, cursor=cursor, limit=limit)
    makers = _makers(await accounts.several(db, {one.made_by for one in page.items}))
    items = [_shown(actor, one, makers.get(one.made_by)) for one in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


def scopes_on_offer(actor: Actor, business: str) -> list[str]:
    """List the scopes the actor can give a key in a business."""
    authorise(actor, rules.CREATE, business)
    return rules.on_offer(actor, business)


async def who_uses(db: Database, secret: str) -> Actor:
    """Tell who stands behind a key, with what it may at this moment (`seen.KEPT_S`).

    Raises Refused(not_signed_in) for a key that is unknown, expired or revoked.
    """
    hashed = digest(secret)
    kept, now = seen(db), now_ms()
    if (actor := kept.find((rules.PREFIX, hashed))) is not None:
        return actor
    changes = kept.changes
    key = await keys.find(db, {"hash": hashed})
    if key is None:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    actor = await stands_behind(db, key, now)
    await note_use(db, key.id, now)
    kept.keep((rules.PREFIX, hashed), actor, changes)
    return actor


async def stands_behind(db: Database, key: ApiKey, now: int) -> Actor:
    """Tell who stands behind a key, asked anew. Raises Refused(not_signed_in) unless it is still good."""
    if not rules.is_good(key, now):
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    found = await accounts.several(db, {key.account, key.made_by})
    service = found.get(key.account)
    if service is None or service.disabled:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    return Actor(
        id=service.id,
        name=key.name,
        roles=service.roles,
        scopes=rules.effective(_makers(found).get(key.made_by), key.scopes),
        key=key.id,
    )


async def _check_scopes(db: Database, actor: Actor, scopes: Scopes) -> None:
    if refusal := rules.check_reach(scopes, MAX_SCOPES):
        raise Refused(refusal)
    for business in scopes:
        authorise(actor, rules.CREATE, business)
    if refusal := rules.check_scopes(actor, scopes):
        raise Refused(refusal)
    if missing := scopes.keys() - (await businesses.several(db, scopes)).keys():
        raise Refused(CommonRefusal.NOT_FOUND, id=min(missing))


async def _service(
    db: Database, session: Session, actor: Actor, new: NewKey, scopes: Iterable[str]
) -> Account:
    """Give the service account of a new key, which belongs wherever its keys have scopes."""
    places = {business: [Role.SERVICE] for business in scopes}
    if not new.account:
        identifier = new_id("acc")
        fresh = Account(
            id=identifier,
            login=f"{LOGIN}:{identifier}",
            name=new.name,
            password_hash="",
            roles=places,
            service=True,
        )
        return await accounts.insert(db, session, fresh)
    account = await accounts.find(db, {"_id": new.account, "service": True}, session)
    if account is None or not any(may(actor, rules.CREATE, one) for one in account.roles):
        raise Refused(CommonRefusal.NOT_FOUND, id=new.account)
    if places.keys() <= account.roles.keys():
        return account
    return await accounts.replace(
        db, session, msgspec.structs.replace(account, roles={**account.roles, **places})
    )


async def _kept(db: Database, actor: Actor, wanted: Grant, identifier: str) -> ApiKey:
    """Give a key to who keeps the keys of a business it has scopes in."""
    key = await keys.get(db, identifier)
    if not any(may(actor, wanted, business) for business in key.scopes):
        authorise(actor, wanted, key.businesses[0])
    return key


def _makers(found: Mapping[str, Account]) -> dict[str, Actor]:
    return {name: as_actor(one) for name, one in found.items() if not one.disabled}


def _shown(actor: Actor, key: ApiKey, maker: Actor | None) -> KeyView:
    own = {business for business in key.scopes if may(actor, rules.READ, business)}
    return show_key(key, rules.state_of(key, maker, now_ms()), own)


async def _record(db: Database, session: Session, actor: Actor, action: str, key: ApiKey) -> None:
    """Tell every business whose things the key reaches."""
    for business, names in key.scopes.items():
        data = {"name": key.name, "account": key.account, "scopes": list(names), "expires_at": key.expires_at}
        await audit.record(db, session, actor, action, target=key.id, business=business, data=data)
