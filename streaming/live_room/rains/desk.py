"""The desk of a room's rains: moves credit and seals the seed first, settles at the end.

    rain (command) -> escrow -> sealed seed -> announced (log) -> grabs (log) -> settled (log) -> projection

All of it is done by one loop, one thing after the other. An escrow whose announcement is not in the
log, because this process or the one before it died between the two, goes back to the budget.
"""

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from commerce.wallets.actions import open_escrow, return_rest
from commerce.wallets.store import open_escrows
from content.accounts.store import accounts
from infra.clock import now_ms
from infra.mongo import Database, Session, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.accounts import PublicAccount
from schemas.content import Program
from schemas.problems import Refusal, Refused
from schemas.room import Grab, PacketGrabbed, Rain, RoomEvent, RoomRefusal
from schemas.wallets import Escrow, EscrowState
from streaming.live_room.interactions import red_envelope as rules
from streaming.live_room.interactions.fair_split import commitment, split
from streaming.live_room.interactions.interaction import Speaker
from streaming.live_room.interactions.red_envelope import (
    RED_ENVELOPE,
    AnnounceRain,
    RainState,
    SettleRain,
    TakePacket,
)
from streaming.live_room.rains.seeds import Seeds
from streaming.live_room.room import BUSY, MOVED, Accepted, Answer, Answered, Room

SWEEP_EVERY_S = 15.0
"""How often escrows without an announcement are looked for, beside the moment a room is opened."""
AGAIN_S = 1.0

log = get_logger("rain")


class _Asked(NamedTuple):
    command: Rain
    by: Speaker
    n: int
    answered: Answered


class RainDesk:
    """One per room that this process owns; `run` must be running."""

    def __init__(self, db: Database, room: Room, program: Program, seeds: Seeds) -> None:
        self._db = db
        self._room = room
        self._program = program
        self._seeds = seeds
        self._splits: dict[str, Sequence[int]] = {}
        self._asked: deque[_Asked] = deque()
        self._woken = asyncio.Event()
        self._swept_at = -SWEEP_EVERY_S

    async def open(self) -> None:
        """Unseal what is on: a rain goes on under its new owner. Before anybody is served."""
        if rain := self._state.on:
            announced = rain.announced
            if seed := await self._seeds.open(announced.envelope):
                self._splits[announced.envelope] = split(announced.total, announced.packets, seed)

    @property
    def on(self) -> bool:
        """Tell whether a rain is asked for, announced or falling."""
        return bool(self._asked) or self._state.on is not None

    @property
    def grabbed(self) -> int | None:
        """Tell how many packets of the last rain found somebody; None before the first rain."""
        rain = self._state.last
        return None if rain is None else len(rain.taken)

    def take(self, grab: Grab) -> TakePacket:
        """Give the command that grabs a packet."""
        return TakePacket(envelope=grab.envelope, amounts=self._splits.get(grab.envelope, ()))

    def rain(self, command: Rain, by: Speaker, n: int, answered: Answered) -> None:
        """Ask for a rain; `answered` is called once, when it is announced or refused."""
        self._asked.append(_Asked(command, by, n, answered))
        self._woken.set()

    def committed(self, events: Sequence[RoomEvent]) -> None:
        """Look whether what was logged brings a rain to its end."""
        last = events[-1]
        if not isinstance(last, PacketGrabbed) or rules.due(self._state, last.at):
            self._woken.set()

    async def run(self) -> None:
        """Serve until cancelled; what still waits is then told that the room moves."""
        try:
            while True:
                try:
                    await self._work()
                except (Unavailable, Unknown) as error:
                    log.warning("rain_waits", log=self._log, reason=str(error)[:200])
                    await asyncio.sleep(AGAIN_S)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause_s()):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            while self._asked:
                self._asked.popleft().answered(MOVED)

    @property
    def _state(self) -> rules.State:
        state: rules.State = self._room.committed.states[RED_ENVELOPE.name]
        return state

    @property
    def _log(self) -> str:
        return self._room.writer.log

    def _pause_s(self) -> float:
        rain = self._state.on
        if rain is None:
            return SWEEP_EVERY_S
        return min(SWEEP_EVERY_S, max(0.0, (rain.announced.ends_at - now_ms()) / 1_000) + 0.005)

    async def _work(self) -> None:
        if rain := rules.due(self._state, now_ms()):
            await self._settle(rain)
        while self._asked:
            await self._answer(self._asked.popleft())
        if time.monotonic() - self._swept_at >= SWEEP_EVERY_S:
            await self._return_orphans()
            self._swept_at = time.monotonic()

    # --- announcing -----------------------------------------------------------------------------

    async def _answer(self, asked: _Asked) -> None:
        try:
            answer = await self._announce(asked)
        except Refused as refused:
            answer = Refusal(refused.code, dict(refused.data))
        except (Unavailable, Unknown) as error:
            log.warning("rain_not_prepared", log=self._log, reason=str(error)[:200])
            answer = BUSY
        except BaseException:
            asked.answered(MOVED)
            raise
        asked.answered(answer)

    async def _announce(self, asked: _Asked) -> Answer:
        command, by = asked.command, asked.by
        if known := self._known(asked):
            return await self._room.ask(
                AnnounceRain(envelope=known, asked=command, commitment=""), by, asked.n
            )
        if refusal := rules.check_rain(self._state, command, by):
            return refusal
        envelope = f"env_{self._log.partition('_')[2]}_{self._room.writer.epoch}_{_digest(asked)}"
        escrow = await self._set_aside(envelope, command.total)
        if escrow.state is EscrowState.CLOSED:  # asked for before, could not be told, given back
            return Refusal(RoomRefusal.TOO_OLD)
        seed = await self._seeds.seal(envelope, self._log)
        self._splits = {envelope: split(command.total, command.packets, seed), **self._splits}
        announce = AnnounceRain(
            envelope=envelope,
            asked=command,
            commitment=commitment(envelope, command.total, command.packets, seed),
        )
        answer = await self._room.ask(announce, by, asked.n)
        if isinstance(answer, Refusal) and answer != MOVED:  # moved: nobody knows yet, the next owner will
            await self._give_back(envelope)
        if isinstance(answer, Accepted):
            self._splits = {envelope: self._splits[envelope]}
        return answer

    async def _set_aside(self, envelope: str, total: int) -> Escrow:
        return await open_escrow(
            self._db,
            envelope=envelope,
            business=self._program.business,
            program=self._program.id,
            log=self._log,
            amount=total,
        )

    def _known(self, asked: _Asked) -> str | None:
        """Find the rain that this very command announced, also under an owner before this one."""
        digest = _digest(asked)
        return next((one for one in self._state.known if one.endswith(f"_{digest}")), None)

    # --- settling -------------------------------------------------------------------------------

    async def _settle(self, rain: RainState) -> None:
        envelope = rain.announced.envelope
        seed = await self._seeds.open(envelope)
        people = await accounts.several(self._db, [user for user, _ in rules.largest(rain)])
        named = {
            one.id: PublicAccount(id=one.id, name=one.name, avatar=one.avatar) for one in people.values()
        }
        await self._room.ask(SettleRain(envelope=envelope, seed=seed, people=named))
        log.info("rain_settled", log=self._log, envelope=envelope, grabbed=len(rain.taken))

    # --- giving back ----------------------------------------------------------------------------

    async def _return_orphans(self) -> None:
        """Give back what was set aside for rains that never came into the log.

        Only this loop prepares rains, so an escrow of this owner that is not announced by now will
        not be; those of later owners are none of this one's business.
        """
        for escrow in await open_escrows(self._db, self._log):
            epoch = int(escrow.id.rsplit("_", 2)[1])
            if escrow.id not in self._state.known and epoch <= self._room.writer.epoch:
                await self._give_back(escrow.id)
                log.warning("orphan_escrow_returned", log=self._log, envelope=escrow.id)

    async def _give_back(self, envelope: str) -> None:
        async def work(session: Session) -> Escrow:
            return await return_rest(self._db, session, envelope)

        await self._db.transact(work)


def _digest(asked: _Asked) -> str:
    """Name a command: the same one sent again has the same name."""
    name = f"{asked.by.user.id} {asked.by.client} {asked.n}"
    return hashlib.sha256(name.encode()).hexdigest()[:16]
