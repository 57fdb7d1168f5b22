"""Verbs of people who come from WeChat: whose account is whose."""

import msgspec

from content import audit
from content.accounts import actions
from content.accounts.store import accounts, wechat_people
from content.accounts.wechat import Identity, WeChat
from infra.mongo import Database, DuplicateKey, Session
from infra.tokens import Tokens
from schemas import accounts as schema
from schemas.accounts import SYSTEM, Account, WeChatPerson
from schemas.ids import new_id

LOGIN = "wechat"
"""Begins the login of accounts that WeChat made; nobody can sign in by it, for it has no password."""
NAME = "微信用户"


async def sign_in_by_wechat(
    db: Database, tokens: Tokens, wechat: WeChat, code: str, *, hours: float
) -> schema.Session:
    """Sign in whoever stands behind a code of `wx.login`; the first time makes the account.

    Anybody. Raises what `WeChat.identify` raises, and Refused(account_disabled).
    """
    identity = await wechat.identify(code)
    account = await _account_of(db, wechat.appid, identity)
    return await actions.begin_session(db, tokens, account, hours)


async def _account_of(db: Database, appid: str, identity: Identity) -> Account:
    """Give her account. Two first sign-ins at once: the second finds what the first has made."""
    try:
        return await db.transact(lambda session: _find_or_make(db, session, appid, identity))
    except DuplicateKey:
        return await db.transact(lambda session: _find_or_make(db, session, appid, identity))


async def _find_or_make(db: Database, session: Session, appid: str, identity: Identity) -> Account:
    key = f"{appid}:{identity.openid}"
    person = await wechat_people.find(db, {"_id": key}, session)
    if person:
        if identity.unionid and person.unionid != identity.unionid:
            known = msgspec.structs.replace(person, unionid=identity.unionid)
            await wechat_people.replace(db, session, known)
        return await accounts.get(db, person.account, session)
    account = await _of_union(db, session, identity) or await _make(db, session)
    new = WeChatPerson(id=key, account=account.id, unionid=identity.unionid)
    await wechat_people.insert(db, session, new)
    await audit.record(db, session, SYSTEM, "accounts.link_wechat", target=account.id, data={"appid": appid})
    return account


async def _of_union(db: Database, session: Session, identity: Identity) -> Account | None:
    """The account she has from another app of the same owner."""
    if not identity.unionid:
        return None
    person = await wechat_people.find(db, {"unionid": identity.unionid}, session)
    return await accounts.get(db, person.account, session) if person else None


async def _make(db: Database, session: Session) -> Account:
    identifier = new_id("acc")
    tail = identifier[-6:]
    account = Account(id=identifier, login=f"{LOGIN}:{identifier}", name=f"{NAME}{tail}", password_hash="")
    return await accounts.insert(db, session, account)
