"""Collections of the ledger: entries that are only added, and the balances they come to."""

from collections.abc import Sequence
from typing import Any

from commerce.wallets import rules
from content.documents import Documents
from infra.mongo import Database, Session, from_doc, to_doc
from schemas.wallets import Balance, Entry, EntryKind, Escrow, EscrowState

escrows = Documents("escrows", Escrow)
ENTRIES = "ledger_entries"
BALANCES = "ledger_balances"


async def ensure_indexes(db: Database) -> None:
    """Create the indexes. Those of wins are the second net under the room's exactly-once."""
    entries, kept = db.collection(ENTRIES), db.collection(BALANCES)
    wins, of_people = {"kind": EntryKind.WIN}, {"user": {"$gt": ""}}
    await entries.ensure_index([("envelope", 1), ("user", 1)], name="one_per_user", unique=True, partial=wins)
    await entries.ensure_index([("envelope", 1), ("slot", 1)], name="one_per_slot", unique=True, partial=wins)
    await entries.ensure_index([("user", 1), ("at", -1), ("_id", -1)], name="user", partial=of_people)
    await kept.ensure_index([("user", 1)], name="user", partial=of_people)
    await kept.ensure_index([("business", 1)], name="business")
    await escrows.collection(db).ensure_index([("business", 1), ("state", 1)], name="business")
    await escrows.collection(db).ensure_index([("state", 1), ("log", 1)], name="log")


async def open_escrows(db: Database, log: str = "") -> list[Escrow]:
    """Give the escrows that still pay: those of a room's log, or of all."""
    where = {"state": EscrowState.OPEN, **({"log": log} if log else {})}
    return [from_doc(Escrow, doc) for doc in await escrows.collection(db).find(where)]


async def balance(db: Database, account: str, session: Session | None = None) -> int:
    """Give the balance of a ledger account; 0 if nothing was ever moved."""
    doc = await db.collection(BALANCES).find_one({"_id": account}, session=session)
    return 0 if doc is None else int(doc["balance"])


async def find_entry(db: Database, identifier: str, session: Session | None = None) -> Entry | None:
    """Find the entry with a key."""
    doc = await db.collection(ENTRIES).find_one({"_id": identifier}, session=session)
    return None if doc is None else from_doc(Entry, doc)


async def write(db: Database, session: Session, entries: Sequence[Entry]) -> None:
    """Add entries and move the balances by them; raises DuplicateKey when one is there already."""
    if not entries:
        return
    await db.collection(ENTRIES).insert_many([to_doc(entry) for entry in entries], session=session)
    await _move(db, session, entries)


async def _move(db: Database, session: Session, entries: Sequence[Entry]) -> None:
    """Move balances: all those that are there in one read and one write, new ones in one insert."""
    moved: dict[str, int] = {}
    owners: dict[str, Entry] = {}
    for entry in entries:
        for account, amount in ((entry.source, -entry.amount), (entry.target, entry.amount)):
            moved[account] = moved.get(account, 0) + amount
            owners[account] = entry
    collection = db.collection(BALANCES)
    found = await collection.find({"_id": {"$in": sorted(moved)}}, session=session)
    known = {doc["_id"]: doc for doc in found}
    changed = [
        ({"_id": account, "balance": doc["balance"]}, {**doc, "balance": doc["balance"] + moved[account]})
        for account, doc in known.items()
    ]
    fresh = [
        to_doc(_opened(account, amount, owners[account]))
        for account, amount in moved.items()
        if account not in known
    ]
    if fresh:
        await collection.insert_many(fresh, session=session)
    if changed and await collection.replace_each(changed, session=session) != len(changed):
        raise AssertionError("a balance moved under a transaction")


def _opened(account: str, amount: int, entry: Entry) -> Balance:
    in_wallet = account == rules.wallet(entry.business, entry.user)
    return Balance(id=account, business=entry.business, balance=amount, user=entry.user if in_wallet else "")


async def balances_of(db: Database, user: str) -> list[Balance]:
    """Give a person's balances, one per business."""
    docs = await db.collection(BALANCES).find({"user": user}, sort=[("business", 1)])
    return [from_doc(Balance, doc) for doc in docs]


async def entries_of(db: Database, user: str, before: str, limit: int) -> list[Entry]:
    """Give a person's entries, newest first, from below the cursor `<at>:<entry id>` (empty: the newest)."""
    where: dict[str, Any] = {"user": user}
    if before:
        at, _, identifier = before.partition(":")
        where["$or"] = [{"at": {"$lt": int(at)}}, {"at": int(at), "_id": {"$lt": identifier}}]
    docs = await db.collection(ENTRIES).find(where, sort=[("at", -1), ("_id", -1)], limit=limit)
    return [from_doc(Entry, doc) for doc in docs]


async def sums(db: Database) -> dict[str, int]:
    """Add up the entries: what each ledger account must have."""
    pipeline: list[dict[str, Any]] = [
        {
            "$project": {
                "sides": [
                    {"account": "$source", "amount": {"$multiply": ["$amount", -1]}},
                    {"account": "$target", "amount": "$amount"},
                ]
            }
        },
        {"$unwind": "$sides"},
        {"$group": {"_id": "$sides.account", "balance": {"$sum": "$sides.amount"}}},
    ]
    return {doc["_id"]: int(doc["balance"]) for doc in await db.collection(ENTRIES).aggregate(pipeline)}


async def balances(db: Database) -> dict[str, int]:
    """Give all balances as they are kept."""
    return {doc["_id"]: int(doc["balance"]) for doc in await db.collection(BALANCES).find({})}
