"""The demo's shows: pushed over real RTMP, explained product by product over the real room socket.

The long show of the first room never stops being on air: every twenty minutes it ends (a replay and its
clips are made of it) and the next begins. At the very first start another anchor gives a short one, so
that a replay and clips are there within a minute.
"""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from content.accounts.views import as_actor
from content.programs.actions import end_program, erase_program, open_program, push_address
from content.programs.store import programs
from infra.addresses import Addresses
from infra.clock import now_ms
from infra.mongo import Database
from infra.objects import ObjectStore
from infra.settings import Settings
from infra.telemetry import get_logger
from infra.tokens import Tokens
from schemas.accounts import SYSTEM
from schemas.content import Program, ProgramState
from schemas.problems import Refused
from schemas.room import Nak, PinOffer, UnpinOffer
from workers.demo import catalogue, render
from workers.demo.broadcaster import Broadcaster
from workers.demo.door import Caller, DoorClosed, Seat
from workers.demo.logins import password_of
from workers.demo.shop import Shop, new_program
from workers.up.health import reachable

LONG_LOGIN = "clerk"
SHOW_S = 20 * 60
SHORTEST_S = 60.0
KEPT_SHOWS = 4
LOOK_S = 0.3
AGAIN_S = 2.0
END_REASON = "ended_by_anchor"
OPEN_STATES = (ProgramState.READY, ProgramState.LIVE, ProgramState.INTERRUPTED)
log = get_logger("demo.show")

Hear = Callable[[str, str], None]
"""Told (program id, drawing) whenever another product is explained."""


class Studio:
    """What every show of this copy needs."""

    def __init__(
        self, db: Database, objects: ObjectStore, tokens: Tokens, settings: Settings, shop: Shop
    ) -> None:
        self.db = db
        self.objects = objects
        self.tokens = tokens
        self.settings = settings
        self.shop = shop
        self.loops = render.folder(settings)

    def caller(self, login: str) -> Caller:
        """Somebody of the demo at the door."""
        return Caller(self.settings, login, password_of(self.settings, login))


class Pace(NamedTuple):
    """Seconds to explain a product, and from one to the next."""

    explain_s: float
    pause_s: float


LONG_PACE = Pace(38.0, 6.0)
SHORT_PACE = Pace(11.0, 2.0)


async def render_loops(settings: Settings) -> None:
    """Render what the shows need, in the order in which they need it."""
    loops = render.folder(settings)
    await render.render_missing(loops, _face(LONG_LOGIN), list(catalogue.ARTICLE)[:1])
    await render.render_missing(loops, _face(catalogue.FIRST_LOGIN), catalogue.FIRST_DRAWINGS)
    await render.render_missing(loops, _face(LONG_LOGIN), catalogue.ARTICLE)


async def stay_on_air(studio: Studio, hear: Hear) -> None:
    """The long show, again and again; runs until it is cancelled."""
    drawn = tuple(catalogue.ARTICLE)
    await render.until_rendered(studio.loops, _face(LONG_LOGIN), drawn[:1])
    while True:
        program = await _program(studio, LONG_LOGIN, catalogue.LIVE_TITLE, drawn)
        on_air_s = (now_ms() - (program.went_live_at or now_ms())) / 1000
        await Show(studio, LONG_LOGIN, program, LONG_PACE, hear).give(max(SHOW_S - on_air_s, SHORTEST_S))
        await forget_old_shows(studio)


async def give_first_show(studio: Studio) -> None:
    """The short show of the first start; does nothing when that anchor has given one."""
    login, drawn = catalogue.FIRST_LOGIN, catalogue.FIRST_DRAWINGS
    room = studio.shop.rooms[login].id
    if await programs.find(studio.db, {"room": room, "state": ProgramState.ENDED}) is not None:
        return
    await render.until_rendered(studio.loops, _face(login), drawn)
    program = await _program(studio, login, catalogue.FIRST_TITLE, drawn)
    await Show(studio, login, program, SHORT_PACE).give(len(drawn) * sum(SHORT_PACE))


async def forget_old_shows(studio: Studio) -> None:
    """Erase all but the last few of the long shows: the demo may run for days on a small disk."""
    where = {"room": studio.shop.rooms[LONG_LOGIN].id, "state": ProgramState.ENDED}
    ended = await programs.page(studio.db, where, cursor="", limit=100)
    for program in ended.items[KEPT_SHOWS:]:
        await erase_program(studio.db, SYSTEM, program.id)


async def _program(studio: Studio, login: str, title: str, drawn: tuple[str, ...]) -> Program:
    """The program that was on air when the demo stopped, if it still is; else a new one, open."""
    where = {"room": studio.shop.rooms[login].id, "state": {"$in": OPEN_STATES}}
    if open_one := await programs.find(studio.db, where):
        return open_one
    made = await new_program(studio.db, studio.objects, studio.shop, login, title, drawn)
    return await open_program(studio.db, studio.tokens, as_actor(studio.shop.anchors[login]), made.id)


class Show:
    """One program on air: its picture and what is explained."""

    def __init__(
        self, studio: Studio, login: str, program: Program, pace: Pace, hear: Hear | None = None
    ) -> None:
        self._studio = studio
        self._login = login
        self._face = _face(login)
        self._program = program
        self._pace = pace
        self._hear = hear
        self._anchor = as_actor(studio.shop.anchors[login])
        self._turns = itertools.count()

    async def give(self, lasts_s: float) -> None:
        """Push and explain until the time is over or somebody else ends the program; then end it."""
        studio, program = self._studio, self._program
        at = Addresses(studio.settings, reachable(studio.settings.host))
        address = await push_address(studio.db, studio.tokens, self._anchor, program.id, at)
        broadcaster = Broadcaster(address.url, studio.loops, self._loop(self._drawings()[0]))
        broadcaster.start()
        try:
            async with asyncio.timeout(lasts_s):
                await self._explain(broadcaster)
        except TimeoutError:
            log.info("show_over", program=program.id)
        finally:
            await asyncio.to_thread(broadcaster.stop)
        try:
            await end_program(studio.db, program.id, END_REASON, self._anchor)
        except Refused as refused:
            log.warning("show_not_ended", program=program.id, code=refused.code)
            await asyncio.sleep(AGAIN_S)

    async def _explain(self, broadcaster: Broadcaster) -> None:
        """Pin the products in turn while the program is open; a broken connection is made again."""
        caller = self._studio.caller(self._login)
        while (await programs.get(self._studio.db, self._program.id)).state in OPEN_STATES:
            if broadcaster.on_air.is_set():
                try:
                    seat = await caller.enter(self._program.id)
                    try:
                        while await self._explain_next(broadcaster, seat):
                            await asyncio.sleep(self._pace.pause_s)
                    finally:
                        await seat.leave()
                except DoorClosed as closed:
                    log.info("door_closed", program=self._program.id, reason=str(closed)[:200])
            await asyncio.sleep(LOOK_S)

    async def _explain_next(self, broadcaster: Broadcaster, seat: Seat) -> bool:
        """One product: onto the podium, pin, talk, unpin. False when the room refuses."""
        drawings = self._drawings()
        drawing = drawings[next(self._turns) % len(drawings)]
        product = self._studio.shop.products[drawing].id
        offer = next(offer for offer in self._program.shelf if offer.product == product)
        broadcaster.show(self._loop(drawing))
        pinned = await seat.do(PinOffer(offer=offer.id))
        if isinstance(pinned, Nak):
            log.info("pin_refused", program=self._program.id, code=pinned.code)
            return False
        if self._hear is not None:
            self._hear(self._program.id, drawing)
        await asyncio.sleep(self._pace.explain_s)
        await seat.do(UnpinOffer(offer=offer.id))
        return True

    def _drawings(self) -> list[str]:
        """What is on the shelf and has its loop rendered, in the order of the shelf."""
        on_shelf = {offer.product: offer.number for offer in self._program.shelf}
        products = self._studio.shop.products
        found = [
            name for name in catalogue.ARTICLE if products[name].id in on_shelf and self._loop(name).exists()
        ]
        return sorted(found, key=lambda name: on_shelf[products[name].id])

    def _loop(self, drawing: str) -> Path:
        return render.loop_file(self._studio.loops, self._face, drawing)


def _face(login: str) -> str:
    return next(anchor.face for anchor in catalogue.ANCHORS if anchor.login == login)
