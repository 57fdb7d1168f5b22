"""The stories behind the log's rules, told one by one on the simulated collection."""

from schemas.room import Announced
from streaming.live_room.log.documents import Origin
from streaming.live_room.log.windows import WIDTH, Windows
from streaming.live_room.log.writer import LogWriter, SteppedDown
from tests.streaming.live_room.log.simulated import Running, SimulatedStore, at_once
from tests.streaming.live_room.log.test_model import LOG, no_pause, read_all


def owner(store: SimulatedStore) -> LogWriter:
    writer = LogWriter(store, LOG, between_tries=no_pause)
    at_once(writer.take_over(now_ms=0))
    return writer


def append(writer: LogWriter, text: str) -> Running:
    seq = writer.tail.seq + 1
    return Running(writer.append([Announced(seq=seq, at=0, text=text)], [Origin("u", text, 1, seq)]))


def texts(store: SimulatedStore) -> list[str]:
    return [e.text for batch in at_once(read_all(store)) for e in batch.events if isinstance(e, Announced)]


def test_a_lost_reply_is_asked_for_again_and_found() -> None:
    store = SimulatedStore()
    appending = append(owner(store), "once")
    appending.lose_reply()
    assert not appending.done
    appending.deliver()  # the same document again: its number is taken ...
    appending.deliver()  # ... by itself
    assert appending.result.seq == 2
    assert texts(store) == ["once"]


def test_a_lost_request_is_sent_again() -> None:
    store = SimulatedStore()
    appending = append(owner(store), "once")
    for _ in range(3):
        appending.lose_request()
    assert texts(store) == []
    appending.deliver()
    assert texts(store) == ["once"]


def test_an_insert_that_lands_before_the_takeover_is_taken_along() -> None:
    store = SimulatedStore()
    old = owner(store)
    appending = append(old, "late")
    appending.delay()
    takeover = Running(LogWriter(store, LOG, between_tries=no_pause).take_over(now_ms=0))
    takeover.deliver()  # the heir has read the tail ...
    store.delayed.pop().apply()  # ... and the old owner's batch lands behind it
    while not takeover.done:
        takeover.deliver()
    assert takeover.result.seq == 3
    while not appending.done:
        appending.deliver()
    assert appending.result.seq == 2, "it did land, and may be acknowledged"
    assert texts(store) == ["late"]


def test_an_insert_that_comes_after_the_takeover_is_turned_away() -> None:
    store = SimulatedStore()
    old = owner(store)
    appending = append(old, "too late")
    appending.delay()
    new = owner(store)
    at_once(new.append([Announced(seq=3, at=0, text="new")], []))
    while not appending.done:
        appending.deliver()
    assert isinstance(appending.error, SteppedDown)
    assert texts(store) == ["new"]


def test_a_collision_that_no_majority_shows_yet_is_read_again() -> None:
    store = SimulatedStore()
    appending = append(owner(store), "once")
    appending.lose_reply()
    appending.deliver()
    hidden = store.documents.pop(f"{LOG}:000000000002")
    appending.deliver()
    assert not appending.done
    store.documents[f"{LOG}:000000000002"] = hidden
    appending.deliver()
    assert appending.result.seq == 2


def test_a_window_remembers_the_last_numbers_of_each_client() -> None:
    windows = Windows()
    windows.accept(Origin("u", "a", n, n) for n in range(1, 5 * WIDTH))
    windows.accept([Origin("u", "b", 1, 9_000)])
    assert windows.place_of("u", "a", 5 * WIDTH - 1) == 5 * WIDTH - 1
    assert windows.place_of("u", "a", 5 * WIDTH) is None
    assert windows.place_of("u", "b", 1) == 9_000
    assert windows.highest("u", "a") == 5 * WIDTH - 1
    assert len(windows.clients["u a"].accepted) <= 2 * WIDTH
