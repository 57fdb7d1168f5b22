"""Marketing credit: budgets of businesses, escrow of red envelopes, wallets of viewers.

Credit is granted, never topped up, and never withdrawn.
"""

from enum import StrEnum

import msgspec

from schemas.base import Document, Ms, Value
from schemas.money import Money


class EntryKind(StrEnum):
    """Why credit moved."""

    GRANT = "grant"
    """Into a business's budget."""
    ESCROW = "escrow"
    """From the budget into an envelope."""
    WIN = "win"
    """From an envelope into a wallet."""
    RETURN = "return"
    """What nobody grabbed, back into the budget."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of credit between two ledger accounts; entries are only ever added.

    `id` is the idempotency key. Ledger accounts are `issued:<business>`, `budget:<business>`,
    `held:<envelope>` and `wallet:<business>:<account>`.
    """

    id: str
    kind: EntryKind
    business: str
    source: str
    target: str
    amount: int
    """Minor units, above 0."""
    at: Ms
    envelope: str = ""
    user: str = ""
    slot: int | None = None
    actor: str = ""


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What the entries of a ledger account come to; kept beside them and checked against them."""

    id: str
    business: str
    balance: int
    """Minor units; below 0 only for `issued`."""
    user: str = ""


class EscrowState(StrEnum):
    """Whether an envelope still pays."""

    OPEN = "open"
    CLOSED = "closed"


class Escrow(Document, frozen=True, kw_only=True):
    """Credit set aside for one red envelope; its id is the id of the envelope."""

    business: str
    program: str
    log: str
    amount: int
    credited: int = 0
    returned: int = 0
    state: EscrowState = EscrowState.OPEN


class Win(msgspec.Struct, frozen=True, kw_only=True):
    """A packet somebody grabbed, as the room log tells it."""

    envelope: str
    user: str
    slot: int
    amount: int
    at: Ms = 0


class WalletBalance(msgspec.Struct, frozen=True, kw_only=True):
    """Credit a person holds in one business."""

    business: str
    credit: Money


class WalletEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a wallet."""

    id: str
    kind: EntryKind
    business: str
    credit: Money
    at: Ms
    envelope: str


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """A person's marketing credit and how it came about, newest first."""

    balances: list[WalletBalance]
    entries: list[WalletEntry]
    next_cursor: str | None = None


class GrantBudget(Value, frozen=True, kw_only=True):
    """Marketing credit for a business to give away."""

    credit: Money


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What a business can still give away."""

    business: str
    credit: Money
    held: Money
    """Set aside for envelopes that are open."""
