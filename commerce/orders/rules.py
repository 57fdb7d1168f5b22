"""Pure decisions about orders: the state machine, prices, limits."""

import hmac
from collections.abc import Mapping, Sequence
from enum import StrEnum

from commerce.products.skus import for_sale, priced
from commerce.stores import rules as store_rules
from content.authority import grant
from content.programs.rules import ON_AIR
from schemas.accounts import Role
from schemas.commerce import Product
from schemas.content import Offer, Program
from schemas.money import MAX_AMOUNT, Money
from schemas.orders import (
    Courier,
    Delivery,
    Fulfilment,
    NewOrder,
    NewOrderLine,
    Order,
    OrderLine,
    OrderState,
)
from schemas.problems import CommonRefusal, Refusal, RefusalCode
from schemas.stores import Store, StorePlace

READ = grant("orders.read", Role.BUSINESS_OPERATOR)
FULFIL = grant("orders.fulfil", Role.BUSINESS_OPERATOR)
REFUND = grant("orders.refund", Role.BUSINESS_OPERATOR)
CANCEL = grant("orders.cancel", Role.BUSINESS_OPERATOR)
GRANTS = (READ, FULFIL, REFUND, CANCEL)

MAX_UNPAID = 5
"""Orders one buyer may leave unpaid at a time: each holds units others can't buy."""


class OrderRefusal(RefusalCode):
    """Why an order is refused."""

    PRICE_CHANGED = "price_changed"
    NOT_ON_SALE = "not_on_sale"
    PROGRAM_NOT_SELLING = "program_not_selling"
    OVER_LIMIT = "over_limit"
    TOO_MANY_UNPAID = "too_many_unpaid"
    SEVERAL_BUSINESSES = "several_businesses"
    WRONG_DELIVERY = "wrong_delivery"
    PAYMENT_OVERDUE = "payment_overdue"
    PICK_UP_CODE_WRONG = "pick_up_code_wrong"


class Move(StrEnum):
    """What can happen to an order's state."""

    PAY = "pay"
    READY = "ready"
    SHIP = "ship"
    COMPLETE = "complete"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REFUND = "refund"
    REFUNDED = "refunded"


S = OrderState
MOVES: Mapping[Move, Mapping[OrderState, OrderState]] = {
    Move.PAY: {S.PENDING_PAYMENT: S.PAID},
    Move.READY: {S.PAID: S.READY},
    Move.SHIP: {S.PAID: S.SHIPPED},
    Move.COMPLETE: {S.READY: S.DONE, S.SHIPPED: S.DONE},
    Move.CANCEL: {S.PENDING_PAYMENT: S.CANCELLED},
    Move.EXPIRE: {S.PENDING_PAYMENT: S.EXPIRED},
    Move.REFUND: {S.PAID: S.REFUNDING, S.READY: S.REFUNDING, S.SHIPPED: S.REFUNDING, S.DONE: S.REFUNDING},
    Move.REFUNDED: {S.REFUNDING: S.REFUNDED},
}
"""The whole state machine: from which state a move leads where."""

IN_STORE = frozenset({S.PAID, S.READY})
"""Paid, and the units have not left: a refund happens at once and the units are for sale again."""
COUNTS = frozenset({S.PENDING_PAYMENT, S.PAID, S.READY, S.SHIPPED, S.DONE})
"""States that count towards a buyer's limit."""
FULFILMENT: Mapping[Fulfilment, Move] = {
    Fulfilment.READY: Move.READY,
    Fulfilment.SHIP: Move.SHIP,
    Fulfilment.COMPLETE: Move.COMPLETE,
}


def move(state: OrderState, wanted: Move) -> OrderState | Refusal:
    """Give the state a move leads to, or say from which states it was expected."""
    leads = MOVES[wanted]
    if state not in leads:
        expected = " or ".join(leads)
        return Refusal(CommonRefusal.WRONG_STATE, {"move": wanted, "expected": expected, "got": state})
    return leads[state]


def check_delivery(delivery: Delivery, step: Fulfilment) -> Refusal | None:
    """Refuse to ship what is collected, and to lay ready what is shipped."""
    by_courier = isinstance(delivery, Courier)
    if (step is Fulfilment.SHIP and not by_courier) or (step is Fulfilment.READY and by_courier):
        return Refusal(OrderRefusal.WRONG_DELIVERY, {"delivery": "courier" if by_courier else "pick_up"})
    return None


def collect_at(delivery: Delivery, stores: Mapping[str, Store], business: str) -> StorePlace | Refusal | None:
    """Give the store where an order is collected; None for a parcel."""
    if isinstance(delivery, Courier):
        return None
    return store_rules.collect_at(stores.get(delivery.store), delivery.store, business)


def check_code(order: Order, told: str) -> Refusal | None:
    """Refuse to hand over what is collected to somebody without its code."""
    if hmac.compare_digest(order.pick_up_code.encode(), told.strip().encode()) or not order.pick_up_code:
        return None
    return Refusal(OrderRefusal.PICK_UP_CODE_WRONG, {"pointer": "/code"})


def check_payable(order: Order, now: int) -> Refusal | None:
    """Refuse to pay an order that isn't waiting for it, or whose time is over."""
    if isinstance(refusal := move(order.state, Move.PAY), Refusal):
        return refusal
    if now >= order.expires_at:
        return Refusal(OrderRefusal.PAYMENT_OVERDUE, {"expired_at": order.expires_at})
    return None


def price_lines(
    new: NewOrder, products: Mapping[str, Product], program: Program | None
) -> list[OrderLine] | Refusal:
    """Give the lines as they are sold now: at the live price with a program, else at the usual one.

    Refuses what is not on sale, a price that is not the one the buyer saw (both are told), and
    an order across businesses or currencies, and the same SKU twice.
    """
    if new.program and (program is None or program.state not in ON_AIR):
        got = program.state if program else "none"
        return Refusal(OrderRefusal.PROGRAM_NOT_SELLING, {"program": new.program, "got": got})
    offers = {offer.product: offer for offer in program.shelf} if program else {}
    lines: list[OrderLine] = []
    for place, wanted in enumerate(new.lines):
        line = _price_line(f"/lines/{place}", wanted, products.get(wanted.product), program, offers)
        if isinstance(line, Refusal):
            return line
        if any(line.sku == other.sku for other in lines):
            return Refusal(CommonRefusal.INVALID, {"pointer": f"/lines/{place}/sku", "got": line.sku})
        lines.append(line)
    if len({(products[line.product].business, line.price.currency) for line in lines}) > 1:
        return Refusal(OrderRefusal.SEVERAL_BUSINESSES)
    if total(lines).amount > MAX_AMOUNT:
        return Refusal(CommonRefusal.INVALID, {"pointer": "/lines", "expected": f"at most {MAX_AMOUNT}"})
    return lines


def _price_line(
    pointer: str,
    wanted: NewOrderLine,
    product: Product | None,
    program: Program | None,
    offers: Mapping[str, Offer],
) -> OrderLine | Refusal:
    offer = offers.get(wanted.product)
    if product is None or (program is not None and offer is None):
        return Refusal(OrderRefusal.NOT_ON_SALE, {"pointer": pointer, "product": wanted.product})
    sku = for_sale(product, wanted.sku)
    if isinstance(sku, Refusal):
        return Refusal(sku.code, {"pointer": f"{pointer}/sku", **sku.data})
    source = offer or product
    price = priced(source.price, sku)
    if wanted.price != price:
        both = {"seen": _plain(wanted.price), "now": _plain(price)}
        return Refusal(
            OrderRefusal.PRICE_CHANGED, {"pointer": f"{pointer}/price", "product": product.id, **both}
        )
    return OrderLine(
        product=product.id,
        sku=sku.id,
        title=source.title,
        sku_title=sku.title,
        picture=sku.picture or (offer.picture if offer else next(iter(product.pictures), "")),
        quantity=wanted.quantity,
        price=price,
        list_price=priced(source.list_price, sku) if source.list_price else None,
        price_version=f"{program.id}@{program.rev}" if program else f"{product.id}@{product.rev}",
    )


def check_limits(
    lines: Sequence[OrderLine], program: Program | None, bought: Mapping[str, int]
) -> Refusal | None:
    """Refuse more units of a product than its offer allows one buyer; `bought` are those she has."""
    limits = {offer.product: offer.limit for offer in program.shelf if offer.limit} if program else {}
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.product] = wanted.get(line.product, 0) + line.quantity
    for product, quantity in wanted.items():
        had = bought.get(product, 0)
        if product in limits and had + quantity > limits[product]:
            data = {"product": product, "limit": limits[product], "bought": had, "wanted": quantity}
            return Refusal(OrderRefusal.OVER_LIMIT, data)
    return None


def total(lines: Sequence[OrderLine]) -> Money:
    """Add the lines up; refuses nothing, so the amount may be above what an order may cost."""
    amount = sum(line.price.amount * line.quantity for line in lines)
    return Money(amount=amount, currency=lines[0].price.currency)


def units(order: Order) -> int:
    """Count an order's units."""
    return sum(line.quantity for line in order.lines)


def _plain(price: Money) -> dict[str, int | str]:
    return {"amount": price.amount, "currency": price.currency}
