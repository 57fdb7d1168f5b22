"""Who may see a program and what somebody is made in it, by plain values."""

import msgspec
import pytest

from content.programs.sight import is_listed, leads, may_enter, part_in
from content.sight import goes_to
from schemas.accounts import SYSTEM, Actor, Role
from schemas.content import Program, ProgramState, Room, RoomRole, Visibility

PROGRAM = Program(
    id="prg_1",
    business="biz_1",
    room="rm_1",
    anchor="acc_anchor",
    title="t",
    state=ProgramState.SCHEDULED,
    assistants=["acc_helper"],
)
ROOM = Room(
    id="rm_1",
    business="biz_1",
    anchor="acc_anchor",
    title="r",
    roles=[
        RoomRole(account="acc_second", role=Role.ANCHOR),
        RoomRole(account="acc_hand", role=Role.ASSISTANT),
    ],
)
GUEST = Actor(id="guest", name="", guest=True, channel="h5")


def member(account: str, role: Role = Role.VIEWER) -> Actor:
    return Actor(id=account, name="n", roles={"biz_1": [role]}, channel="h5")


def test_what_somebody_is_made_in_a_show() -> None:
    assert part_in(member("acc_helper"), PROGRAM, ROOM) is Role.ASSISTANT
    assert part_in(member("acc_hand"), PROGRAM, ROOM) is Role.ASSISTANT
    assert part_in(member("acc_second"), PROGRAM, ROOM) is Role.ANCHOR
    assert part_in(member("acc_other"), PROGRAM, ROOM) is None
    assert part_in(member("acc_second"), PROGRAM, None) is None
    assert leads(member("acc_second"), ROOM)
    assert not leads(member("acc_hand"), ROOM)


@pytest.mark.parametrize("account", ["acc_helper", "acc_hand", "acc_second"])
def test_it_counts_for_members_only_and_never_for_a_key(account: str) -> None:
    gone = Actor(id=account, name="n", roles={"biz_2": [Role.ANCHOR]})
    key = msgspec.structs.replace(member(account), scopes={"biz_1": frozenset({"programs.read"})})
    for actor in (gone, key):
        assert part_in(actor, PROGRAM, ROOM) is None
        assert not leads(actor, ROOM)


@pytest.mark.parametrize(
    ("change", "guest", "of_house"),
    [
        ({}, True, True),
        ({"visibility": Visibility.UNLISTED}, True, True),
        ({"visibility": Visibility.PRIVATE}, False, True),
        ({"rehearsal": True}, False, True),
        ({"channels": ["mini"]}, False, True),
        ({"channels": ["mini", "h5"]}, True, True),
        ({"state": ProgramState.DRAFT}, False, False),
        ({"state": ProgramState.CANCELLED}, False, False),
    ],
)
def test_who_may_enter(change: dict[str, object], guest: bool, of_house: bool) -> None:
    program = msgspec.structs.replace(PROGRAM, **change)
    assert may_enter(GUEST, program) is guest
    assert may_enter(member("acc_other"), program) is of_house
    assert may_enter(Actor(id="acc_x", name="n", roles={"biz_2": [Role.BUSINESS_OPERATOR]}), program) is (
        guest or program.channels == ["mini"]
    )
    assert may_enter(SYSTEM, program)
    listed = guest and program.visibility is Visibility.PUBLIC
    assert is_listed(program, "h5") is listed or program.state is not ProgramState.SCHEDULED


def test_channels() -> None:
    assert goes_to([], "h5")
    assert goes_to(["h5"], "")
    assert not goes_to(["store-screen"], "h5")
