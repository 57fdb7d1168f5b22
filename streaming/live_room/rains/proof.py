"""The proof of a rain, read from the log: what was promised, what was revealed, who grabbed in which order.

`docs/fairness.md` says what it proves; `docs/verify_rain.py` checks one.
"""

import msgspec

from infra.mongo import Database
from infra.tokens import Tokens
from schemas.base import Ms
from schemas.problems import CommonRefusal, Refused
from schemas.room import PacketGrabbed
from streaming.live_room.interactions.fair_split import split
from streaming.live_room.log import reader
from streaming.live_room.projections import rains
from streaming.live_room.projections.rains import RainRecord

METHOD = "kaibo-rain-1"


class RainSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A rain as everybody may see it. Amounts are minor units."""

    envelope: str
    program: str
    total: int
    packets: int
    announced_at: Ms
    starts_at: Ms
    ends_at: Ms
    commitment: str
    settled_at: Ms | None
    grabbed: int
    paid: int
    returned: int


class ProvenGrab(msgspec.Struct, frozen=True, kw_only=True):
    """One grab; `who` is the person's mask in this rain: the same person, the same mask."""

    seq: int
    at: Ms
    slot: int
    amount: int
    who: str


class RainProof(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to compute a rain again."""

    method: str
    rain: RainSummary
    seed: str | None
    """The reveal (hex); null until the rain is settled, and for ever if it was lost: a failed proof."""
    slots: list[int]
    """What each packet is worth, in the order they are given out; empty until the reveal."""
    grabs: list[ProvenGrab]
    """In the order of the log; empty until the reveal."""
    you: str | None = None
    """The caller's own mask."""


async def read_rains(db: Database, program: str) -> list[RainSummary]:
    """Give the rains of a program, the last first."""
    return [summary(one) for one in await rains.rains_of(db, program)]


async def read_proof(db: Database, tokens: Tokens, envelope: str, account: str = "") -> RainProof:
    """Give the proof of a rain, to anybody; raises Refused(not_found)."""
    record = await rains.rain(db, envelope)
    if record is None:
        raise Refused(CommonRefusal.NOT_FOUND, id=envelope)
    you = mask(tokens, envelope, account) if account else None
    if record.settled_at is None:
        return RainProof(method=METHOD, rain=summary(record), seed=None, slots=[], grabs=[], you=you)
    grabs = [
        ProvenGrab(
            seq=event.seq,
            at=event.at,
            slot=event.slot,
            amount=event.amount,
            who=mask(tokens, envelope, event.user),
        )
        async for event in reader.events_between(
            db.collection(reader.COLLECTION), record.log, record.announced_at, record.settled_at
        )
        if isinstance(event, PacketGrabbed) and event.envelope == envelope
    ]
    slots = list(split(record.total, record.packets, record.seed)) if record.seed else []
    return RainProof(
        method=METHOD, rain=summary(record), seed=record.seed or None, slots=slots, grabs=grabs, you=you
    )


def mask(tokens: Tokens, envelope: str, account: str) -> str:
    """Name a person in one rain alone: nobody else can tell who it is, or find them in another rain."""
    return tokens.mask(f"{envelope}:{account}")


def summary(record: RainRecord) -> RainSummary:
    """Show a rain."""
    names = [name for name in RainSummary.__struct_fields__ if name != "envelope"]
    return RainSummary(envelope=record.id, **{name: getattr(record, name) for name in names})
