"""The till of a room: what is left of its offers, who just bought, what was sold.

It looks when something happened, at most a few times a second however many orders come, and rests the
longer the longer looking took. What is left goes through the log; the rest is told and forgotten.
"""

import asyncio
import time
from collections.abc import Sequence

from commerce.orders.sales import Takings, takings
from commerce.stock.actions import availability
from infra.clock import now_ms
from infra.mongo import Database, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.content import Offer
from schemas.events import OrderMoved
from schemas.orders import OrderState
from schemas.room import Bought, OfferStock, Sales
from schemas.stock import Availability
from streaming.live_room.hub.gathering import Gathering
from streaming.live_room.interactions.shelf import SHELF
from streaming.live_room.interactions.stock import CountStock

LOOK_EVERY_S = 0.35
REST = 10
"""Rests this many times as long as looking took."""
AGAIN_S = 2.0
TOLD_WITHIN_MS = 30_000
"""Older orders are no news: this process was away when they were paid."""

log = get_logger("till")


class Till:
    """One per open room; `run` must be running."""

    def __init__(self, db: Database, gathering: Gathering) -> None:
        self._db = db
        self._gathering = gathering
        self._room = gathering.room
        self._looked_for = asyncio.Event()
        self._looked_for.set()
        gathering.on_host = self._looked_for.set

    def look(self) -> None:
        """Something may have changed."""
        self._looked_for.set()

    def shows(self, product: str) -> bool:
        """Tell whether a product is on the shelf."""
        return any(offer.product == product for offer in self._offers)

    def moved(self, order: OrderMoved) -> None:
        """An order of this show came to a new state."""
        if order.state == OrderState.PAID and order.at > now_ms() - TOLD_WITHIN_MS:
            offer = next((one.id for one in self._offers if one.product == order.product), "")
            self._gathering.bought(Bought(who=masked(order.buyer), offer=offer, units=order.units))
        self.look()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self._looked_for.wait()
            self._looked_for.clear()
            began = time.monotonic()
            try:
                await self._look()
            except (Unavailable, Unknown) as error:
                log.warning("till_waits", log=self._room.writer.log, reason=str(error)[:200])
                self._looked_for.set()
                await asyncio.sleep(AGAIN_S)
            await asyncio.sleep(max(LOOK_EVERY_S, REST * (time.monotonic() - began)))

    @property
    def _offers(self) -> Sequence[Offer]:
        offers: list[Offer] = self._room.committed.states[SHELF.name].offers
        return offers

    async def _look(self) -> None:
        if offers := self._offers:
            units = await availability(
                self._db, [offer.product for offer in offers], log=self._room.writer.log
            )
            await self._room.ask(CountStock(offers=counted(offers, units)))
        if self._gathering.hosts:
            self._gathering.tell_hosts(_sales(await takings(self._db, self._gathering.program)))


def counted(offers: Sequence[Offer], units: Sequence[Availability]) -> dict[str, OfferStock]:
    """Add up the SKUs of each offer; one without any stock is sold out."""
    found: dict[str, OfferStock] = {}
    for offer in offers:
        skus = [one for one in units if one.product == offer.product]
        each = {one.sku: one.left for one in skus} if len(skus) > 1 else {}
        of = sum(one.of for one in skus) if all(one.of for one in skus) else 0
        found[offer.id] = OfferStock(left=sum(one.left for one in skus), of=of, skus=each)
    return found


def masked(name: str) -> str:
    """Show of a name what others may see: its ends, and of a short one its beginning."""
    return f"{name[:1]}***{name[-1:] if len(name) > 2 else ''}"


def _sales(taken: Takings) -> Sales:
    return Sales(
        orders=taken.orders, units=taken.units, amount=taken.amount, currency=taken.currency, at=now_ms()
    )
