"""Facts that travel upwards between components through the outbox."""

from typing import ClassVar

import msgspec

from schemas.base import Ms


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A fact that happened. The struct's name is its type in the outbox."""

    versions: ClassVar[int] = 1


class ProgramScheduled(Event, frozen=True, kw_only=True):
    """A program got a planned start."""

    program: str
    business: str
    starts_at: Ms


class ProgramWentLive(Event, frozen=True, kw_only=True):
    """A publisher is connected: first time, or again after an interruption."""

    program: str
    business: str
    at: Ms
    resumed: bool = False


class ProgramInterrupted(Event, frozen=True, kw_only=True):
    """The publisher is gone; the program ends at `grace_until` unless it comes back."""

    program: str
    business: str
    at: Ms
    grace_until: Ms


class ProgramEnded(Event, frozen=True, kw_only=True):
    """The program is over. `reason`: see `content.programs.actions.end_program`."""

    program: str
    business: str
    at: Ms
    reason: str


class ProgramCancelled(Event, frozen=True, kw_only=True):
    """A program that had not been live is called off."""

    program: str
    business: str
    at: Ms


class ProgramErased(Event, frozen=True, kw_only=True):
    """A demo program and its contents are gone; recordings and objects of it may go too."""

    program: str
    business: str


class ShelfChanged(Event, frozen=True, kw_only=True):
    """A program's shelf has other products, prices or order."""

    program: str
    business: str


class StockChanged(Event, frozen=True, kw_only=True):
    """A product's stock was received or counted, or shared out anew between the shows on air."""

    product: str
    business: str


class ExplanationEnded(Event, frozen=True, kw_only=True):
    """A product was explained from pin to unpin (`mark` is the id of the Mark document)."""

    mark: str
    program: str
    business: str
    product: str


class ContentPublished(Event, frozen=True, kw_only=True):
    """A content became visible."""

    content: str
    program: str
    business: str
    kind: str


class OrderMoved(Event, frozen=True, kw_only=True):
    """An order came to a new state (`schemas.orders.OrderState`); placing it is its first."""

    order: str
    business: str
    program: str
    log: str
    account: str
    buyer: str
    state: str
    units: int
    amount: int
    """Minor units."""
    product: str = ""
    """Product of its first line."""
    at: Ms


AnyEvent = (
    ProgramScheduled
    | ProgramWentLive
    | ProgramInterrupted
    | ProgramEnded
    | ProgramCancelled
    | ProgramErased
    | ShelfChanged
    | StockChanged
    | ExplanationEnded
    | ContentPublished
    | OrderMoved
)
