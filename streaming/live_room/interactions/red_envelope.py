"""Red envelopes (激情红包雨): an exact split, one packet per user, slots given in order.

Only the rules. Rooms of clients do not register it: money must first be moved into the room's
allotment, and the split sealed, before a client may open one.
"""

import random
from typing import Any

import msgspec

from schemas.problems import Refusal
from schemas.room import RoomEvent, RoomRefusal
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction


class OpenEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """Let `count` packets rain that are worth `total` fen together, split by `seed`."""

    envelope: str
    total: int
    count: int
    seed: int


class GrabPacket(msgspec.Struct, frozen=True, kw_only=True):
    """Take a packet."""

    envelope: str


class EnvelopeOpened(RoomEvent, frozen=True, kw_only=True, tag="envelope_opened"):
    """Packets are there to be grabbed."""

    envelope: str
    total: int
    count: int
    seed: int


class PacketGrabbed(RoomEvent, frozen=True, kw_only=True, tag="packet_grabbed"):
    """A user has the packet `slot`, worth `fen`."""

    envelope: str
    user: str
    slot: int
    fen: int


class Envelope(msgspec.Struct):
    """One envelope: what each slot is worth (fen), and the slot of each user who has one."""

    slots: list[int]
    taken: dict[str, int] = {}


class State(msgspec.Struct):
    """All envelopes of the room."""

    envelopes: dict[str, Envelope] = {}


def split(total: int, count: int, seed: int) -> list[int]:
    """Split `total` fen into `count` packets of at least 1 fen that add up exactly.

    Cuts the line of fen at `count - 1` different places chosen by the seed.
    """
    if not 1 <= count <= total:
        raise ValueError(f"expected 1 <= count <= total, got count {count}, total {total}")
    cuts = sorted(random.Random(seed).sample(range(1, total), count - 1))
    return [right - left for left, right in zip([0, *cuts], [*cuts, total], strict=True)]


def decide_open(state: State, command: OpenEnvelope, ask: Ask) -> Decision:
    """Open an envelope once, by those who run the show."""
    if not ask.by.hosts:
        return Refusal(RoomRefusal.HOSTS_ONLY)
    if command.envelope in state.envelopes:
        return []
    if not 1 <= command.count <= command.total:
        return Refusal(RoomRefusal.ENVELOPE_INVALID, {"total": command.total, "count": command.count})
    return [
        EnvelopeOpened(
            seq=ask.seq,
            at=ask.at,
            envelope=command.envelope,
            total=command.total,
            count=command.count,
            seed=command.seed,
        )
    ]


def decide_grab(state: State, command: GrabPacket, ask: Ask) -> Decision:
    """Give the next packet, unless this user has one or none is left."""
    envelope = state.envelopes.get(command.envelope)
    if envelope is None:
        return Refusal(RoomRefusal.ENVELOPE_UNKNOWN, {"envelope": command.envelope})
    user = ask.by.user.id
    slot = len(envelope.taken)
    if user in envelope.taken:
        return Refusal(RoomRefusal.ALREADY_GRABBED, _packet(envelope, user))
    if slot == len(envelope.slots):
        return Refusal(RoomRefusal.ENVELOPE_EMPTY)
    return (
        PacketGrabbed(
            seq=ask.seq,
            at=ask.at,
            envelope=command.envelope,
            user=user,
            slot=slot,
            fen=envelope.slots[slot],
        ),
    )


def evolve_open(state: State, event: EnvelopeOpened) -> State:
    """Lay the packets out."""
    state.envelopes[event.envelope] = Envelope(split(event.total, event.count, event.seed))
    return state


def evolve_grab(state: State, event: PacketGrabbed) -> State:
    """Give the packet away."""
    state.envelopes[event.envelope].taken[event.user] = event.slot
    return state


def result(state: State, command: Any, user: str) -> dict[str, Any]:
    """Tell the user the packet."""
    envelope = state.envelopes.get(command.envelope)
    return _packet(envelope, user) if envelope is not None and user in envelope.taken else {}


def mine(state: State, user: str) -> dict[str, Any]:
    """Show a user the packets taken, by envelope."""
    return {
        name: _packet(envelope, user) for name, envelope in state.envelopes.items() if user in envelope.taken
    }


def _packet(envelope: Envelope, user: str) -> dict[str, Any]:
    slot = envelope.taken[user]
    return {"slot": slot, "fen": envelope.slots[slot]}


RED_ENVELOPE = Interaction(
    name="red_envelope",
    state=State,
    decides={OpenEnvelope: decide_open, GrabPacket: decide_grab},
    evolves={EnvelopeOpened: evolve_open, PacketGrabbed: evolve_grab},
    mine=mine,
    result=result,
)
