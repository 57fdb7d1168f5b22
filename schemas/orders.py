"""Orders: what a buyer asked for, at which price, and how far it has come."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.addresses import Address, PersonName, PhoneNumber
from schemas.base import SECRET, Document, Ms, Value
from schemas.money import Money
from schemas.stores import StorePlace

MAX_QUANTITY = 99
MAX_LINES = 20
Note = Annotated[str, msgspec.Meta(max_length=200)]
Reason = Annotated[str, msgspec.Meta(max_length=200)]


class OrderState(StrEnum):
    """States of an order; the moves between them are in `commerce.orders.rules`."""

    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    READY = "ready"
    """Waits in the store to be picked up."""
    SHIPPED = "shipped"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Courier(Value, frozen=True, kw_only=True, tag="courier"):
    """A parcel brought to an address."""

    address: Address


class PickUp(Value, frozen=True, kw_only=True, tag="pick_up"):
    """Collected at a store of the business by whoever has the order's pick-up code."""

    name: PersonName
    phone: PhoneNumber
    store: Annotated[str, msgspec.Meta(max_length=60, description="Id of the store")] = ""


Delivery = Courier | PickUp


class NewOrderLine(Value, frozen=True, kw_only=True):
    """A product wanted. `price` is the price the buyer saw and agrees to."""

    product: str
    sku: Annotated[str, msgspec.Meta(description="Empty for a product without SKUs")] = ""
    quantity: Annotated[int, msgspec.Meta(ge=1, le=MAX_QUANTITY)] = 1
    price: Money


class NewOrder(Value, frozen=True, kw_only=True):
    """An order to be placed; with a program, at the live prices of its shelf."""

    program: str = ""
    lines: Annotated[list[NewOrderLine], msgspec.Meta(min_length=1, max_length=MAX_LINES)]
    delivery: Delivery
    note: Note = ""


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """A product as it was sold: title, picture and prices of that moment stay."""

    product: str
    sku: str
    title: str
    sku_title: str = ""
    picture: str = ""
    quantity: int
    price: Money
    list_price: Money | None = None
    price_version: str
    """Where the price stood: `<program or product>@<its revision>`."""
    allotment: str = ""
    """Room log whose allotment the units were taken from; empty: from the free stock."""


class OrderStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an order's way."""

    state: OrderState
    at: Ms
    by: str
    reason: str = ""


class RefundAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer wants the money back and an operator has to agree."""

    at: Ms
    reason: str = ""


class Order(Document, frozen=True, kw_only=True):
    """One buyer's order in one business."""

    business: str
    account: str
    buyer: str
    """Name of the buyer's account when ordering."""
    program: str = ""
    log: str = ""
    lines: list[OrderLine]
    amount: Money
    delivery: Delivery
    store: StorePlace | None = None
    """Where it is collected, as the store was when it was ordered."""
    pick_up_code: Annotated[str, SECRET] = ""
    """What its buyer tells in the store; there is one as soon as it is ready."""
    note: str = ""
    state: OrderState = OrderState.PENDING_PAYMENT
    expires_at: Ms
    """Until when it may be paid; the units are reserved that long."""
    paid_at: Ms | None = None
    payment: str = ""
    """The payment that paid it, or the last one opened."""
    refund_asked: RefundAsked | None = None
    restocked: bool = False
    """Refunded before its units left the store, so they are for sale again."""
    steps: list[OrderStep] = []
    key: str
    """Idempotency key: unique per account."""
    request: str
    """SHA-256 of what was asked under the key."""
    demo: bool = False


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """An order as its buyer and the staff of its business see it."""

    id: str
    business: str
    account: str
    buyer: str
    program: str
    lines: list[OrderLine]
    amount: Money
    delivery: Delivery
    store: StorePlace | None
    pick_up_code: str
    """Told to the buyer only; empty until the order is ready in its store."""
    note: str
    state: OrderState
    expires_at: Ms
    paid_at: Ms | None
    refund_asked: RefundAsked | None
    steps: list[OrderStep]
    demo: bool
    created_at: Ms
    rev: int


class PayPlace(Value, frozen=True, kw_only=True):
    """Where the payment page sends the buyer back to: a path of our own pages."""

    return_path: Annotated[
        str, msgspec.Meta(max_length=300, pattern=r"^/([^/\\].*)?$", description="Path on our own pages")
    ] = "/"


class PayPage(msgspec.Struct, frozen=True, kw_only=True):
    """The address of the payment page."""

    payment: str
    url: str
    expires_at: Ms


class ReasonGiven(Value, frozen=True, kw_only=True):
    """Why, in a few words."""

    reason: Reason = ""


class Fulfilment(StrEnum):
    """What the store has done for an order."""

    READY = "ready"
    SHIP = "ship"
    COMPLETE = "complete"


class FulfilOrder(Value, frozen=True, kw_only=True):
    """The next step of an order's fulfilment."""

    step: Fulfilment
    code: Annotated[
        str, msgspec.Meta(max_length=20, description="The buyer's pick-up code, to complete a pick-up")
    ] = ""
