"""Pure decisions about stock: each takes the stock of one SKU and gives it as it is afterwards.

None of them makes or loses a unit but `receive` and `count`, which change the total by as much.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.problems import CommonRefusal, Refusal, RefusalCode
from schemas.stock import MAX_UNITS, Availability, Stock

SET = grant("stock.set", Role.BUSINESS_OPERATOR)
READ = grant("stock.read", *STAFF, Role.SUPPLIER)
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
    """Set what stands in the store; what is reserved for orders can't be counted away.

    Units that turn out to be missing are missed by the free ones first, then by the rooms that have most.
    """
    if on_hand < stock.reserved:
        return Refusal(StockRefusal.STOCK_PROMISED, {"promised": stock.reserved, "got": on_hand})
    if on_hand + stock.sold > MAX_UNITS:
        return Refusal(CommonRefusal.INVALID, {"pointer": "/on_hand", "expected": f"<= {MAX_UNITS} in all"})
    free = on_hand - stock.reserved - sum(stock.allotted.values())
    allotted = dict(stock.allotted)
    for log in sorted(allotted, key=lambda name: (-allotted[name], name)):
        missed = min(allotted[log], max(0, -free))
        allotted[log] -= missed
        free += missed
    return _allotted(stock, allotted, total=on_hand + stock.sold, free=free)


def share_out(stock: Stock, claims: Mapping[str, int | None]) -> Stock:
    """Give each room on air its allotment, and take back what other rooms have left.

    `claims` are the rooms that show the SKU: with the units they may sell in all, or None for an
    even share. Fixed numbers come first, less what their room has spent, and what a room holds of its
    number is not taken from it for another's. Units are evened out between the other rooms only when
    there are some to give, or when one has none left: what viewers see doesn't move for nothing.
    """
    pool = stock.free + sum(stock.allotted.values())
    after: dict[str, int] = {}
    wanted = {log: max(0, units - spent(stock, log)) for log, units in claims.items() if units is not None}
    for log, units in wanted.items():
        after[log] = min(units, stock.allotted.get(log, 0))
    pool -= sum(after.values())
    for log in sorted(wanted):
        more = min(wanted[log] - after[log], pool)
        after[log] += more
        pool -= more
    sharing = sorted((log for log in claims if log not in wanted), key=lambda log: (-_held(stock, log), log))
    after |= _even(pool, sharing, {log: stock.allotted[log] for log in sharing if log in stock.allotted})
    return _allotted(stock, after, free=0 if sharing else pool)


def spent(stock: Stock, log: str) -> int:
    """Tell how many units of its allotment a room has reserved or sold."""
    left_over = _held(stock, log)
    return max(0, stock.granted.get(log, left_over) - left_over)


def _even(pool: int, rooms: Sequence[str], held: Mapping[str, int]) -> dict[str, int]:
    settled = len(held) == len(rooms) and sum(held.values()) == pool
    if settled and (min(held.values(), default=1) > 0 or max(held.values()) < 2):
        return dict(held)
    each, rest = divmod(pool, len(rooms)) if rooms else (0, 0)
    return {log: each + (place < rest) for place, log in enumerate(rooms)}


def _held(stock: Stock, log: str) -> int:
    return stock.allotted.get(log, 0)


def _allotted(stock: Stock, allotted: dict[str, int], **parts: Any) -> Stock:
    granted = {log: units + spent(stock, log) for log, units in allotted.items()}
    if (allotted, granted) == (stock.allotted, stock.granted) and not parts.keys() - {"free"}:
        return stock
    return _with(stock, allotted=allotted, granted=granted, **parts)


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
    """Show what a room can still sell, and out of how many."""
    of = left(stock, log) + spent(stock, log) if log in stock.allotted else 0
    return Availability(sku=stock.id, product=stock.product, left=left(stock, log), of=of)


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
