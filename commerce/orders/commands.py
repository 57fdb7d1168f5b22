"""What can be asked of orders. Each names the documents that deciding it needs."""

import msgspec

from commerce.orders.rules import Move
from schemas.accounts import Actor
from schemas.base import Ms
from schemas.orders import Fulfilment, NewOrder
from schemas.payments import PaymentEvent


class Staff(msgspec.Struct, frozen=True):
    """Who of the staff acts, by which grant, in which request: batches mix requests."""

    actor: Actor
    grant: str
    request: str


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all commands: who asks (an account id, `system`), when, and about what."""

    by: str
    at: Ms
    order: str = ""
    """Id of the order; empty when the payment leads to it."""
    payment: str = ""
    """Id of the payment: of the new one with `order`, of the known one without."""
    staff: "Staff | None" = None
    """Set when the staff acts; the audit trail then tells of it."""


class Place(Command, frozen=True, kw_only=True):
    """Place a new order; `order` is the id it will have."""

    buyer: str
    actor: Actor
    """Who buys, with what she is: a closed show sells to its own people."""
    new: NewOrder
    key: str
    request: str
    expires_at: Ms
    provider: str = ""
    """Whom it will probably be paid through: its payment, `payment`, is opened with it. Empty: later."""


class OpenPayment(Command, frozen=True, kw_only=True):
    """Begin to pay; `payment` is the id of a new payment unless one is open."""

    provider: str


class ApplyEvent(Command, frozen=True, kw_only=True):
    """Take in what a provider tells of a payment."""

    provider: str
    event: PaymentEvent


class Close(Command, frozen=True, kw_only=True):
    """Give an unpaid order up: CANCEL by its buyer or the staff, EXPIRE when its time is over."""

    move: Move
    reason: str = ""


class Fulfil(Command, frozen=True, kw_only=True):
    """Take the next step towards the buyer."""

    step: Fulfilment
    code: str = ""
    """The pick-up code: the one the order gets when it is ready, the one that was told to complete it."""


class AskRefund(Command, frozen=True, kw_only=True):
    """The buyer wants the money back: at once while nothing has left the store, else it is noted."""

    reason: str


class Refund(Command, frozen=True, kw_only=True):
    """The staff gives the money back."""

    reason: str


class NoteRefunded(Command, frozen=True, kw_only=True):
    """The provider has given the money back."""
