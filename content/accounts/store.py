"""Collections of accounts, sign-ins and failed attempts."""

import datetime
import hashlib

import msgspec

from content.accounts.seen import seen
from content.documents import Documents
from infra.clock import now_ms
from infra.mongo import Database, Session
from schemas.accounts import Account, Role, WeChatPerson


class Accounts(Documents[Account]):
    """Accounts; who stands behind a session is looked up anew when one has changed."""

    async def insert(self, db: Database, session: Session, document: Account) -> Account:
        """Insert a new account; raises DuplicateKey."""
        return await super().insert(db, session, _placed(document))

    async def replace(self, db: Database, session: Session, document: Account) -> Account:
        """Store an edited account over the revision it was read at."""
        session.afterwards.append(seen(db).forget)
        return await super().replace(db, session, _placed(document))


def _placed(account: Account) -> Account:
    return msgspec.structs.replace(account, businesses=sorted(account.roles))


accounts = Accounts("accounts", Account)
wechat_people = Documents("wechat_people", WeChatPerson)
SIGN_INS = "sign_ins"
FAILURES = "sign_in_failures"
GUARDS = "guards"


async def ensure_indexes(db: Database) -> None:
    """Create the indexes; sign-ins and failures leave by themselves when they expire."""
    await db.collection(accounts.name).ensure_index([("login", 1)], name="login", unique=True)
    await db.collection(accounts.name).ensure_index([("businesses", 1), ("_id", -1)], name="businesses")
    places = {"$map": {"input": {"$objectToArray": "$roles"}, "in": "$$this.k"}}
    await db.collection(accounts.name).update_many(
        {"businesses": {"$exists": False}}, [{"$set": {"businesses": places}}]
    )
    await db.collection(wechat_people.name).ensure_index([("unionid", 1)], name="unionid")
    for name in (SIGN_INS, FAILURES):
        await db.collection(name).ensure_index([("expires", 1)], name="expiry", expire_s=0)


async def keep_sign_in(db: Database, session: Session, identifier: str, account: str, until: int) -> None:
    """Keep a sign-in until `until` (epoch ms) or its sign-out."""
    doc = {"_id": identifier, "account": account, "at": now_ms(), "expires": _date(until)}
    await db.collection(SIGN_INS).insert_one(doc, session=session)


async def is_signed_in(db: Database, identifier: str, account: str) -> bool:
    """Tell whether a sign-in is still there."""
    found = await db.collection(SIGN_INS).find_one({"_id": identifier, "account": account})
    return found is not None


async def drop_sign_in(db: Database, session: Session, identifier: str) -> None:
    """Forget a sign-in."""
    session.afterwards.append(seen(db).forget)
    await db.collection(SIGN_INS).delete_one({"_id": identifier}, session=session)


async def drop_sign_ins_of(db: Database, session: Session, account: str) -> None:
    """Forget all sign-ins of an account."""
    session.afterwards.append(seen(db).forget)
    await db.collection(SIGN_INS).delete_many({"account": account}, session=session)


async def other_holders(db: Database, session: Session, business: str, role: Role, account: str) -> bool:
    """Tell whether somebody else who is not locked out holds a role.

    Of two transactions that ask at once one has to begin anew, for both write the guard.
    """
    await db.collection(GUARDS).update_one(
        {"_id": f"{role}:{business}"}, {"$inc": {"asked": 1}}, upsert=True, session=session
    )
    others = {"_id": {"$ne": account}, "businesses": business, f"roles.{business}": role, "disabled": False}
    return bool(await db.collection(accounts.name).count(others, limit=1, session=session))


async def count_attempt(db: Database, login: str, address: str, now: int, window_ms: int) -> tuple[int, int]:
    """Count an attempt before its password is looked at, so that parallel ones can't slip through.

    Gives how many there were in the window, without this one, and when the window ends.
    """
    until = now + window_ms
    running = {"$gt": [{"$ifNull": ["$until", 0]}, now]}
    doc = await db.collection(FAILURES).find_one_and_update(
        {"_id": _attempt_key(login, address)},
        [
            {
                "$set": {
                    "count": {"$cond": [running, {"$add": ["$count", 1]}, 1]},
                    "until": {"$cond": [running, "$until", until]},
                    "expires": {"$cond": [running, "$expires", _date(until)]},
                }
            }
        ],
        upsert=True,
    )
    assert doc is not None  # an upsert gives the document
    return int(doc["count"]) - 1, int(doc["until"])


async def forget_attempts(db: Database, login: str, address: str) -> None:
    """Begin anew after the right password."""
    await db.collection(FAILURES).delete_one({"_id": _attempt_key(login, address)})


def _attempt_key(login: str, address: str) -> str:
    return hashlib.sha256(f"{login}\0{address}".encode()).hexdigest()


def _date(at_ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC)
