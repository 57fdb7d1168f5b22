"""The shelf on air: which offers there are and which one is being explained.

Marks and clips come from the pairs of `pinned` and `unpinned`: the next pin implies unpin, and so do
the end of the program and an offer's leaving the shelf.
"""

from typing import Any

import msgspec

from schemas.content import Offer
from schemas.problems import Refusal
from schemas.room import (
    OfferPinned,
    OfferUnpinned,
    PinOffer,
    RoomEvent,
    RoomRefusal,
    ShelfSet,
    StateChanged,
    UnpinOffer,
)
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction
from streaming.live_room.interactions.program import OVER, SetProgram


class SetShelf(msgspec.Struct, frozen=True, kw_only=True):
    """The program's shelf as content has it now (asked by the platform only)."""

    offers: list[Offer]


class State(msgspec.Struct):
    """The offers, and since when (number of the log, epoch ms) one of them is explained."""

    offers: list[Offer] = []
    pinned: str = ""
    product: str = ""
    since_seq: int = 0
    since_at: int = 0
    open: bool = True


def decide_pin(state: State, command: PinOffer, ask: Ask) -> Decision:
    """Begin to explain an offer; what was explained before is unpinned."""
    if refusal := _not_yours(state, ask):
        return refusal
    offer = next((offer for offer in state.offers if offer.id == command.offer), None)
    if offer is None:
        return Refusal(RoomRefusal.OFFER_UNKNOWN, {"offer": command.offer})
    if state.pinned == offer.id:
        return []
    before = _unpinned(state, ask)
    pinned = OfferPinned(seq=ask.seq + len(before), at=ask.at, offer=offer.id, product=offer.product)
    return [*before, pinned]


def decide_unpin(state: State, command: UnpinOffer, ask: Ask) -> Decision:
    """Stop explaining an offer; another one that came up meanwhile stays."""
    if refusal := _not_yours(state, ask):
        return refusal
    return _unpinned(state, ask) if state.pinned == command.offer else []


def decide_shelf(state: State, command: SetShelf, ask: Ask) -> Decision:
    """Take the shelf over; a pinned offer that left is unpinned."""
    if command.offers == state.offers:
        return []
    gone = state.pinned not in {offer.id for offer in command.offers}
    before = _unpinned(state, ask) if gone else []
    return [*before, ShelfSet(seq=ask.seq + len(before), at=ask.at, offers=command.offers)]


def decide_end(state: State, command: SetProgram, ask: Ask) -> Decision:
    """Unpin when the program is over."""
    return _unpinned(state, ask) if command.state in OVER else []


def evolve_pin(state: State, event: OfferPinned) -> State:
    """Remember where the explanation began."""
    state.pinned, state.product = event.offer, event.product
    state.since_seq, state.since_at = event.seq, event.at
    return state


def evolve_unpin(state: State, _event: OfferUnpinned) -> State:
    """Nothing is explained."""
    state.pinned = state.product = ""
    state.since_seq = state.since_at = 0
    return state


def evolve_shelf(state: State, event: ShelfSet) -> State:
    """Replace the offers."""
    state.offers = event.offers
    return state


def close(state: State, event: StateChanged) -> State:
    """Nothing is pinned after the end."""
    state.open = event.state not in OVER
    return state


def view(state: State) -> dict[str, Any]:
    """Show the offers and the explained one."""
    return {
        "offers": state.offers,
        "pinned": state.pinned,
        "pinned_at": state.since_at if state.pinned else None,
    }


def _not_yours(state: State, ask: Ask) -> Refusal | None:
    if not ask.by.hosts:
        return Refusal(RoomRefusal.HOSTS_ONLY)
    return None if state.open else Refusal(RoomRefusal.PROGRAM_OVER)


def _unpinned(state: State, ask: Ask) -> list[RoomEvent]:
    if not state.pinned:
        return []
    return [
        OfferUnpinned(
            seq=ask.seq,
            at=ask.at,
            offer=state.pinned,
            product=state.product,
            since_at=state.since_at,
            since_seq=state.since_seq,
        )
    ]


SHELF = Interaction(
    name="shelf",
    state=State,
    decides={PinOffer: decide_pin, UnpinOffer: decide_unpin, SetShelf: decide_shelf, SetProgram: decide_end},
    evolves={
        OfferPinned: evolve_pin,
        OfferUnpinned: evolve_unpin,
        ShelfSet: evolve_shelf,
        StateChanged: close,
    },
    view=view,
)
