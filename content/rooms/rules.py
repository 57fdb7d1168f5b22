"""Pure decisions about rooms."""

from collections.abc import Mapping, Sequence

from content.authority import STAFF, grant
from schemas.accounts import Account, Role
from schemas.content import Program, ProgramState, Room, RoomRole
from schemas.problems import Refusal, RefusalCode

CREATE = grant("rooms.create", Role.BUSINESS_OPERATOR, Role.EDITOR)
EDIT = grant("rooms.edit", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR)
READ = grant("rooms.read", *STAFF)
PUSH = grant("rooms.push", Role.BUSINESS_OPERATOR, Role.ANCHOR)
CAST = grant("rooms.cast", Role.BUSINESS_OPERATOR, people_only=True)
"""Naming who is what in a room: it decides who may act."""
GRANTS = (CREATE, EDIT, READ, PUSH, CAST)


class RoomRefusal(RefusalCode):
    """Why a room can't be."""

    NOT_AN_ANCHOR = "not_an_anchor"
    ADDRESS_TAKEN = "address_taken"
    ADDRESS_FIXED = "address_fixed"
    NOT_A_MEMBER = "not_a_member"


def check_anchor(account: Account | None, business: str) -> Refusal | None:
    """Refuse a room for somebody who is no anchor of its business."""
    if account is None or account.disabled or Role.ANCHOR not in account.roles.get(business, ()):
        return Refusal(RoomRefusal.NOT_AN_ANCHOR, {"pointer": "/anchor"})
    return None


def check_address(room: Room, wanted: str) -> Refusal | None:
    """Refuse to change an address once it is set: it is on posters."""
    if room.address and wanted != room.address:
        return Refusal(RoomRefusal.ADDRESS_FIXED, {"pointer": "/address", "expected": room.address})
    return None


def check_members(
    wanted: Sequence[str], known: Mapping[str, Account], business: str, pointer: str
) -> Refusal | None:
    """Refuse to name anybody twice, or who has no part in the business; `pointer` has `{}` for the place."""
    for place, one in enumerate(wanted):
        account = known.get(one)
        strange = account is None or account.disabled or business not in account.roles
        if strange or one in wanted[:place]:
            return Refusal(RoomRefusal.NOT_A_MEMBER, {"pointer": pointer.format(place), "got": one})
    return None


def cast_changes(old: Sequence[RoomRole], new: Sequence[RoomRole]) -> bool:
    """Tell whether other people, or others than before, are named."""
    return {(one.account, one.role) for one in old} != {(one.account, one.role) for one in new}


ON_AIR_FIRST = (ProgramState.LIVE, ProgramState.INTERRUPTED, ProgramState.READY, ProgramState.SCHEDULED)


def next_show(found: Sequence[Program]) -> Program | None:
    """Choose what a room's address leads to: what is on air, what is open, what comes first."""
    return min(
        (one for one in found if one.state in ON_AIR_FIRST),
        key=lambda one: (ON_AIR_FIRST.index(one.state), one.starts_at or 0),
        default=None,
    )
