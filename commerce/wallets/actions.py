"""Verbs of marketing credit.

Double entry: every movement takes from one ledger account what it gives to another, so that
`budget + held + wallets` of a business is always what was granted. Entries are only added.
"""

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import Counter, Gauge

from commerce.wallets import rules, store
from commerce.wallets.store import escrows
from content import audit
from content.authority import authorise
from content.businesses.store import businesses
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session
from infra.telemetry import get_logger
from schemas.accounts import Actor
from schemas.money import Money
from schemas.problems import CommonRefusal, Refused
from schemas.wallets import (
    Budget,
    Entry,
    EntryKind,
    Escrow,
    EscrowState,
    Wallet,
    WalletBalance,
    WalletEntry,
    Win,
)

Advance = Callable[[Session], Awaitable[bool]]
"""Moves a projection's checkpoint in a transaction; False: somebody has moved it already."""

log = get_logger("wallets")
TWICE = Counter(
    "kaibo_wallet_second_net_total", "Winnings that only a unique key kept from being paid twice."
)
UNBALANCED = Gauge(
    "kaibo_ledger_unbalanced_accounts",
    "Ledger accounts whose balance isn't the sum of their entries; must be 0.",
)


class CreditedTwice(Exception):
    """A user or a slot of an envelope was credited before: the projection's fence has a hole."""


async def grant_budget(db: Database, actor: Actor, business: str, credit: Money, key: str) -> Budget:
    """Grant a business credit to give away, once per key. Operators of the platform only."""
    authorise(actor, rules.GRANT, business)
    await businesses.get(db, business)
    entry = Entry(
        id=f"grant:{business}:{key}",
        kind=EntryKind.GRANT,
        business=business,
        source=rules.issued(business),
        target=rules.budget(business),
        amount=credit.amount,
        at=now_ms(),
        actor=actor.id,
    )

    async def work(session: Session) -> None:
        if (before := await store.find_entry(db, entry.id, session)) is not None:
            if before.amount != entry.amount:
                raise Refused(CommonRefusal.IDEMPOTENCY_KEY_REUSED)
            return
        await store.write(db, session, [entry])
        await audit.record(
            db,
            session,
            actor,
            rules.GRANT.name,
            target=business,
            business=business,
            data={"amount": credit.amount},
        )

    try:
        await db.transact(work)
    except DuplicateKey:  # granted under this key in this very moment
        await db.transact(work)
    return await read_budget(db, actor, business)


async def open_escrow(
    db: Database, *, envelope: str, business: str, program: str, log: str, amount: int
) -> Escrow:
    """Set credit aside for an envelope before it rains; again: the same escrow.

    Raises Refused(budget_short), Refused(conflict) for an envelope that was opened for something else.
    """
    wanted = Escrow(id=envelope, business=business, program=program, log=log, amount=amount)

    async def work(session: Session) -> Escrow:
        if (before := await escrows.find(db, {"_id": envelope}, session)) is not None:
            if refusal := rules.check_same(before, business, log, amount):
                raise Refused(refusal)
            return before
        left = await store.balance(db, rules.budget(business), session)
        if refusal := rules.check_budget(left, amount):
            raise Refused(refusal)
        entry = Entry(
            id=f"escrow:{envelope}",
            kind=EntryKind.ESCROW,
            business=business,
            source=rules.budget(business),
            target=rules.held(envelope),
            amount=amount,
            at=now_ms(),
            envelope=envelope,
        )
        await store.write(db, session, [entry])
        return await escrows.insert(db, session, wanted)

    try:
        return await db.transact(work)
    except DuplicateKey:  # opened in this very moment
        return await db.transact(work)


async def credit_winners(db: Database, session: Session, wins: Sequence[Win]) -> None:
    """Pay packets into wallets, in the transaction of the caller's projection.

    The caller has fenced the transaction with its checkpoint: a batch of the log comes once.
    Raises CreditedTwice if it does not (and sets the alarm), Overdrawn if the log pays more than
    the envelope holds; both abort the transaction.
    """
    now = now_ms()
    entries: list[Entry] = []
    for envelope in sorted({win.envelope for win in wins}):
        escrow = await escrows.get(db, envelope, session)
        own = [win for win in wins if win.envelope == envelope]
        await escrows.replace(db, session, rules.credit(escrow, own))
        entries += [rules.win_entry(escrow, win, now) for win in own]
    try:
        await store.write(db, session, entries)
    except DuplicateKey as twice:
        TWICE.inc()
        log.error("credited_twice", key=twice.key)
        raise CreditedTwice(str(twice.key)) from twice


async def project_winners(db: Database, wins: Sequence[Win], advance: Advance) -> bool:
    """Pay a log batch's packets in a transaction of its own, fenced by `advance`.

    False: the batch was projected before, and nothing was done.
    """

    async def work(session: Session) -> bool:
        if not await advance(session):
            return False
        await credit_winners(db, session, wins)
        return True

    return await db.transact(work)


async def return_rest(db: Database, session: Session, envelope: str) -> Escrow:
    """Give back to the budget what nobody grabbed, and close the envelope; again: nothing.

    In the transaction of the caller's projection, after the last packet was credited.
    """
    before = await escrows.get(db, envelope, session)
    after = rules.close(before)
    if after is before:
        return before
    if after.returned:
        entry = Entry(
            id=f"return:{envelope}",
            kind=EntryKind.RETURN,
            business=after.business,
            source=rules.held(envelope),
            target=rules.budget(after.business),
            amount=after.returned,
            at=now_ms(),
            envelope=envelope,
        )
        await store.write(db, session, [entry])
    return await escrows.replace(db, session, after)


async def read_budget(db: Database, actor: Actor, business: str) -> Budget:
    """Tell what a business can still give away, to its operators and its anchors, who let it rain."""
    authorise(actor, rules.READ, business)
    open_ones = {"business": business, "state": EscrowState.OPEN}
    docs = await escrows.collection(db).find(open_ones, projection={"amount": 1, "credited": 1})
    return Budget(
        business=business,
        credit=Money(amount=await store.balance(db, rules.budget(business))),
        held=Money(amount=sum(doc["amount"] - doc["credited"] for doc in docs)),
    )


async def read_wallet(db: Database, actor: Actor, *, cursor: str = "", limit: int = 20) -> Wallet:
    """Show the actor's own wallet."""
    if actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    found = await store.entries_of(db, actor.id, cursor, limit + 1)
    shown = found[:limit]
    return Wallet(
        balances=[
            WalletBalance(business=one.business, credit=Money(amount=one.balance))
            for one in await store.balances_of(db, actor.id)
        ],
        entries=[
            WalletEntry(
                id=one.id,
                kind=one.kind,
                business=one.business,
                credit=Money(amount=one.amount),
                at=one.at,
                envelope=one.envelope,
            )
            for one in shown
        ],
        next_cursor=f"{shown[-1].at}:{shown[-1].id}" if len(found) > limit else None,
    )


async def check_ledger(db: Database) -> dict[str, tuple[int, int]]:
    """Give the ledger accounts whose kept balance isn't the sum of their entries: (kept, sum)."""
    kept, summed = await store.balances(db), await store.sums(db)
    wrong = {
        account: (kept.get(account, 0), summed.get(account, 0))
        for account in kept.keys() | summed.keys()
        if kept.get(account, 0) != summed.get(account, 0)
    }
    UNBALANCED.set(len(wrong))
    if wrong:
        log.error("ledger_unbalanced", accounts=wrong)
    return wrong
