"""Layout, hashes, erasure, reading and leases on a real mongod."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.mongo import Database
from schemas.accounts import PublicAccount
from schemas.room import Announced, ChatSent, Erased, RoomEvent
from streaming.live_room.log import lease, reader
from streaming.live_room.log.documents import LogBroken, Origin, batch_key, unseal
from streaming.live_room.log.erasure import erase
from streaming.live_room.log.lease import HeldElsewhere, Lease, Owner
from streaming.live_room.log.reader import events_after, events_between, read_batches, read_tail
from streaming.live_room.log.upcasters import upcast
from streaming.live_room.log.writer import LogWriter, SteppedDown

LOG = "log_1"


def line(seq: int, text: str = "hello", at: int = 0) -> ChatSent:
    return ChatSent(seq=seq, at=at or seq * 1_000, user=PublicAccount(id="acc_ann", name="Ann"), text=text)


async def write(db: Database, *texts: str) -> LogWriter:
    """A log of `owner_changed` and one batch for each two lines."""
    writer = LogWriter(db.collection(reader.COLLECTION), LOG)
    await writer.take_over(now_ms=500)
    for first in range(0, len(texts), 2):
        seq = writer.tail.seq + 1
        said = [line(seq + place, text) for place, text in enumerate(texts[first : first + 2])]
        await writer.append(said, [Origin("acc_ann", "client-1", event.seq, event.seq) for event in said])
    return writer


async def read(db: Database) -> list[RoomEvent]:
    batches = db.collection(reader.COLLECTION)
    return [event async for batch in read_batches(batches, LOG) for event in batch.events]


async def test_what_is_written_is_read(db: Database) -> None:
    writer = await write(db, "one", "two", "three")
    events = await read(db)
    assert events[1:] == [line(2, "one"), line(3, "two"), line(4, "three")]
    assert await read_tail(db.collection(reader.COLLECTION), LOG) == writer.tail
    document = await db.collection(reader.COLLECTION).find_one({"_id": f"{LOG}:000000000002"})
    assert document is not None
    assert "one" not in document["events"].decode()
    assert unseal(document).origins == [
        Origin("acc_ann", "client-1", 2, 2),
        Origin("acc_ann", "client-1", 3, 3),
    ]


async def test_an_erased_text_is_gone_and_the_chain_holds(db: Database) -> None:
    await write(db, "one", "two", "three")
    assert await erase(db, LOG, 3) is True
    assert await erase(db, LOG, 3) is False
    events = await read(db)
    assert events[1:] == [line(2, "one"), Erased(seq=3, at=3_000, was="chat"), line(4, "three")]
    stored = str(await db.collection(reader.COLLECTION).find({}))
    assert "two" not in stored


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: {"events": d["events"].replace(b"sealed", b"sea1ed")},
        lambda d: {"origins": b"[]"},
        lambda d: {"epoch": d["epoch"] + 1},
        lambda d: {"to_at": d["to_at"] + 1},
        lambda d: {"prev_hash": bytes(32)},
        lambda d: {"hash": bytes(32)},
        lambda d: {
            "texts": {key: {**t, "body": t["body"].replace(b"one", b"two")} for key, t in d["texts"].items()}
        },
    ],
    ids=["events", "origins", "epoch", "time", "chain", "hash", "text"],
)
async def test_a_changed_batch_is_noticed(
    db: Database, damage: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    await write(db, "one", "one", "one")
    batches = db.collection(reader.COLLECTION)
    document = await batches.find_one({"_id": batch_key(LOG, 2)})
    assert document is not None
    await batches.update_one({"_id": batch_key(LOG, 2)}, {"$set": damage(document)})
    with pytest.raises(LogBroken):
        await read(db)


async def test_a_missing_batch_is_noticed(db: Database) -> None:
    await write(db, "one", "two", "three")
    await db.collection(reader.COLLECTION).delete_one({"_id": batch_key(LOG, 2)})
    with pytest.raises(LogBroken, match="expected number 2, got 4"):
        await read(db)


async def test_events_after_a_number_and_of_a_time(db: Database) -> None:
    await write(db, *"abcdefg")
    batches = db.collection(reader.COLLECTION)
    assert [event.seq for event in await events_after(batches, LOG, 2)] == [3, 4, 5, 6, 7, 8]
    assert [event.seq for event in await events_after(batches, LOG, 2, limit=2)] == [3, 4, 5]
    assert await events_after(batches, LOG, 8) == []
    assert [event.seq async for event in events_between(batches, LOG, 3_000, 6_000)] == [3, 4, 5, 6]
    assert [event.seq async for event in events_between(batches, LOG, 8_001, 9_000)] == []


async def test_a_new_owner_makes_the_old_one_step_down(db: Database) -> None:
    old = await write(db, "one")
    new = LogWriter(db.collection(reader.COLLECTION), LOG)
    await new.take_over(now_ms=0)
    assert (new.epoch, new.tail.seq, new.tail.at) == (2, 3, 2_000)
    for _ in range(2):
        with pytest.raises(SteppedDown):
            await old.append([Announced(seq=3, at=9_000, text="ghost")], [])
    assert [event.seq for event in await read(db)] == [1, 2, 3]


async def test_a_writer_takes_one_batch_at_a_time(db: Database) -> None:
    writer = await write(db)
    first = asyncio.create_task(writer.append([Announced(seq=2, at=1_000, text="a")], []))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="expected no insert in flight"):
        await writer.append([Announced(seq=3, at=1_000, text="b")], [])
    await first


async def test_challengers_at_the_same_moment_get_different_epochs(db: Database) -> None:
    writers = [LogWriter(db.collection(reader.COLLECTION), LOG) for _ in range(6)]
    await asyncio.gather(*(writer.take_over(now_ms=0) for writer in writers))
    assert sorted(writer.epoch for writer in writers) == [1, 2, 3, 4, 5, 6]
    assert len(await read(db)) == 6


def test_events_of_older_vocabularies_are_read_in_todays_words() -> None:
    old = b'{"type":"notice","seq":1,"at":2,"words":"hi"}'
    steps = {
        1: lambda event: {**event, "type": "announced"},
        2: lambda event: {"text": event.pop("words"), **event},
    }
    assert b'"text":"hi"' in bytes(upcast(old, 1, steps, target=3))
    assert upcast(old, 3, steps, target=3) is old
    with pytest.raises(ValueError, match="too old for the log"):
        upcast(old, 4, steps, target=3)


# --- leases --------------------------------------------------------------------------------------


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_lease_is_one_owners_until_it_runs_out(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "TTL_S", 0.7)
    leases, clock = db.collection(lease.COLLECTION), Clock()
    with contextlib.closing(Owner(tmp_path)) as one, contextlib.closing(Owner(tmp_path)) as two:
        ours, theirs = Lease(leases, LOG, one, clock), Lease(leases, LOG, two, clock)
        await ours.take()
        believed = [ours.valid]
        with pytest.raises(HeldElsewhere):
            await theirs.take()
        clock.now += 0.3  # the owner stops believing before the server's clock lets another in
        believed.append(ours.valid)
        assert believed == [True, False]
        await _taken(theirs)
        with pytest.raises(HeldElsewhere):
            await ours.take()


async def test_a_released_lease_is_free_at_once(db: Database, tmp_path: Path) -> None:
    leases = db.collection(lease.COLLECTION)
    with contextlib.closing(Owner(tmp_path)) as one, contextlib.closing(Owner(tmp_path)) as two:
        ours, theirs = Lease(leases, LOG, one), Lease(leases, LOG, two)
        await ours.take()
        await ours.release()
        assert not ours.valid
        await theirs.take()
        assert theirs.valid


async def test_an_owner_that_died_on_this_host_is_followed_at_once(db: Database, tmp_path: Path) -> None:
    leases = db.collection(lease.COLLECTION)
    dead = Owner(tmp_path)
    await Lease(leases, LOG, dead).take()
    dead._file.close()  # what the kernel does when a process is killed
    with contextlib.closing(Owner(tmp_path)) as heir:
        await Lease(leases, LOG, heir).take()


async def test_an_owner_on_another_host_is_waited_for(db: Database, tmp_path: Path) -> None:
    leases = db.collection(lease.COLLECTION)
    dead = Owner(tmp_path)
    dead.host = "elsewhere"
    await Lease(leases, LOG, dead).take()
    dead.close()
    with contextlib.closing(Owner(tmp_path)) as heir, pytest.raises(HeldElsewhere):
        await Lease(leases, LOG, heir).take()


async def _taken(held: Lease) -> None:
    async with asyncio.timeout(5):
        while True:
            with contextlib.suppress(HeldElsewhere):
                await held.take()
                return
