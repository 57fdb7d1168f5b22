"""Writes that are sent twice take effect once: the Idempotency-Key store.

A key belongs to an account, a method and a path. The first request with it runs; one that comes
meanwhile waits for its answer; one that comes within a day gets the kept answer. Only answers of
writes that took effect are kept (sealed: they may hold a stream key); a refused write can be sent
again with the same key. A process that dies in between leaves a lease that runs out.
"""

import asyncio
import datetime
import hashlib
from collections.abc import Awaitable, Callable

import msgspec

from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey
from infra.tokens import Tokens
from schemas.problems import CommonRefusal, Refused
from workers.web.render import Answer

COLLECTION = "idempotency"
KEPT_MS = 24 * 3_600_000
LEASE_MS = 30_000
WAIT_S = 10.0
LOOK_S = 0.05
MAX_KEY = 200


class Attempt(msgspec.Struct, frozen=True):
    """A write with a key: `key` names it, `fingerprint` tells whether it is the same write."""

    key: str
    fingerprint: str


def attempt(account: str, method: str, path: str, key: str, body: bytes) -> Attempt:
    """Name a write; raises Refused(invalid) for a key that is too long."""
    if len(key) > MAX_KEY:
        raise Refused(CommonRefusal.INVALID, detail=f"Idempotency-Key: at most {MAX_KEY} characters")
    name = "\0".join((account, method, path, key))
    return Attempt(hashlib.sha256(name.encode()).hexdigest(), hashlib.sha256(body).hexdigest())


async def ensure_indexes(db: Database) -> None:
    """Create the index that lets kept answers leave."""
    await db.collection(COLLECTION).ensure_index([("expires", 1)], name="expiry", expire_s=0)


async def once(db: Database, tokens: Tokens, this: Attempt, act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Give the kept answer of the write, or act and keep the answer.

    Raises Refused(idempotency_key_reused) for another body under the same key, Refused(conflict)
    when the first request takes too long.
    """
    deadline = asyncio.get_running_loop().time() + WAIT_S
    while not await _claim(db, this):
        kept = await _look(db, tokens, this)
        if kept is not None:
            return kept
        if asyncio.get_running_loop().time() > deadline:
            raise Refused(CommonRefusal.CONFLICT, retry_after=1)
        await asyncio.sleep(LOOK_S)
    try:
        answer = await act()
    except BaseException:
        await asyncio.shield(db.collection(COLLECTION).delete_one({"_id": this.key}))
        raise
    await db.collection(COLLECTION).update_one({"_id": this.key}, {"$set": _kept(tokens, answer)})
    return answer


async def _claim(db: Database, this: Attempt) -> bool:
    """Tell whether this request is the one to act."""
    now = now_ms()
    lease = {"fingerprint": this.fingerprint, "done": False, "lease_until": now + LEASE_MS}
    doc = {"_id": this.key, **lease, "expires": _date(now + KEPT_MS)}
    collection = db.collection(COLLECTION)
    try:
        await collection.insert_one(doc)
        return True
    except DuplicateKey:
        abandoned = {"_id": this.key, "done": False, "lease_until": {"$lt": now}}
        return await collection.update_one(abandoned, {"$set": lease}) == 1


async def _look(db: Database, tokens: Tokens, this: Attempt) -> Answer | None:
    doc = await db.collection(COLLECTION).find_one({"_id": this.key})
    if doc is None:
        return None
    if doc["fingerprint"] != this.fingerprint:
        raise Refused(CommonRefusal.IDEMPOTENCY_KEY_REUSED)
    if not doc["done"]:
        return None
    body = tokens.unseal(doc["body"])
    return Answer(doc["status"], body.encode(), {**doc["headers"], "idempotent-replay": "true"})


def _kept(tokens: Tokens, answer: Answer) -> dict[str, object]:
    body = tokens.seal(answer.body.decode())  # writes answer JSON or nothing
    return {"done": True, "status": answer.status, "headers": answer.headers, "body": body}


def _date(at_ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC)
