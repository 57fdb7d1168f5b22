"""Red-envelope rain (激情红包雨): an exact split, one packet per user, slots given in order.

The rules alone. What they need from outside comes with the commands: `rains.desk` moves the money
and seals the seed before it asks for `AnnounceRain`, and hands the split to each `TakePacket`. So
neither state nor log knows what a packet is worth before somebody has it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from schemas.accounts import PublicAccount
from schemas.problems import Refusal
from schemas.room import (
    LuckiestNamed,
    Lucky,
    PacketGrabbed,
    Rain,
    RainAnnounced,
    RainSettled,
    RainView,
    RoomRefusal,
    StateChanged,
)
from streaming.live_room.interactions.fair_split import commitment
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction, Speaker
from streaming.live_room.interactions.program import OVER

RAINS_KEPT = 5
"""Rains whose packets are still told to those who have them; the wallet keeps them all."""
LUCKIEST = 10


class AnnounceRain(msgspec.Struct, frozen=True, kw_only=True):
    """Let it rain: the credit of `envelope` is set aside, the seed behind `commitment` sealed."""

    envelope: str
    asked: Rain
    commitment: str


class TakePacket(msgspec.Struct, frozen=True, kw_only=True):
    """Take a packet; `amounts` is the envelope's split, empty when its seed is lost."""

    envelope: str
    amounts: Sequence[int]


class SettleRain(msgspec.Struct, frozen=True, kw_only=True):
    """End a rain and reveal its seed; `people` are those who may be named.

    An empty seed is a lost one: what nobody grabbed must go back even then, and the proof fails.
    """

    envelope: str
    seed: str
    people: Mapping[str, PublicAccount] = {}


class Packet(msgspec.Struct, array_like=True):
    """What somebody has."""

    slot: int
    amount: int


class RainState(msgspec.Struct):
    """One rain and who has which packet, in the order of the grabs."""

    announced: RainAnnounced
    taken: dict[str, Packet] = {}
    paid: int = 0
    """Minor units that were grabbed."""
    settled: bool = False
    luckiest: list[Lucky] = []

    @property
    def empty(self) -> bool:
        """Tell whether every packet found somebody."""
        return len(self.taken) == self.announced.packets


class State(msgspec.Struct):
    """The last rains, the ids of all, and whether the program goes on."""

    open: bool = True
    rains: dict[str, RainState] = {}
    known: list[str] = []

    @property
    def last(self) -> RainState | None:
        """The last rain that was announced."""
        return self.rains[self.known[-1]] if self.known else None

    @property
    def on(self) -> RainState | None:
        """The rain that is not settled yet."""
        last = self.last
        return None if last is None or last.settled else last


def check_rain(state: State, asked: Rain, by: Speaker) -> Refusal | None:
    """Refuse a rain that can't be, before any credit is moved for it."""
    if by.role != "anchor":
        return Refusal(RoomRefusal.ANCHOR_ONLY)
    if not state.open:
        return Refusal(RoomRefusal.PROGRAM_OVER)
    if asked.packets > asked.total:
        return Refusal(RoomRefusal.ENVELOPE_INVALID, {"total": asked.total, "packets": asked.packets})
    return Refusal(RoomRefusal.RAIN_ON, {"envelope": state.on.announced.envelope}) if state.on else None


def due(state: State, at: int) -> RainState | None:
    """Give the rain that is to be settled: its time, its packets or the program are at their end."""
    rain = state.on
    if rain is None or not (rain.empty or at >= rain.announced.ends_at or not state.open):
        return None
    return rain


def decide_announce(state: State, command: AnnounceRain, ask: Ask) -> Decision:
    """Announce a rain; its times are counted from now, by the owner's clock."""
    asked = command.asked
    if command.envelope in state.known:
        return []
    if refusal := check_rain(state, asked, ask.by):
        return refusal
    starts_at = ask.at + asked.starts_in_s * 1_000
    return [
        RainAnnounced(
            seq=ask.seq,
            at=ask.at,
            envelope=command.envelope,
            total=asked.total,
            packets=asked.packets,
            starts_at=starts_at,
            ends_at=starts_at + asked.lasts_s * 1_000,
            commitment=command.commitment,
        )
    ]


def decide_take(state: State, command: TakePacket, ask: Ask) -> Decision:
    """Give the next packet to a viewer who has none. Flat on purpose: everybody asks at once."""
    if ask.by.role == "guest":
        return Refusal(RoomRefusal.SIGN_IN_FIRST)
    if ask.by.hosts:
        return Refusal(RoomRefusal.VIEWERS_ONLY)
    rain = state.rains.get(command.envelope)
    if rain is None:
        return Refusal(RoomRefusal.ENVELOPE_UNKNOWN, {"envelope": command.envelope})
    user = ask.by.user.id
    if user in rain.taken:
        return ()
    announced = rain.announced
    if ask.at < announced.starts_at:
        return Refusal(RoomRefusal.RAIN_NOT_BEGUN, {"retry_after": (announced.starts_at - ask.at) / 1_000})
    slot = len(rain.taken)
    if slot == announced.packets:
        return Refusal(RoomRefusal.ENVELOPE_EMPTY)
    if rain.settled or not state.open or ask.at >= announced.ends_at or not command.amounts:
        return Refusal(RoomRefusal.RAIN_OVER)
    return (
        PacketGrabbed(
            seq=ask.seq,
            at=ask.at,
            envelope=command.envelope,
            user=user,
            slot=slot,
            amount=command.amounts[slot],
        ),
    )


def decide_settle(state: State, command: SettleRain, ask: Ask) -> Decision:
    """Settle the rain that is due, once (asked by the platform only)."""
    rain = due(state, ask.at)
    if rain is None or rain.announced.envelope != command.envelope:
        return []
    announced, paid = rain.announced, rain.paid
    if command.seed and (
        commitment(announced.envelope, announced.total, announced.packets, command.seed)
        != announced.commitment
    ):
        raise ValueError(f"{command.envelope}: the seed is not the one that was committed to")
    settled = RainSettled(
        seq=ask.seq,
        at=ask.at,
        envelope=command.envelope,
        seed=command.seed,
        grabbed=len(rain.taken),
        paid=paid,
        returned=announced.total - paid,
    )
    luckiest = [
        Lucky(user=command.people[user], amount=packet.amount, rank=packet.slot + 1)
        for user, packet in largest(rain)
        if user in command.people
    ]
    if not luckiest:
        return [settled]
    named = LuckiestNamed(seq=ask.seq + 1, at=ask.at, envelope=command.envelope, luckiest=luckiest)
    return [settled, named]


def largest(rain: RainState) -> list[tuple[str, Packet]]:
    """Give the largest packets and whose they are, largest first, of equal ones the faster."""
    ordered = sorted(rain.taken.items(), key=lambda taken: (-taken[1].amount, taken[1].slot))
    return ordered[:LUCKIEST]


def evolve_announced(state: State, event: RainAnnounced) -> State:
    """Remember the rain; the oldest one's packets are forgotten."""
    state.known.append(event.envelope)
    state.rains[event.envelope] = RainState(event)
    for old in list(state.rains)[:-RAINS_KEPT]:
        del state.rains[old]
    return state


def evolve_grabbed(state: State, event: PacketGrabbed) -> State:
    """Remember whose packet it is."""
    rain = state.rains[event.envelope]
    rain.taken[event.user] = Packet(event.slot, event.amount)
    rain.paid += event.amount
    return state


def evolve_settled(state: State, event: RainSettled) -> State:
    """Nothing is grabbed any more."""
    state.rains[event.envelope].settled = True
    return state


def evolve_named(state: State, event: LuckiestNamed) -> State:
    """Remember the luckiest."""
    state.rains[event.envelope].luckiest = event.luckiest
    return state


def close(state: State, event: StateChanged) -> State:
    """Nothing rains after the end."""
    state.open = event.state not in OVER
    return state


def view(state: State) -> dict[str, Any]:
    """Show the last rain."""
    rain = state.last
    if rain is None:
        return {"rain": None}
    announced = rain.announced
    return {
        "rain": RainView(
            envelope=announced.envelope,
            total=announced.total,
            packets=announced.packets,
            starts_at=announced.starts_at,
            ends_at=announced.ends_at,
            commitment=announced.commitment,
            settled=rain.settled,
            grabbed=len(rain.taken),
            paid=rain.paid if rain.settled else 0,
            luckiest=rain.luckiest,
        )
    }


def mine(state: State, user: str) -> dict[str, Any]:
    """Show a user the packets taken, by envelope."""
    return {name: _told(rain.taken[user]) for name, rain in state.rains.items() if user in rain.taken}


def result(state: State, command: Any, user: str) -> dict[str, Any]:
    """Tell the anchor which rain it is, and a viewer the packet."""
    rain = state.rains.get(command.envelope)
    if rain is None:
        return {}
    if isinstance(command, AnnounceRain):
        announced = rain.announced
        return {
            "envelope": announced.envelope,
            "starts_at": announced.starts_at,
            "ends_at": announced.ends_at,
        }
    return _told(rain.taken[user]) if user in rain.taken else {}


def _told(packet: Packet) -> dict[str, Any]:
    return {"amount": packet.amount, "rank": packet.slot + 1}


RED_ENVELOPE = Interaction(
    name="red_envelope",
    state=State,
    decides={AnnounceRain: decide_announce, TakePacket: decide_take, SettleRain: decide_settle},
    evolves={
        RainAnnounced: evolve_announced,
        PacketGrabbed: evolve_grabbed,
        RainSettled: evolve_settled,
        LuckiestNamed: evolve_named,
        StateChanged: close,
    },
    view=view,
    mine=mine,
    result=result,
)
