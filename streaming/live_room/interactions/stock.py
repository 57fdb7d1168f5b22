"""What is left of each offer, as commerce has it: counted now and then, logged when it changed.

The log repeats what was shown; who gets a unit is decided by the order itself.
"""

from typing import Any

import msgspec

from schemas.room import OfferStock, ShelfSet, StateChanged, StockCounted
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction
from streaming.live_room.interactions.program import OVER


class CountStock(msgspec.Struct, frozen=True, kw_only=True):
    """The stock as it was just counted (asked by the platform only)."""

    offers: dict[str, OfferStock]


class State(msgspec.Struct):
    """The offers on the shelf and what was last told of each."""

    offers: set[str] = set()
    stock: dict[str, OfferStock] = {}
    open: bool = True


def decide(state: State, command: CountStock, ask: Ask) -> Decision:
    """Log what changed."""
    changed = {
        offer: counted
        for offer, counted in command.offers.items()
        if offer in state.offers and state.stock.get(offer) != counted
    }
    return [StockCounted(seq=ask.seq, at=ask.at, offers=changed)] if changed and state.open else []


def evolve(state: State, event: StockCounted) -> State:
    """Take the counts over."""
    state.stock.update(event.offers)
    return state


def evolve_shelf(state: State, event: ShelfSet) -> State:
    """Forget what left the shelf."""
    state.offers = {offer.id for offer in event.offers}
    state.stock = {offer: counted for offer, counted in state.stock.items() if offer in state.offers}
    return state


def close(state: State, event: StateChanged) -> State:
    """Nothing is counted after the end."""
    state.open = event.state not in OVER
    return state


def view(state: State) -> dict[str, Any]:
    """Show the counts."""
    return {"stock": state.stock.copy()}


STOCK = Interaction(
    name="stock",
    state=State,
    decides={CountStock: decide},
    evolves={StockCounted: evolve, ShelfSet: evolve_shelf, StateChanged: close},
    view=view,
)
