"""Pure decisions about programs: the state machine, the stream key, the shelf."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.content import Offer, Program, ProgramState, RecordingPolicy
from schemas.money import Money
from schemas.problems import CommonRefusal, Refusal, RefusalCode

CREATE = grant("programs.create", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
EDIT = grant("programs.edit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
READ = grant("programs.read", *STAFF, Role.SUPPLIER)
SCHEDULE = grant("programs.schedule", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
OPEN = grant("programs.open", Role.BUSINESS_OPERATOR, Role.ANCHOR)
END = grant("programs.end", Role.BUSINESS_OPERATOR, Role.ANCHOR)
CANCEL = grant("programs.cancel", Role.BUSINESS_OPERATOR, Role.ANCHOR)
PUSH = grant("programs.push", Role.BUSINESS_OPERATOR, Role.ANCHOR)
SHELVE = grant("programs.shelve", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR, Role.ASSISTANT)
ERASE = grant("programs.erase")
GRANTS = (CREATE, EDIT, READ, SCHEDULE, OPEN, END, CANCEL, PUSH, SHELVE, ERASE)

HOUR_MS = 3_600_000
KEY_LASTS_MS = 12 * HOUR_MS
"""A stream key serves for this long after the planned start, or after it was issued if that is later."""
MAX_LEAD_MS = 366 * 24 * HOUR_MS
KEPT_MS = 1096 * 24 * HOUR_MS
"""How long a show that sold is kept when nothing else is known: three years."""
MAX_OFFERS = 100
MAX_LIMIT = 999
"""Highest limit of units per buyer; beyond it is none."""


class ProgramRefusal(RefusalCode):
    """Why a program or its publisher is refused."""

    KEY_UNKNOWN = "key_unknown"
    KEY_EXPIRED = "key_expired"
    PROGRAM_NOT_OPEN = "program_not_open"
    PROGRAM_ENDED = "program_ended"
    START_NOT_POSSIBLE = "start_not_possible"
    PRODUCT_UNKNOWN = "product_unknown"
    PRODUCT_TWICE = "product_twice"
    RETAINED = "retained"
    MUST_BE_RECORDED = "must_be_recorded"


class Move(StrEnum):
    """What can happen to a program's state."""

    SCHEDULE = "schedule"
    OPEN = "open"
    START = "start"
    INTERRUPT = "interrupt"
    END = "end"
    CANCEL = "cancel"


S = ProgramState
MOVES: Mapping[Move, Mapping[ProgramState, ProgramState]] = {
    Move.SCHEDULE: {S.DRAFT: S.SCHEDULED, S.SCHEDULED: S.SCHEDULED},
    Move.OPEN: {S.DRAFT: S.READY, S.SCHEDULED: S.READY},
    Move.START: {S.READY: S.LIVE, S.INTERRUPTED: S.LIVE},
    Move.INTERRUPT: {S.LIVE: S.INTERRUPTED},
    Move.END: {S.LIVE: S.ENDED, S.INTERRUPTED: S.ENDED},
    Move.CANCEL: {S.DRAFT: S.CANCELLED, S.SCHEDULED: S.CANCELLED, S.READY: S.CANCELLED},
}
"""The whole state machine: from which state a move leads where."""

OVER = frozenset({S.ENDED, S.CANCELLED})
ON_AIR = frozenset({S.LIVE, S.INTERRUPTED})
COMING = frozenset({S.SCHEDULED, S.READY})
PUBLIC = frozenset({S.SCHEDULED, S.READY, S.LIVE, S.INTERRUPTED, S.ENDED})
"""States in which anybody may see a program."""
SHOWN_AS = frozenset({"visibility", "channels", "share_picture"})
"""What may be changed of a program that is over: its replay and clips are seen by these too."""
PUSHABLE = frozenset({S.READY, S.LIVE, S.INTERRUPTED})


def move(state: ProgramState, wanted: Move) -> ProgramState | Refusal:
    """Give the state a move leads to, or say from which states it was expected."""
    leads = MOVES[wanted]
    if state not in leads:
        expected = " or ".join(leads)
        return Refusal(CommonRefusal.WRONG_STATE, {"move": wanted, "expected": expected, "got": state})
    return leads[state]


def check_start(starts_at: int, now: int) -> Refusal | None:
    """Refuse a planned start in the past or more than a year ahead."""
    if now <= starts_at <= now + MAX_LEAD_MS:
        return None
    return Refusal(ProgramRefusal.START_NOT_POSSIBLE, {"pointer": "/starts_at", "got": starts_at})


def key_expiry(program: Program, now: int) -> int:
    """Tell until when a key issued now serves."""
    return max(program.starts_at or 0, now) + KEY_LASTS_MS


def check_publish(program: Program | None, now: int) -> Refusal | None:
    """Refuse a publisher whose key led to `program` (None: to nothing)."""
    if program is None:
        return Refusal(ProgramRefusal.KEY_UNKNOWN)
    if program.state in OVER:
        return Refusal(ProgramRefusal.PROGRAM_ENDED, {"got": program.state})
    if program.key_expires_at is None or now >= program.key_expires_at:
        return Refusal(ProgramRefusal.KEY_EXPIRED, {"expired_at": program.key_expires_at or 0})
    if program.state not in PUSHABLE:
        expected = " or ".join(sorted(PUSHABLE))
        return Refusal(ProgramRefusal.PROGRAM_NOT_OPEN, {"expected": expected, "got": program.state})
    return None


def opened(found: Sequence[Program]) -> Program | None:
    """Choose which open program of a room its key opens: what is on air, else what comes first."""
    return min(
        (one for one in found if one.state in PUSHABLE),
        key=lambda one: (one.state not in ON_AIR, one.starts_at or 0),
        default=None,
    )


def is_recorded(program: Program) -> bool:
    """Tell whether anything of a show is kept: of a rehearsal, nothing is."""
    return program.recording is not RecordingPolicy.OFF and not program.rehearsal


def makes_clips(program: Program) -> bool:
    """Tell whether clips are made of a show."""
    return is_recorded(program) and program.recording is not RecordingPolicy.NO_CLIPS


def check_policy(program: Program, changes: Mapping[str, Any]) -> Refusal | None:
    """Refuse to change on air what is kept of a show, and to keep nothing of one that sells."""
    after = msgspec.structs.replace(program, **changes)
    kept_otherwise = (after.recording, after.rehearsal) != (program.recording, program.rehearsal)
    if kept_otherwise and program.state in ON_AIR:
        expected = "a program that is not on air"
        return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": program.state})
    return check_recorded(after)


def check_recorded(program: Program) -> Refusal | None:
    """Refuse a shelf on a show that is not recorded: what sells to people must be kept."""
    if program.shelf and program.recording is RecordingPolicy.OFF and not program.rehearsal:
        return Refusal(ProgramRefusal.MUST_BE_RECORDED, {"pointer": "/recording"})
    return None


def sells(program: Program) -> bool:
    """Tell whether a program sold to the public, so that all of it must be kept; the demo sells to nobody."""
    return bool(program.shelf) and program.went_live_at is not None and not program.demo


def check_erase(program: Program, kept_until: int, now: int) -> Refusal | None:
    """Refuse to erase what is not over, or must be kept.

    A show that sold and of which no lock is known is kept as long as shows are: its lock is on the way.
    """
    if not kept_until and sells(program):
        kept_until = (program.ended_at or now) + KEPT_MS
    if kept_until > now:
        return Refusal(ProgramRefusal.RETAINED, {"until": kept_until, "day": _day(kept_until)})
    if program.state not in OVER:
        expected = " or ".join(sorted(OVER))
        return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": program.state})
    return None


def check_shelf(state: ProgramState, wanted: Sequence[str], known: Mapping[str, object]) -> Refusal | None:
    """Refuse a shelf on a program that is over, with a product twice, or with one that is not sold here."""
    if state in OVER:
        expected = "a program that is not over"
        return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": state})
    for place, product in enumerate(wanted):
        pointer = f"/offers/{place}/product"
        if product in wanted[:place]:
            return Refusal(ProgramRefusal.PRODUCT_TWICE, {"pointer": pointer, "got": product})
        if product not in known:
            return Refusal(ProgramRefusal.PRODUCT_UNKNOWN, {"pointer": pointer, "got": product})
    return None


def next_offer(
    old: Offer | None,
    *,
    identifier: str,
    number: int,
    product: str,
    title: str,
    picture: str,
    price: Money,
    list_price: Money | None,
    limit: int = 0,
) -> Offer:
    """Make the offer of a product; one that was on the shelf keeps its id, so that pins stay true."""
    return Offer(
        id=old.id if old else identifier,
        number=number,
        product=product,
        title=title,
        picture=picture,
        price=price,
        list_price=list_price,
        limit=limit,
        units=old.units if old else {},
    )


def change_offer(program: Program, offer: str, changes: Mapping[str, Any]) -> list[Offer] | Refusal:
    """Give the shelf with one offer changed; its live price stays at or below its list price."""
    if program.state in OVER:
        return Refusal(
            CommonRefusal.WRONG_STATE, {"expected": "a program that is not over", "got": program.state}
        )
    if offer not in {one.id for one in program.shelf}:
        return Refusal(CommonRefusal.NOT_FOUND, {"id": offer})
    shelf = [msgspec.structs.replace(one, **changes) if one.id == offer else one for one in program.shelf]
    for one in shelf:
        if one.id == offer and one.list_price and not _strikes(one.price, one.list_price):
            expected = f"<= {one.list_price.amount} {one.list_price.currency}"
            return Refusal(
                CommonRefusal.INVALID, {"pointer": "/price", "expected": expected, "got": one.price.amount}
            )
    return shelf


def _strikes(price: Money, list_price: Money) -> bool:
    return price.currency == list_price.currency and price.amount <= list_price.amount


def _day(at: int) -> str:
    """Write a moment (epoch ms) as a date by the calendar of Greenwich."""
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
