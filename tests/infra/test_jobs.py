import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from infra import jobs
from infra.clock import now_ms
from infra.jobs import Handler, JobFailed, Progress, Result, Runner, Several, enqueue, retry, runner
from infra.mongo import Database, Session, from_doc
from schemas.jobs import Job, JobState


@pytest.fixture(autouse=True)
async def _indexes(db: Database) -> None:
    await jobs.ensure_indexes(db)


@asynccontextmanager
async def running(db: Database, handlers: Mapping[str, Handler | Several]) -> AsyncIterator[None]:
    task = asyncio.create_task(Runner(db, handlers).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def job_of(db: Database, identifier: str) -> Job:
    doc = await db.collection(jobs.JOBS).find_one({"_id": identifier})
    assert doc is not None
    return from_doc(Job, doc)


async def until(db: Database, identifier: str, wanted: Callable[[Job], bool]) -> Job:
    async with asyncio.timeout(10):
        while not wanted(job := await job_of(db, identifier)):
            await asyncio.sleep(0.02)
    return job


def returning(result: dict[str, Any]) -> Callable[[Job, Progress], Awaitable[dict[str, Any]]]:
    async def handler(job: Job, progress: Progress) -> dict[str, Any]:
        await progress(0.5)
        return {**result, **job.data}

    return handler


async def test_a_job_is_done_with_its_result(db: Database) -> None:
    async with running(db, {"cut": returning({"ok": True})}):
        identifier = await enqueue(db, "cut", "k", {"n": 1})
        job = await until(db, identifier, lambda job: job.state is JobState.DONE)
    assert (job.result, job.progress, job.attempts) == ({"ok": True, "n": 1}, 1.0, 1)


async def test_the_same_key_is_one_job(db: Database) -> None:
    first, *others = await asyncio.gather(*(enqueue(db, "cut", "same", {}) for _ in range(5)))
    assert set(others) == {first}
    assert await db.collection(jobs.JOBS).count({}) == 1


async def test_an_aborted_transaction_enqueues_nothing(db: Database) -> None:
    async def work(session: Session) -> None:
        await enqueue(db, "cut", "k", {}, session=session)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await db.transact(work)
    assert await db.collection(jobs.JOBS).count({}) == 0


async def test_a_hopeless_job_stays_failed_with_its_reason_until_a_person_retries(db: Database) -> None:
    answers = iter([JobFailed("the recording is empty", retry=False), None])

    async def handler(job: Job, progress: Progress) -> dict[str, Any]:
        if answer := next(answers):
            raise answer
        return {}

    async with running(db, {"cut": handler}):
        identifier = await enqueue(db, "cut", "k", {})
        failed = await until(db, identifier, lambda job: job.state is JobState.FAILED)
        assert (failed.reason, failed.attempts) == ("the recording is empty", 1)
        assert await retry(db, identifier)
        await until(db, identifier, lambda job: job.state is JobState.DONE)
        assert not await retry(db, identifier)


async def test_a_passing_trouble_is_tried_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PAUSES_MS", (10,))
    attempts: list[int] = []

    async def handler(job: Job, progress: Progress) -> dict[str, Any]:
        attempts.append(job.attempts)
        if job.attempts < 3:
            raise JobFailed("the store is away")
        return {}

    async with running(db, {"cut": handler}):
        identifier = await enqueue(db, "cut", "k", {})
        job = await until(db, identifier, lambda job: job.state is JobState.DONE)
    assert (attempts, job.reason) == ([1, 2, 3], "")


async def test_a_dead_workers_job_is_taken_up_after_its_lease(db: Database) -> None:
    identifier = await enqueue(db, "cut", "k", {})
    dead = {"state": JobState.RUNNING, "lease_until": 1, "worker": "gone:1", "attempts": 1}
    await db.collection(jobs.JOBS).update_one({"_id": identifier}, {"$set": dead})
    async with running(db, {"cut": returning({})}):
        job = await until(db, identifier, lambda job: job.state is JobState.DONE)
    assert job.attempts == 2


async def test_a_stopped_runner_gives_its_job_back(db: Database) -> None:
    started = asyncio.Event()

    async def endless(job: Job, progress: Progress) -> dict[str, Any]:
        started.set()
        await asyncio.sleep(60)
        return {}

    async with running(db, {"cut": endless}):
        identifier = await enqueue(db, "cut", "k", {})
        await asyncio.wait_for(started.wait(), 10)
    assert (await job_of(db, identifier)).state is JobState.QUEUED


async def test_a_worker_that_lost_its_lease_changes_nothing(db: Database) -> None:
    async def slow(job: Job, progress: Progress) -> dict[str, Any]:
        await db.collection(jobs.JOBS).update_one({"_id": job.id}, {"$set": {"worker": "other:2"}})
        return {"mine": True}

    async with running(db, {"cut": slow}):
        identifier = await enqueue(db, "cut", "k", {})
        await until(db, identifier, lambda job: job.worker == "other:2")
        await asyncio.sleep(0.2)
    assert (await job_of(db, identifier)).result == {}


async def test_a_runner_stopped_in_the_moment_it_is_woken_stops(db: Database) -> None:
    for _ in range(5):
        runner = Runner(db, {})
        task = asyncio.create_task(runner.run())
        await asyncio.sleep(0.1)  # by now it waits for work, most of the times
        runner._wake.set()
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=5)
        assert done == {task}


async def test_several_that_are_due_are_done_at_once_and_settled_each(db: Database) -> None:
    calls: list[list[int]] = []

    async def work(those: Sequence[Job]) -> list[Result | JobFailed]:
        calls.append([job.data["n"] for job in those])
        return [JobFailed("odd", retry=False) if job.data["n"] % 2 else {"n": job.data["n"]} for job in those]

    at = now_ms() - 1_000
    names = [await enqueue(db, "cut", f"k{n}", {"n": n}, run_at=at) for n in range(5)]
    other = await enqueue(db, "pack", "k", {}, run_at=at)
    async with running(db, {"cut": Several(work, 3), "pack": returning({})}):
        done = [await until(db, one, lambda job: job.finished_at is not None) for one in [*names, other]]
    assert sorted(map(len, calls)) == [2, 3]
    assert sorted(n for call in calls for n in call) == list(range(5))
    assert [(job.state, job.reason, job.result) for job in done] == [
        *((JobState.FAILED, "odd", {}) if n % 2 else (JobState.DONE, "", {"n": n}) for n in range(5)),
        (JobState.DONE, "", {}),
    ]


async def test_several_that_break_together_are_all_tried_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "PAUSES_MS", (10,))

    async def work(those: Sequence[Job]) -> list[Result | JobFailed]:
        if those[0].attempts == 1:
            raise ValueError("broken")
        return [{} for _ in those]

    names = [await enqueue(db, "cut", f"k{n}", {}) for n in range(3)]
    async with running(db, {"cut": Several(work, 3)}):
        done = [await until(db, one, lambda job: job.state is JobState.DONE) for one in names]
    assert {job.attempts for job in done} == {2}


async def test_planned_work_is_done_at_its_time(db: Database) -> None:
    at = now_ms() + 1_300
    async with running(db, {"cut": returning({})}):
        identifier = await enqueue(db, "cut", "later", {}, run_at=at)
        soon = await enqueue(db, "cut", "now", {}, run_at=0)
        first = await until(db, soon, lambda job: job.state is JobState.DONE)
        planned = await until(db, identifier, lambda job: job.state is JobState.DONE)
    assert first.finished_at is not None
    assert planned.finished_at is not None
    assert first.finished_at < at <= planned.finished_at <= at + 900
