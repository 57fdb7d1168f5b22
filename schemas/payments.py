"""Payments: one attempt to pay an order through a provider."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import Document, Ms
from schemas.money import Money


class PaymentState(StrEnum):
    """Where a payment stands."""

    OPEN = "open"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"
    """The buyer called it off, or its time ran out."""
    REFUNDING = "refunding"
    """The money must go back: the provider is asked until it says yes."""
    REFUNDED = "refunded"


class Payment(Document, frozen=True, kw_only=True):
    """A payment of an order."""

    order: str
    business: str
    account: str
    provider: str
    amount: Money
    title: str
    """What the buyer sees on the payment page."""
    state: PaymentState = PaymentState.OPEN
    expires_at: Ms
    paid_at: Ms | None = None
    refund_reason: str = ""
    events: list[str] = []
    """Ids of the provider's events that were applied."""
    next_try_at: Ms = 0
    """While open: when the provider is asked whether a callback was lost. While refunding: the next try."""
    tries: int = 0


class PaymentEventKind(StrEnum):
    """What a provider tells."""

    SUCCEEDED = "payment.succeeded"
    CLOSED = "payment.closed"


class PaymentEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A fact told by a provider, in a signed callback or in the answer to a query."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    kind: PaymentEventKind
    payment: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    amount: Money
    at: Ms
