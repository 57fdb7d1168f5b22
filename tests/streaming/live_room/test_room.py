"""The engine of a room on a real mongod."""

import asyncio

import msgspec
import pytest

from infra.mongo import Database
from schemas.problems import CommonRefusal, Refusal
from schemas.room import Announce, ChatSent, OwnerChanged, PinOffer, Rain, RoomEvent, RoomRefusal, SendChat
from streaming.live_room import room as engine
from streaming.live_room.interactions.chat import CHAT
from streaming.live_room.interactions.fair_split import commitment, split
from streaming.live_room.interactions.interaction import Decision, Interaction
from streaming.live_room.interactions.red_envelope import RED_ENVELOPE, AnnounceRain, TakePacket
from streaming.live_room.interactions.registry import Registry
from streaming.live_room.interactions.shelf import SetShelf
from streaming.live_room.log import reader, snapshots
from streaming.live_room.log.reader import read_batches
from streaming.live_room.log.snapshots import save
from streaming.live_room.opening import rebuild
from streaming.live_room.room import Accepted, Answer, Room
from tests.streaming.live_room.conftest import LOG, OpenRoom
from tests.streaming.live_room.people import ANN, BOB, CLERK, offer, someone


async def logged(db: Database) -> list[RoomEvent]:
    batches = db.collection(reader.COLLECTION)
    return [event async for batch in read_batches(batches, LOG) for event in batch.events]


async def test_an_answer_is_given_after_the_event_is_in_the_log(db: Database, opened: OpenRoom) -> None:
    room = await opened()
    shown: list[RoomEvent] = []
    room.on_committed = shown.extend
    assert await room.ask(SendChat(text="hello"), ANN, 1) == Accepted(2)
    events = await logged(db)
    assert [type(event) for event in events] == [OwnerChanged, ChatSent]
    assert shown == events[1:]


async def test_commands_that_come_together_share_a_batch(db: Database, opened: OpenRoom) -> None:
    room = await opened()
    answers = await asyncio.gather(*(room.ask(SendChat(text="x"), someone(f"v{n}"), 1) for n in range(40)))
    assert answers == [Accepted(seq) for seq in range(2, 42)]
    assert await db.collection(reader.COLLECTION).count({}) == 2


async def test_a_double_click_is_one_command(db: Database, opened: OpenRoom) -> None:
    room = await opened()
    first, again = await asyncio.gather(
        room.ask(SendChat(text="x"), ANN, 7), room.ask(SendChat(text="x"), ANN, 7)
    )
    later = await room.ask(SendChat(text="x"), ANN, 7)
    assert first == again == later == Accepted(2)
    assert len(await logged(db)) == 2


async def test_a_command_sent_again_to_the_next_owner_is_one_command(db: Database, opened: OpenRoom) -> None:
    one = await opened()
    await one.ask(SendChat(text="x"), ANN, 7)
    two = await opened()
    assert await two.ask(SendChat(text="x"), ANN, 7) == Accepted(2)
    assert await two.ask(SendChat(text="x"), someone("ann", client="client-2"), 7) == Accepted(4)
    assert [type(event) for event in await logged(db)] == [OwnerChanged, ChatSent, OwnerChanged, ChatSent]


async def test_a_number_far_below_the_last_is_refused(opened: OpenRoom) -> None:
    room = await opened()
    await room.ask(SendChat(text="x"), ANN, 500)
    assert await room.ask(SendChat(text="x"), ANN, 3) == Refusal(RoomRefusal.TOO_OLD)


async def test_a_refusal_leaves_no_trace(db: Database, opened: OpenRoom) -> None:
    room = await opened()
    answer = await room.ask(PinOffer(offer="off_1"), ANN, 1)
    assert answer == Refusal(RoomRefusal.HOSTS_ONLY)
    assert [type(event) for event in await logged(db)] == [OwnerChanged]


async def test_an_owner_that_lost_its_log_says_only_that_it_moved(db: Database, opened: OpenRoom) -> None:
    old = await opened()
    new = await opened()
    assert await old.ask(SendChat(text="x"), ANN, 1) == engine.MOVED
    assert await old.ask(PinOffer(offer="off_1"), ANN, 2) == engine.MOVED
    assert await new.ask(SendChat(text="x"), ANN, 1) == Accepted(3)
    assert [type(event) for event in await logged(db)] == [OwnerChanged, OwnerChanged, ChatSent]


async def test_an_owner_whose_lease_ran_out_does_not_lie(opened: OpenRoom) -> None:
    room = await opened()
    room._owns = lambda: False
    assert await room.ask(PinOffer(offer="off_1"), ANN, 1) == engine.MOVED


async def test_a_full_queue_says_busy_and_when_to_come_back(
    opened: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await opened()
    monkeypatch.setattr(engine, "QUEUE_COMMANDS", 5)
    answers = await asyncio.gather(*(room.ask(SendChat(text="x"), someone(f"v{n}"), 1) for n in range(8)))
    assert answers[5:] == [engine.BUSY] * 3
    assert engine.BUSY.data == {"retry_after": 1.0}
    assert [type(answer) for answer in answers[:5]] == [Accepted] * 5


async def test_the_next_owner_stands_where_the_last_one_stood(db: Database, opened: OpenRoom) -> None:
    one = await opened()
    await one.ask(SetShelf(offers=[offer(1), offer(2)]))
    await one.ask(PinOffer(offer="off_2"), CLERK, 1)
    await save(db.collection(snapshots.COLLECTION), LOG, one.snapshot())
    await one.ask(PinOffer(offer="off_1"), CLERK, 2)

    two = await opened()
    assert two.committed.view() == one.committed.view()
    assert two.committed.windows == one.committed.windows
    assert two.ring.after(0) == await logged(db)


@pytest.mark.parametrize("damage", ["hash", "version", "state"])
async def test_a_snapshot_that_does_not_fit_is_not_used(db: Database, opened: OpenRoom, damage: str) -> None:
    room = await opened()
    await room.ask(SetShelf(offers=[offer(1)]))
    await room.ask(PinOffer(offer="off_1"), CLERK, 1)
    kept = db.collection(snapshots.COLLECTION)
    await save(kept, LOG, room.snapshot())
    lie = {
        "hash": {"batch_hash": b"?"},
        "version": {"evolve_version": -1},
        "state": {"states": {"shelf": b"?"}},
    }
    await kept.update_one({"_id": LOG}, {"$set": lie[damage]})
    state = await rebuild(db.collection(reader.COLLECTION), kept, LOG)
    assert state.view() == room.committed.view()


async def test_closing_answers_what_was_taken(opened: OpenRoom) -> None:
    room = await opened()
    asked = [asyncio.create_task(room.ask(SendChat(text="x"), someone(f"v{n}"), 1)) for n in range(20)]
    await asyncio.sleep(0)
    await room.close()
    assert [type(answer) for answer in await asyncio.gather(*asked)] == [Accepted] * 20
    assert await room.ask(SendChat(text="late"), BOB, 1) == engine.MOVED


async def test_a_rule_that_breaks_refuses_its_command_and_nothing_else(opened: OpenRoom) -> None:
    def broken(_state: object, _command: object, _ask: object) -> Decision:
        raise ZeroDivisionError

    faulty = Interaction(name="faulty", state=Faulty, decides={Announce: broken}, evolves={})
    room = await opened(Registry([CHAT, faulty]))
    answers = await asyncio.gather(
        room.ask(Announce(text="x"), CLERK, 1), room.ask(SendChat(text="x"), ANN, 1)
    )
    assert tuple(answers) == (Refusal(CommonRefusal.INTERNAL), Accepted(2))


class Faulty(msgspec.Struct):
    """The state of an interaction whose rule breaks."""


async def test_a_rain_is_exact(db: Database, opened: OpenRoom) -> None:
    room: Room = await opened(Registry([RED_ENVELOPE]))
    seed = "ab" * 32
    announce = AnnounceRain(
        envelope="e",
        asked=Rain(total=5_000, packets=300, starts_in_s=0, lasts_s=300),
        commitment=commitment("e", 5_000, 300, seed),
    )
    await room.ask(announce, CLERK, 1)
    take = TakePacket(envelope="e", amounts=split(5_000, 300, seed))
    grabs = [room.ask(take, someone(f"v{n % 400}", client=f"c{n}"), 1) for n in range(450)]
    answers: list[Answer] = list(await asyncio.gather(*grabs))
    won = [answer.result for answer in answers if isinstance(answer, Accepted) and answer.seq]
    assert sorted(packet["rank"] for packet in won) == list(range(1, 301))
    assert sum(packet["amount"] for packet in won) == 5_000
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {RoomRefusal.ENVELOPE_EMPTY}
