"""Orders for bulk: only exported, as the people of their business see them."""

from typing import Any

import msgspec

from commerce.orders import rules
from commerce.orders.store import orders
from commerce.orders.views import show_order
from content.bulk.noun import Noun, by, called
from schemas.orders import Courier, Order


def _shown(order: Order, _business: str) -> dict[str, Any]:
    delivery = order.delivery
    person = delivery.address if isinstance(delivery, Courier) else delivery
    place = f"{delivery.address.region} {delivery.address.street}" if isinstance(delivery, Courier) else ""
    own = {
        "units": sum(line.quantity for line in order.lines),
        "recipient": {"name": person.name, "phone": person.phone, "address": place.strip()},
    }
    return {**msgspec.to_builtins(show_order(order, reader="")), **own}


ORDERS = Noun(
    documents=orders,
    read=rules.READ,
    shown=_shown,
    told=(
        *("created_at", "state", "program", "buyer", "units", "amount.amount", "amount.currency", "paid_at"),
        *("delivery.type", "recipient.name", "recipient.phone", "recipient.address", "store.name", "note"),
        *("refund_asked.at", "refund_asked.reason", "lines"),
    ),
    narrows={**by("state", "program"), "refund_asked": lambda _asked: {"refund_asked": {"$ne": None}}},
    words=called("buyer"),
)
