"""Pure decisions about stock: each takes the stock of one SKU and gives it as it is afterwards.

None of them makes or loses a unit but `receive` and `count`, which change the total by as much.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from content.authority import grant
from schemas.accounts import Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode
from schemas.stock import MAX_UNITS, Availability, Stock

SET = grant("stock.set", Role.BUSINESS_OPERATOR)
READ = grant("stock.read", Role.BUSINESS_OPERATOR, Role.ANCHOR, Role.ASSISTANT)
GRANTS = (SET, READ)


class StockRefusal(RefusalCode):
    """Why stock can't be moved."""

    STOCK_SHORT = "stock_short"
    STOCK_PROMISED = "stock_promised"


def imbalance(stock: Stock) -> int:
    """Tell how many units too many (or, below 0, too few) the parts have: 0 in every sound stock."""
    return stock.free + sum(stock.allotted.values()) + stock.reserved + stock.sold - stock.total


def receive(stock: Stock, quantity: int) -> Stock | Refusal:
    """Add units that came in."""
    if stock.total + quantity > MAX_UNITS:
        return Refusal(CommonRefusal.INVALID, {"pointer": "/quantity", "expected": f"<= {MAX_UNITS} in all"})
    return _with(stock, total=stock.total + quantity, free=stock.free + quantity)


def count(stock: Stock, on_hand: int) -> Stock | Refusal:
    """Set what stands in the store; what is promised to rooms and orders can't be counted away."""
    promised = sum(stock.allotted.values()) + stock.reserved
    if on_hand < promised:
        return Refusal(StockRefusal.STOCK_PROMISED, {"promised": promised, "got": on_hand})
    if on_hand + stock.sold > MAX_UNITS:
        return Refusal(CommonRefusal.INVALID, {"pointer": "/on_hand", "expected": f"<= {MAX_UNITS} in all"})
    return _with(stock, total=on_hand + stock.sold, free=on_hand - promised)


def allot(stock: Stock, log: str, quantity: int) -> Stock | Refusal:
    """Promise free units to the room with this log."""
    if quantity > stock.free:
        return Refusal(StockRefusal.STOCK_SHORT, {"sku": stock.id, "left": stock.free, "wanted": quantity})
    return _with(
        stock,
        free=stock.free - quantity,
        allotted={**stock.allotted, log: stock.allotted.get(log, 0) + quantity},
    )


def give_back(stock: Stock, log: str) -> Stock:
    """Return what the room has not spent; from now on it has no allotment."""
    others = {name: left for name, left in stock.allotted.items() if name != log}
    return _with(stock, free=stock.free + stock.allotted.get(log, 0), allotted=others)


def spends_from(stock: Stock, log: str) -> str:
    """Name the allotment an order in a room draws on; empty: the room has none, the free units serve."""
    return log if log in stock.allotted else ""


def left(stock: Stock, log: str) -> int:
    """Tell how many units an order in a room (no log: outside of any) can still have."""
    source = spends_from(stock, log)
    return stock.allotted[source] if source else stock.free


def reserve(stock: Stock, allotment: str, quantity: int) -> Stock | Refusal:
    """Hold units for an order that is to be paid, out of an allotment or the free units."""
    available = left(stock, allotment)
    if quantity > available:
        return Refusal(StockRefusal.STOCK_SHORT, {"sku": stock.id, "left": available, "wanted": quantity})
    return _with(_put(stock, allotment, -quantity), reserved=stock.reserved + quantity)


def release(stock: Stock, allotment: str, quantity: int) -> Stock:
    """Let go of reserved units: back to the allotment they came from, or free if that is gone."""
    return _with(_put(stock, spends_from(stock, allotment), quantity), reserved=stock.reserved - quantity)


def sell(stock: Stock, quantity: int) -> Stock:
    """Turn reserved units into sold ones."""
    return _with(stock, reserved=stock.reserved - quantity, sold=stock.sold + quantity)


def take_back(stock: Stock, allotment: str, quantity: int) -> Stock:
    """Undo a sale of units that never left the store."""
    return _with(_put(stock, spends_from(stock, allotment), quantity), sold=stock.sold - quantity)


def availability(stock: Stock, log: str) -> Availability:
    """Show what a room can still sell."""
    return Availability(sku=stock.id, product=stock.product, left=left(stock, log), sold=stock.sold)


def _put(stock: Stock, allotment: str, quantity: int) -> Stock:
    if not allotment:
        return _with(stock, free=stock.free + quantity)
    return _with(stock, allotted={**stock.allotted, allotment: stock.allotted[allotment] + quantity})


def _with(stock: Stock, **parts: Any) -> Stock:
    changed = msgspec.structs.replace(stock, **parts)
    _sound(changed)
    return changed


def _sound(stock: Stock) -> None:
    """Raise ValueError for a stock no rule may lead to; a mistake of ours, never of a caller."""
    parts: Mapping[str, int] = {
        "free": stock.free,
        "reserved": stock.reserved,
        "sold": stock.sold,
        **{f"allotted {log}": units for log, units in stock.allotted.items()},
    }
    if below := {name: units for name, units in parts.items() if units < 0}:
        raise ValueError(f"expected every part of {stock.id} at 0 or more, got {below}")
