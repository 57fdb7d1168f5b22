"""Pure decisions about marketing credit: which ledger accounts there are, and what an escrow allows."""

from collections.abc import Sequence

import msgspec

from content.authority import grant
from schemas.accounts import Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode
from schemas.wallets import Entry, EntryKind, Escrow, EscrowState, Win

GRANT = grant("budgets.grant")
READ = grant("budgets.read", Role.BUSINESS_OPERATOR, Role.ANCHOR)
GRANTS = (GRANT, READ)


class WalletRefusal(RefusalCode):
    """Why credit can't be moved."""

    BUDGET_SHORT = "budget_short"


class Overdrawn(Exception):
    """A log tells of more winnings than its envelope holds: a mistake of ours, never a caller's."""


def issued(business: str) -> str:
    """Name the account all credit of a business comes from; it alone is below 0."""
    return f"issued:{business}"


def budget(business: str) -> str:
    """Name the account of what a business can give away."""
    return f"budget:{business}"


def held(envelope: str) -> str:
    """Name the account of what is set aside for an envelope."""
    return f"held:{envelope}"


def wallet(business: str, user: str) -> str:
    """Name the account of what a person has from a business."""
    return f"wallet:{business}:{user}"


def check_budget(balance: int, wanted: int) -> Refusal | None:
    """Refuse an envelope that the budget can't pay."""
    if wanted <= balance:
        return None
    return Refusal(WalletRefusal.BUDGET_SHORT, {"left": balance, "wanted": wanted})


def check_same(escrow: Escrow, business: str, log: str, amount: int) -> Refusal | None:
    """Refuse to open an envelope's escrow again for something else."""
    if (escrow.business, escrow.log, escrow.amount) == (business, log, amount):
        return None
    return Refusal(CommonRefusal.CONFLICT, {"envelope": escrow.id})


def credit(escrow: Escrow, wins: Sequence[Win]) -> Escrow:
    """Give the escrow after paying some packets; raises Overdrawn."""
    paid = escrow.credited + sum(win.amount for win in wins)
    if escrow.state is not EscrowState.OPEN or paid + escrow.returned > escrow.amount:
        raise Overdrawn(f"{escrow.id} ({escrow.state}) holds {escrow.amount}, is to pay {paid}")
    return msgspec.structs.replace(escrow, credited=paid)


def close(escrow: Escrow) -> Escrow:
    """Give the escrow after what nobody grabbed went back; closed once, closed for ever."""
    if escrow.state is EscrowState.CLOSED:
        return escrow
    return msgspec.structs.replace(escrow, state=EscrowState.CLOSED, returned=escrow.amount - escrow.credited)


def win_entry(escrow: Escrow, win: Win, now: int) -> Entry:
    """Write a packet down; its id makes it unique per slot."""
    return Entry(
        id=f"win:{win.envelope}:{win.slot:06d}",
        kind=EntryKind.WIN,
        business=escrow.business,
        source=held(escrow.id),
        target=wallet(escrow.business, win.user),
        amount=win.amount,
        at=win.at or now,
        envelope=win.envelope,
        user=win.user,
        slot=win.slot,
    )
