"""Sealing: a Merkle root per business and hour, computed aside, over entries that are there already.

Nothing is written while an action runs: no document that all actions would share. A root is computed
`SETTLE_MS` after its hour is over, when nobody writes into it any more (`closing`). Killed half way, the
hour is begun anew: the parts of a tree are the same again, and the root, written last, is what counts.
"""

import asyncio

from content.audit.closing import QUIET_MS, close
from content.audit.rules.merkle import SPAN, canonical, chained, head, leaf_hash
from content.audit.store import HOUR_MS, first_hour, keep_leaves, last_root, roots, stored_entries
from content.businesses.store import businesses
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Unavailable, Unknown, to_doc
from infra.telemetry import get_logger
from schemas.audit import Leaves, Root

SETTLE_MS = 5 * 60_000
LOOK_S = 30.0
log = get_logger("audit")


async def make_rounds(db: Database) -> None:
    """Seal what is due until cancelled."""
    while True:
        try:
            await seal_due(db, now_ms())
        except (Unavailable, Unknown) as away:
            log.warning("sealing_interrupted", reason=str(away)[:200])
        await asyncio.sleep(LOOK_S)


async def seal_due(db: Database, now: int) -> list[Root]:
    """Seal every hour that is over and settled; give the new roots."""
    made = []
    quiet = await close(db, (now + QUIET_MS - SETTLE_MS) // HOUR_MS * HOUR_MS, now)
    docs = await businesses.collection(db).find({}, projection={"_id": 1})
    for business in ["", *(doc["_id"] for doc in docs)]:
        last = await last_root(db, business)
        while True:
            hour = await first_hour(db, business, last.hour + HOUR_MS if last else 0)
            if hour is None or hour + HOUR_MS > quiet:
                break
            last = await seal(db, business, hour, last.chain if last else "")
            made.append(last)
    return made


async def seal(db: Database, business: str, hour: int, previous: str) -> Root:
    """Compute and keep the root of an hour; one that is there already stays."""
    name = root_id(business, hour)
    after, count, tops = "", 0, list[bytes]()
    while docs := await stored_entries(db, business, hour, after, SPAN):
        hashes = [leaf_hash(canonical(doc)) for doc in docs]
        await keep_leaves(db, Leaves(id=f"{name}:{len(tops)}", root=name, hashes=b"".join(hashes)))
        tops.append(head(hashes))
        count, after = count + len(docs), docs[-1]["_id"]
    top = head(tops).hex()
    root = Root(
        id=name,
        created_at=now_ms(),
        business=business,
        hour=hour,
        entries=count,
        root=top,
        previous=previous,
        chain=chained(previous, top),
        tops=tops,
    )
    try:
        await roots.collection(db).insert_one(to_doc(root))
    except DuplicateKey:
        return await roots.get(db, name)
    log.info("sealed", root=name, entries=count)
    return root


def root_id(business: str, hour: int) -> str:
    """Name the root of an hour."""
    return f"{business or '*'}:{hour // HOUR_MS}"
