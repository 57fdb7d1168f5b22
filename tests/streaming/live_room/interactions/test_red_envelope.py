"""Red-envelope rain on a table: an exact split, one packet each, in order, within its time."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.content import ProgramState
from schemas.problems import Refusal
from schemas.room import LuckiestNamed, PacketGrabbed, Rain, RainSettled, RoomEvent, RoomRefusal
from streaming.live_room.interactions.fair_split import commitment, split
from streaming.live_room.interactions.interaction import SYSTEM, Ask, Speaker
from streaming.live_room.interactions.program import SetProgram
from streaming.live_room.interactions.red_envelope import RAINS_KEPT, AnnounceRain, SettleRain, TakePacket
from streaming.live_room.interactions.registry import ROOM
from tests.streaming.live_room.people import ANN, BOB, CLERK, GUEST, someone

SEED = "5eed" * 16
BEGIN, STARTS, ENDS = 1_000_000, 1_010_000, 1_025_000


class Sky:
    """A room on a table with a clock that is set by hand."""

    def __init__(self, total: int = 1_000, packets: int = 3) -> None:
        self.states = ROOM.fresh()
        self.at = BEGIN
        self.seq = 0
        self.total, self.packets = total, packets

    def ask(self, command: Any, by: Speaker = SYSTEM) -> list[RoomEvent] | RoomRefusal:
        decision = ROOM.decide(self.states, command, Ask(by, self.at, self.seq + 1))
        if isinstance(decision, Refusal):
            return RoomRefusal(decision.code)
        ROOM.evolve(self.states, decision)
        self.seq += len(decision)
        return list(decision)

    def announce(self, envelope: str = "e", by: Speaker = CLERK, **asked: Any) -> Any:
        rain = Rain(
            **{"total": self.total, "packets": self.packets, "starts_in_s": 10, "lasts_s": 15, **asked}
        )
        sealed = commitment(envelope, rain.total, rain.packets, SEED)
        return self.ask(AnnounceRain(envelope=envelope, asked=rain, commitment=sealed), by)

    def grab(self, by: Speaker, envelope: str = "e") -> Any:
        return self.ask(TakePacket(envelope=envelope, amounts=split(self.total, self.packets, SEED)), by)

    def settle(self, envelope: str = "e", **people: Any) -> Any:
        return self.ask(SettleRain(envelope=envelope, seed=SEED, people=people))

    def falling(self) -> "Sky":
        self.announce()
        self.at = STARTS
        return self

    def mine(self, by: Speaker) -> Any:
        return ROOM.mine(self.states, by.user.id).get("red_envelope", {})


@given(total=st.integers(1, 100_000), packets=st.integers(1, 500), seed=st.binary(min_size=32, max_size=32))
def test_a_split_is_exact_and_leaves_no_packet_empty(total: int, packets: int, seed: bytes) -> None:
    packets = min(packets, total)
    amounts = split(total, packets, seed.hex())
    assert (len(amounts), sum(amounts), min(amounts) >= 1) == (packets, total, True)
    assert split(total, packets, seed.hex()) == amounts


def test_the_method_of_the_split_never_changes() -> None:
    """Proofs are checked years later: these figures stand for ever."""
    assert split(10, 10, SEED) == (1,) * 10
    assert split(100, 5, "00" * 32) == (42, 8, 35, 6, 9)
    assert commitment("env_1", 100, 5, "00" * 32) == (
        "f74e1ace210cbe43f0d880bb93c53c5623884b1f90ad5d357f07a015bcd90c22"
    )


def test_each_user_gets_one_packet_and_the_last_is_the_last() -> None:
    sky = Sky().falling()
    a, b, c, d = (someone(name) for name in "abcd")
    assert [event.slot for by in (a, b) for event in sky.grab(by)] == [0, 1]
    assert sky.grab(a) == [], "asking twice changes nothing"
    assert [event.slot for event in sky.grab(c)] == [2]
    assert sky.grab(d) == RoomRefusal.ENVELOPE_EMPTY
    amounts = split(1_000, 3, SEED)
    assert [sky.mine(by) for by in (a, b, c, d)] == [
        *({"e": {"amount": amount, "rank": rank}} for rank, amount in enumerate(amounts, 1)),
        {},
    ]


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (STARTS - 1, RoomRefusal.RAIN_NOT_BEGUN),
        (STARTS, "a packet"),
        (ENDS - 1, "a packet"),
        (ENDS, RoomRefusal.RAIN_OVER),
    ],
    ids=["a millisecond before", "at the start", "the last millisecond", "at the end"],
)
def test_it_rains_from_the_start_until_the_end(at: int, answer: str) -> None:
    sky = Sky()
    sky.announce()
    sky.at = at
    got = sky.grab(ANN)
    assert answer == (got if isinstance(got, RoomRefusal) else "a packet")
    assert bool(sky.mine(ANN)) == (answer == "a packet")


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (GUEST, RoomRefusal.SIGN_IN_FIRST),
        (CLERK, RoomRefusal.VIEWERS_ONLY),
        (someone("aide", "assistant"), RoomRefusal.VIEWERS_ONLY),
    ],
    ids=["a guest", "the anchor", "an assistant"],
)
def test_packets_are_for_viewers_who_are_signed_in(by: Speaker, refusal: RoomRefusal) -> None:
    sky = Sky().falling()
    assert sky.grab(by) == refusal
    assert [event.slot for event in sky.grab(ANN)] == [0]


def test_an_unknown_envelope_is_refused() -> None:
    assert Sky().falling().grab(ANN, "another") == RoomRefusal.ENVELOPE_UNKNOWN


@pytest.mark.parametrize(
    ("by", "asked", "refusal"),
    [
        (ANN, {}, RoomRefusal.ANCHOR_ONLY),
        (GUEST, {}, RoomRefusal.ANCHOR_ONLY),
        (someone("aide", "assistant"), {}, RoomRefusal.ANCHOR_ONLY),
        (CLERK, {"total": 2}, RoomRefusal.ENVELOPE_INVALID),
    ],
    ids=["a viewer", "a guest", "an assistant", "less than one fen each"],
)
def test_rains_that_may_not_be(by: Speaker, asked: dict[str, int], refusal: RoomRefusal) -> None:
    sky = Sky()
    assert sky.announce("e", by, **asked) == refusal
    assert ROOM.view(sky.states)["rain"] is None


def test_one_rain_at_a_time() -> None:
    sky = Sky().falling()
    assert sky.announce("another") == RoomRefusal.RAIN_ON
    sky.at = ENDS
    sky.settle()
    assert len(sky.announce("another")) == 1


def test_nothing_rains_after_the_end_of_the_program() -> None:
    sky = Sky()
    sky.ask(SetProgram(state=ProgramState.ENDED))
    assert sky.announce() == RoomRefusal.PROGRAM_OVER


def test_a_rain_that_is_not_due_is_not_settled() -> None:
    sky = Sky().falling()
    sky.grab(ANN)
    assert sky.settle() == []


@pytest.mark.parametrize("ending", ["its time", "its packets", "the program"])
def test_a_rain_is_settled_at_its_end(ending: str) -> None:
    sky = Sky().falling()
    takers = [ANN, BOB, someone("cid")] if ending == "its packets" else [ANN, BOB]
    for by in takers:
        sky.grab(by)
    if ending == "its time":
        sky.at = ENDS
    elif ending == "the program":
        sky.ask(SetProgram(state=ProgramState.ENDED))
        assert sky.grab(someone("late")) == RoomRefusal.RAIN_OVER
    paid = sum(split(1_000, 3, SEED)[: len(takers)])

    settled = sky.settle(acc_ann=ANN.user, acc_bob=BOB.user)

    assert isinstance(settled[0], RainSettled)
    assert (settled[0].seed, settled[0].grabbed) == (SEED, len(takers))
    assert (settled[0].paid, settled[0].returned) == (paid, 1_000 - paid)
    assert isinstance(settled[1], LuckiestNamed)
    amounts = [one.amount for one in settled[1].luckiest]
    assert amounts == sorted(amounts, reverse=True)
    assert {one.user.id for one in settled[1].luckiest} == {"acc_ann", "acc_bob"}
    assert sky.settle() == [], "settled once"
    assert sky.grab(ANN) == [], "whoever has a packet is told it again"
    view = ROOM.view(sky.states)["rain"]
    assert (view.settled, view.grabbed, view.paid) == (True, len(takers), paid)


def test_another_seed_than_the_one_committed_to_is_never_revealed() -> None:
    sky = Sky().falling()
    sky.at = ENDS
    with pytest.raises(ValueError, match="not the one"):
        sky.ask(SettleRain(envelope="e", seed="00" * 32))


def test_old_rains_are_forgotten_but_not_their_ids() -> None:
    sky = Sky()
    for n in range(RAINS_KEPT + 2):
        sky.announce(f"e{n}")
        sky.at += 25_000
        sky.settle(f"e{n}")
    state = sky.states["red_envelope"]
    assert list(state.rains) == [f"e{n}" for n in range(2, RAINS_KEPT + 2)]
    assert len(state.known) == RAINS_KEPT + 2
    assert sky.grab(ANN, "e0") == RoomRefusal.ENVELOPE_UNKNOWN


@given(grabs=st.lists(st.tuples(st.integers(0, 6), st.integers(-2_000, 17_000)), max_size=40))
def test_order_and_sums_hold_whatever_comes(grabs: list[tuple[int, int]]) -> None:
    sky = Sky(total=77, packets=5)
    sky.announce()
    won: list[PacketGrabbed] = []
    for who, when in sorted(grabs, key=lambda grab: grab[1]):
        sky.at = max(sky.at, STARTS + when)
        got = sky.grab(someone(f"v{who}"))
        won += [] if isinstance(got, RoomRefusal) else got
    amounts = split(77, 5, SEED)
    assert [(event.slot, event.amount) for event in won] == list(enumerate(amounts))[: len(won)]
    assert len({event.user for event in won}) == len(won)
    sky.at = ENDS
    settled = sky.settle()[0]
    assert settled.paid == sum(event.amount for event in won) == 77 - settled.returned
