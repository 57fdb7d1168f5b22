"""What each interaction accepts, refuses and says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.content import ProgramState
from schemas.problems import Refusal
from schemas.room import (
    Announce,
    Announced,
    AudienceSampled,
    ChatSent,
    LikesCounted,
    OfferPinned,
    OfferStock,
    OfferUnpinned,
    PinOffer,
    Rain,
    RoomEvent,
    RoomRefusal,
    SendChat,
    ShelfSet,
    StateChanged,
    StockCounted,
    UnpinOffer,
)
from streaming.live_room.interactions import chat
from streaming.live_room.interactions.crowd import CountLikes, SampleAudience
from streaming.live_room.interactions.fair_split import split
from streaming.live_room.interactions.interaction import SYSTEM, Ask, Speaker
from streaming.live_room.interactions.program import SetProgram
from streaming.live_room.interactions.red_envelope import AnnounceRain, TakePacket
from streaming.live_room.interactions.registry import ROOM, Registry, States
from streaming.live_room.interactions.shelf import SetShelf
from streaming.live_room.interactions.stock import CountStock
from tests.streaming.live_room.people import ANN, BOB, CLERK, GUEST, offer, someone


class Table:
    """A room on a table: decides and evolves, without a log."""

    def __init__(self, registry: Registry = ROOM) -> None:
        self.registry = registry
        self.states: States = registry.fresh()
        self.events: list[RoomEvent] = []
        self.at = 1_000_000

    def ask(self, command: Any, by: Speaker = SYSTEM) -> list[RoomEvent] | RoomRefusal:
        decision = self.registry.decide(self.states, command, Ask(by, self.at, len(self.events) + 1))
        if isinstance(decision, Refusal):
            return RoomRefusal(decision.code)
        self.registry.evolve(self.states, decision)
        self.events += decision
        return list(decision)

    def view(self) -> dict[str, Any]:
        return self.registry.view(self.states)


# --- chat ---------------------------------------------------------------------------------------


def test_a_line_is_cleaned_and_tells_who_said_it() -> None:
    table = Table()
    said = table.ask(SendChat(text="  hello\u202e\nthere ", seen_at=table.at - 4_000), ANN)
    assert said == [
        ChatSent(seq=1, at=table.at, user=ANN.user, text="hello  there", seen_at=table.at - 4_000)
    ]
    assert table.ask(SendChat(text="hi"), CLERK) == [
        ChatSent(seq=2, at=table.at, user=CLERK.user, text="hi", badge="anchor")
    ]


def test_a_line_without_text_is_refused() -> None:
    assert Table().ask(SendChat(text=" \u200b\n "), ANN) == RoomRefusal.TEXT_EMPTY


def test_guests_read_only() -> None:
    assert Table().ask(SendChat(text="hi"), GUEST) == RoomRefusal.SIGN_IN_FIRST


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [(None, None), (999_000, 999_000), (1_000_001, 1_000_000), (5, 1_000_000 - chat.MAX_BEHIND_MS)],
    ids=["unsaid", "a second ago", "in the future", "long ago"],
)
def test_what_was_on_screen_is_bounded(claimed: int | None, kept: int | None) -> None:
    assert chat.seen_at(claimed, 1_000_000) == kept


def test_a_person_says_three_lines_in_three_seconds() -> None:
    table = Table()
    for _ in range(3):
        assert isinstance(table.ask(SendChat(text="x"), ANN), list)
        table.at += 100
    assert table.ask(SendChat(text="x"), ANN) == RoomRefusal.TOO_FAST
    assert isinstance(table.ask(SendChat(text="x"), BOB), list)
    table.at += 2_700
    assert isinstance(table.ask(SendChat(text="x"), ANN), list)


def test_a_room_takes_fifty_lines_a_second_and_always_the_anchors() -> None:
    table = Table()
    answers = [table.ask(SendChat(text="x"), someone(f"v{n}")) for n in range(60)]
    assert [isinstance(answer, list) for answer in answers] == [True] * 50 + [False] * 10
    assert answers[-1] == RoomRefusal.CROWDED
    assert isinstance(table.ask(SendChat(text="x"), CLERK), list)
    table.at += 1_000
    assert isinstance(table.ask(SendChat(text="x"), ANN), list)


# --- shelf ---------------------------------------------------------------------------------------


def shelf_of_two() -> Table:
    table = Table()
    table.ask(SetShelf(offers=[offer(1), offer(2)]))
    return table


def test_the_next_pin_implies_unpin() -> None:
    table = shelf_of_two()
    table.ask(PinOffer(offer="off_1"), CLERK)
    pinned_at, table.at = table.at, table.at + 9_000
    assert table.ask(PinOffer(offer="off_2"), CLERK) == [
        OfferUnpinned(seq=3, at=table.at, offer="off_1", product="prd_1", since_at=pinned_at, since_seq=2),
        OfferPinned(seq=4, at=table.at, offer="off_2", product="prd_2"),
    ]
    assert table.view()["pinned"] == "off_2"
    assert table.view()["pinned_at"] == table.at


def test_pinning_twice_and_unpinning_another_change_nothing() -> None:
    table = shelf_of_two()
    table.ask(PinOffer(offer="off_1"), CLERK)
    assert table.ask(PinOffer(offer="off_1"), CLERK) == []
    assert table.ask(UnpinOffer(offer="off_2"), CLERK) == []
    assert table.view()["pinned"] == "off_1"


@pytest.mark.parametrize("command", [PinOffer(offer="off_1"), UnpinOffer(offer="off_1"), Announce(text="x")])
@pytest.mark.parametrize("by", [ANN, GUEST])
def test_viewers_do_not_run_the_show(command: Any, by: Speaker) -> None:
    table = shelf_of_two()
    before = table.view()
    assert table.ask(command, by) == RoomRefusal.HOSTS_ONLY
    assert table.view() == before


def test_an_offer_that_is_not_on_the_shelf_is_not_pinned() -> None:
    assert shelf_of_two().ask(PinOffer(offer="off_9"), CLERK) == RoomRefusal.OFFER_UNKNOWN


def test_a_pinned_offer_that_leaves_the_shelf_is_unpinned() -> None:
    table = shelf_of_two()
    table.ask(PinOffer(offer="off_1"), CLERK)
    events = table.ask(SetShelf(offers=[offer(2)]))
    assert isinstance(events, list)
    assert [type(event) for event in events] == [OfferUnpinned, ShelfSet]
    assert table.ask(SetShelf(offers=[offer(2)])) == []


def test_the_end_unpins_first_and_closes_the_room() -> None:
    table = shelf_of_two()
    table.ask(SetProgram(state=ProgramState.LIVE))
    table.ask(PinOffer(offer="off_1"), CLERK)
    events = table.ask(SetProgram(state=ProgramState.ENDED, reason="ended_by_anchor"))
    assert isinstance(events, list)
    assert [(type(event), event.seq) for event in events] == [(OfferUnpinned, 4), (StateChanged, 5)]
    assert table.ask(PinOffer(offer="off_1"), CLERK) == RoomRefusal.PROGRAM_OVER
    assert table.ask(SendChat(text="late"), ANN) == RoomRefusal.PROGRAM_OVER
    assert table.ask(SetProgram(state=ProgramState.LIVE)) == []


# --- stock ---------------------------------------------------------------------------------------


def test_only_what_changed_of_offers_on_the_shelf_is_told() -> None:
    table = shelf_of_two()
    both = {"off_1": OfferStock(left=3, of=5), "off_2": OfferStock(left=0, of=2)}
    gone = {"off_9": OfferStock(left=1)}
    assert table.ask(CountStock(offers=both | gone)) == [StockCounted(seq=2, at=table.at, offers=both)]
    assert table.ask(CountStock(offers=both)) == []
    fewer = {"off_1": OfferStock(left=2, of=5)}
    assert table.ask(CountStock(offers=both | fewer)) == [StockCounted(seq=3, at=table.at, offers=fewer)]
    assert table.view()["stock"] == both | fewer


def test_an_offer_that_leaves_the_shelf_takes_its_count_along() -> None:
    table = shelf_of_two()
    table.ask(CountStock(offers={"off_1": OfferStock(left=3), "off_2": OfferStock(left=4)}))
    table.ask(SetShelf(offers=[offer(2)]))
    assert table.view()["stock"] == {"off_2": OfferStock(left=4)}
    assert table.ask(CountStock(offers={"off_1": OfferStock(left=1)})) == []


def test_nothing_is_counted_after_the_end() -> None:
    table = shelf_of_two()
    table.ask(SetProgram(state=ProgramState.ENDED))
    assert table.ask(CountStock(offers={"off_1": OfferStock(left=3)})) == []


# --- program, crowd, announcement ----------------------------------------------------------------


def test_the_first_live_is_remembered_through_an_interruption() -> None:
    table = Table()
    table.ask(SetProgram(state=ProgramState.LIVE))
    live_at, table.at = table.at, table.at + 5_000
    table.ask(SetProgram(state=ProgramState.INTERRUPTED, grace_until=table.at + 60_000))
    assert table.view()["grace_until"] == table.at + 60_000
    table.ask(SetProgram(state=ProgramState.LIVE))
    assert (table.view()["state"], table.view()["went_live_at"]) == ("live", live_at)
    assert table.view()["grace_until"] is None
    assert table.ask(SetProgram(state=ProgramState.LIVE)) == []


def test_likes_add_up_and_the_audience_has_a_peak() -> None:
    table = Table()
    table.ask(CountLikes(count=5))
    assert table.ask(CountLikes(count=2)) == [LikesCounted(seq=2, at=table.at, total=7)]
    assert table.ask(CountLikes(count=0)) == []
    table.ask(SampleAudience(viewers=9, arrived=9))
    sample = AudienceSampled(seq=4, at=table.at, viewers=4, peak=9, came=10)
    assert table.ask(SampleAudience(viewers=4, arrived=1)) == [sample]
    assert table.ask(SampleAudience(viewers=4)) == []


def test_a_notice_hangs_until_it_is_taken_away() -> None:
    table = Table()
    assert table.ask(Announce(text=" soon "), CLERK) == [Announced(seq=1, at=table.at, text="soon")]
    assert table.view()["notice"] == "soon"
    table.ask(Announce(text=""), CLERK)
    assert table.view()["notice"] == ""


# --- all of them ---------------------------------------------------------------------------------

ENVELOPES = [f"e{n}" for n in range(50)]
COMMANDS = st.one_of(
    st.builds(SendChat, text=st.text(min_size=1, max_size=20), seen_at=st.none() | st.integers(0, 2_000_000)),
    st.builds(PinOffer, offer=st.sampled_from(["off_1", "off_2", "off_3"])),
    st.builds(UnpinOffer, offer=st.sampled_from(["off_1", "off_2", "off_3"])),
    st.builds(Announce, text=st.text(max_size=10)),
    st.builds(SetShelf, offers=st.lists(st.sampled_from([offer(1), offer(2)]), unique_by=lambda o: o.id)),
    st.builds(SetProgram, state=st.sampled_from(ProgramState), grace_until=st.none() | st.just(5)),
    st.builds(CountLikes, count=st.integers(0, 50)),
    st.builds(SampleAudience, viewers=st.integers(0, 50)),
    st.builds(
        CountStock,
        offers=st.dictionaries(
            st.sampled_from(["off_1", "off_2", "off_3"]),
            st.builds(OfferStock, left=st.integers(0, 3), skus=st.just({"sku_1": 1})),
        ),
    ),
    st.builds(
        AnnounceRain,
        envelope=st.sampled_from(ENVELOPES),
        asked=st.builds(Rain, total=st.just(500), packets=st.just(3), starts_in_s=st.integers(0, 1)),
        commitment=st.just(""),
    ),
    st.builds(TakePacket, envelope=st.sampled_from(ENVELOPES), amounts=st.just(split(500, 3, "00" * 32))),
)
SPEAKERS = st.sampled_from([ANN, BOB, GUEST, CLERK, SYSTEM])


@given(
    asked=st.lists(st.tuples(COMMANDS, SPEAKERS, st.integers(0, 2_000)), max_size=40), cut=st.integers(0, 40)
)
def test_state_and_events_are_the_fresh_state(asked: list[tuple[Any, Speaker, int]], cut: int) -> None:
    """A snapshot at any place, and the events after it, give the state that deciding gave."""
    table = Table()
    for command, by, pause in asked:
        table.at += pause
        table.ask(command, by)
    assert [event.seq for event in table.events] == list(range(1, len(table.events) + 1))

    from_snapshot = ROOM.fresh()
    ROOM.evolve(from_snapshot, table.events[:cut])
    from_snapshot = ROOM.load(ROOM.dump(from_snapshot))
    ROOM.evolve(from_snapshot, table.events[cut:])

    assert from_snapshot == table.states
    assert ROOM.view(from_snapshot) == table.view()
