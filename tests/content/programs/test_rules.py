import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.programs import rules
from content.programs.rules import Move, ProgramRefusal
from schemas.content import Program, ProgramState
from schemas.money import Money
from schemas.problems import CommonRefusal, Refusal

S = ProgramState
STATES = st.sampled_from(ProgramState)
PATHS = st.lists(st.sampled_from(Move), max_size=12)

LEGAL = [
    (S.DRAFT, Move.SCHEDULE, S.SCHEDULED),
    (S.SCHEDULED, Move.SCHEDULE, S.SCHEDULED),
    (S.DRAFT, Move.OPEN, S.READY),
    (S.SCHEDULED, Move.OPEN, S.READY),
    (S.READY, Move.START, S.LIVE),
    (S.INTERRUPTED, Move.START, S.LIVE),
    (S.LIVE, Move.INTERRUPT, S.INTERRUPTED),
    (S.LIVE, Move.END, S.ENDED),
    (S.INTERRUPTED, Move.END, S.ENDED),
    (S.DRAFT, Move.CANCEL, S.CANCELLED),
    (S.SCHEDULED, Move.CANCEL, S.CANCELLED),
    (S.READY, Move.CANCEL, S.CANCELLED),
]


@pytest.mark.parametrize("wanted", Move)
@pytest.mark.parametrize("state", ProgramState)
def test_every_move_from_every_state(state: ProgramState, wanted: Move) -> None:
    expected = [target for source, move, target in LEGAL if (source, move) == (state, wanted)]
    outcome = rules.move(state, wanted)
    if expected:
        assert outcome is expected[0]
    else:
        assert isinstance(outcome, Refusal)
        assert outcome.code is CommonRefusal.WRONG_STATE
        assert outcome.data["got"] == state
        assert outcome.data["expected"] == " or ".join(source for source, move, _ in LEGAL if move is wanted)


def walk(path: list[Move]) -> list[ProgramState]:
    """Give the states a program passes through; refused moves leave it where it is."""
    states = [S.DRAFT]
    for wanted in path:
        outcome = rules.move(states[-1], wanted)
        states.append(states[-1] if isinstance(outcome, Refusal) else outcome)
    return states


@given(PATHS)
def test_what_is_over_stays_over(path: list[Move]) -> None:
    states = walk(path)
    for before, after in itertools.pairwise(states):
        assert before not in rules.OVER or after is before


@given(PATHS)
def test_only_what_was_live_ends_and_what_was_live_is_never_cancelled(path: list[Move]) -> None:
    states = walk(path)
    assert (S.ENDED not in states) or S.LIVE in states[: states.index(S.ENDED)]
    assert not (S.LIVE in states and S.CANCELLED in states)


def test_every_state_can_be_reached() -> None:
    reached, waiting = {S.DRAFT}, [S.DRAFT]
    while waiting:
        state = waiting.pop()
        for wanted in Move:
            outcome = rules.move(state, wanted)
            if not isinstance(outcome, Refusal) and outcome not in reached:
                reached.add(outcome)
                waiting.append(outcome)
    assert reached == set(ProgramState)


def program(state: ProgramState, key_expires_at: int) -> Program:
    return Program(
        id="prg_1",
        business="biz_1",
        room="rm_1",
        anchor="acc_1",
        title="t",
        state=state,
        key_expires_at=key_expires_at,
    )


@pytest.mark.parametrize(
    ("state", "now", "code"),
    [
        (S.DRAFT, 99, ProgramRefusal.PROGRAM_NOT_OPEN),
        (S.SCHEDULED, 99, ProgramRefusal.PROGRAM_NOT_OPEN),
        (S.READY, 99, None),
        (S.LIVE, 99, None),
        (S.INTERRUPTED, 99, None),
        (S.READY, 100, ProgramRefusal.KEY_EXPIRED),
        (S.LIVE, 101, ProgramRefusal.KEY_EXPIRED),
        (S.ENDED, 99, ProgramRefusal.PROGRAM_ENDED),
        (S.CANCELLED, 101, ProgramRefusal.PROGRAM_ENDED),
    ],
)
def test_who_may_publish(state: ProgramState, now: int, code: ProgramRefusal | None) -> None:
    refusal = rules.check_publish(program(state, key_expires_at=100), now)
    assert (refusal.code if refusal else None) is code


def test_a_key_that_leads_nowhere_is_unknown() -> None:
    assert rules.check_publish(None, 0) == Refusal(ProgramRefusal.KEY_UNKNOWN)


@given(st.integers(0, 2**45), st.none() | st.integers(0, 2**45))
def test_a_key_outlasts_the_planned_start(now: int, starts_at: int | None) -> None:
    scheduled = Program(
        id="p", business="b", room="r", anchor="a", title="t", state=S.SCHEDULED, starts_at=starts_at
    )
    assert rules.key_expiry(scheduled, now) == max(now, starts_at or 0) + 12 * 3_600_000


@pytest.mark.parametrize(
    ("starts_at", "possible"),
    [(999, False), (1000, True), (1000 + rules.MAX_LEAD_MS, True), (1001 + rules.MAX_LEAD_MS, False)],
)
def test_a_start_lies_ahead_but_not_too_far(starts_at: int, possible: bool) -> None:
    assert (rules.check_start(starts_at, now=1000) is None) is possible


@pytest.mark.parametrize(
    ("state", "wanted", "code", "pointer"),
    [
        (S.READY, ["a", "b"], None, ""),
        (S.LIVE, [], None, ""),
        (S.READY, ["a", "x"], ProgramRefusal.PRODUCT_UNKNOWN, "/offers/1/product"),
        (S.READY, ["a", "b", "a"], ProgramRefusal.PRODUCT_TWICE, "/offers/2/product"),
        (S.ENDED, ["a"], CommonRefusal.WRONG_STATE, None),
        (S.CANCELLED, ["a"], CommonRefusal.WRONG_STATE, None),
    ],
)
def test_what_may_stand_on_a_shelf(
    state: ProgramState, wanted: list[str], code: str | None, pointer: str | None
) -> None:
    refusal = rules.check_shelf(state, wanted, {"a": 1, "b": 2})
    assert (refusal.code if refusal else None) == code
    if refusal and pointer:
        assert refusal.data["pointer"] == pointer


def test_an_offer_that_stays_keeps_its_id() -> None:
    price = Money(amount=100)
    facts = {"number": 1, "product": "prd_1", "title": "t", "picture": "", "price": price, "list_price": None}
    first = rules.next_offer(None, identifier="off_1", **facts)  # type: ignore[arg-type]
    again = rules.next_offer(first, identifier="off_2", **{**facts, "number": 2})  # type: ignore[arg-type]
    assert (first.id, again.id, again.number) == ("off_1", "off_1", 2)
