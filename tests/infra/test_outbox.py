import asyncio
from contextlib import suppress

import pytest

from infra.mongo import Database, Session
from infra.outbox import Consumer, publish
from schemas.events import Event, ProgramCancelled, ShelfChanged


async def _tell(db: Database, program: str) -> None:
    event = ShelfChanged(program=program, business="biz_1")
    await db.transact(lambda session: publish(db, session, event))


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class Inbox:
    def __init__(self, db: Database, name: str = "inbox") -> None:
        self.seen: asyncio.Queue[Event] = asyncio.Queue()
        self.consumer = Consumer(db, name, {ShelfChanged: self.seen.put})
        self.task: asyncio.Task[None]

    async def start(self) -> "Inbox":
        self.task = asyncio.create_task(self.consumer.run())
        await asyncio.wait_for(self.consumer.ready.wait(), 10)
        return self

    async def next_program(self) -> str:
        event = await asyncio.wait_for(self.seen.get(), 10)
        assert isinstance(event, ShelfChanged)
        return event.program


async def test_events_arrive_in_order_and_others_are_skipped(db: Database) -> None:
    inbox = await Inbox(db).start()
    await _tell(db, "one")
    other = ProgramCancelled(program="x", business="biz_1", at=1)
    await db.transact(lambda session: publish(db, session, other))
    await _tell(db, "two")
    assert [await inbox.next_program(), await inbox.next_program()] == ["one", "two"]
    await _stop(inbox.task)


async def test_an_event_of_an_aborted_transaction_is_never_told(db: Database) -> None:
    inbox = await Inbox(db).start()

    async def work(session: Session) -> None:
        await publish(db, session, ShelfChanged(program="never", business="biz_1"))
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await db.transact(work)
    await _tell(db, "after")
    assert await inbox.next_program() == "after"
    await _stop(inbox.task)


async def test_what_happened_while_away_is_told_once(db: Database) -> None:
    inbox = await Inbox(db).start()
    await _tell(db, "before")
    assert await inbox.next_program() == "before"
    await asyncio.sleep(0.1)
    await _stop(inbox.task)
    await _tell(db, "away-1")
    await _tell(db, "away-2")
    back = await Inbox(db).start()
    assert [await back.next_program(), await back.next_program()] == ["away-1", "away-2"]
    await _tell(db, "now")
    assert await back.next_program() == "now"
    await _stop(back.task)


async def test_a_first_start_reads_what_is_stored(db: Database) -> None:
    await _tell(db, "early")
    inbox = await Inbox(db).start()
    assert await inbox.next_program() == "early"
    await _tell(db, "late")
    assert await inbox.next_program() == "late"
    await _stop(inbox.task)


async def test_a_failing_handler_is_asked_again(db: Database) -> None:
    calls: list[str] = []
    done = asyncio.Event()

    async def fails_once(event: ShelfChanged) -> None:
        calls.append(event.program)
        if len(calls) == 1:
            raise ValueError("not yet")
        done.set()

    task = asyncio.create_task(Consumer(db, "shaky", {ShelfChanged: fails_once}).run())
    await _tell(db, "p")
    await asyncio.wait_for(done.wait(), 10)
    assert calls == ["p", "p"]
    await _stop(task)
