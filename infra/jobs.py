"""Work done aside: a queue in MongoDB with leases, true progress, retries and plain reasons.

A job is claimed by one worker for `LEASE_MS`; the lease is renewed while its handler runs, so a
killed worker's job is taken up by another. Handlers therefore run at least once and must be
idempotent. A failure that is worth another try waits with growing pauses; after `MAX_ATTEMPTS`,
or when the handler says it is hopeless, the job stays FAILED with its reason until a person
retries it.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from prometheus_client import Counter

from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Unavailable, Unknown, from_doc, to_doc
from infra.telemetry import get_logger
from schemas.ids import new_id
from schemas.jobs import Job, JobState

JOBS = "jobs"
LEASE_MS = 15_000
MAX_ATTEMPTS = 5
PAUSES_MS = (1_000, 5_000, 20_000, 60_000)
POLL_S = 1.0
"""How often a runner looks for due work when no change has woken it."""
LEAST_S = 0.02
"""Shortest pause: what looks due may just have been claimed."""

Progress = Callable[[float], Awaitable[None]]
Handler = Callable[[Job, Progress], Awaitable[dict[str, Any]]]
log = get_logger("jobs")
FINISHED = Counter("kaibo_jobs_finished_total", "Jobs by kind and outcome.", ["kind", "outcome"])


class JobFailed(Exception):
    """A handler's plain reason. `retry=False` says that another try would fail the same way."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        self.reason, self.retry = reason, retry
        super().__init__(reason)


class _LeaseLost(Exception):
    """Another worker has the job now."""


async def ensure_indexes(db: Database) -> None:
    """Create the collection's indexes."""
    jobs = db.collection(JOBS)
    await jobs.ensure_index([("kind", 1), ("key", 1)], name="once", unique=True)
    await jobs.ensure_index([("state", 1), ("run_at", 1)], name="due")
    await jobs.ensure_index([("program", 1), ("created_at", -1)], name="of_program")
    await jobs.ensure_index([("business", 1), ("created_at", -1)], name="of_business")


async def enqueue(
    db: Database,
    kind: str,
    key: str,
    data: dict[str, Any],
    *,
    business: str = "",
    program: str = "",
    session: Any = None,
    run_at: int = 0,
) -> str:
    """Ask for work once: the same kind and key again gives the job that is there already.

    With `run_at` (epoch ms) it is done then, as soon as a runner is free; never before.
    """
    now = now_ms()
    fresh = Job(
        id=new_id("job"), created_at=now, updated_at=now, kind=kind, key=key, data=data,
        business=business, program=program, run_at=max(now, run_at),
    )  # fmt: skip
    insert = {name: value for name, value in to_doc(fresh).items() if name not in ("kind", "key")}
    try:
        found = await db.collection(JOBS).find_one_and_update(
            {"kind": kind, "key": key}, {"$setOnInsert": insert}, upsert=True, session=session
        )
    except DuplicateKey:
        found = await db.collection(JOBS).find_one({"kind": kind, "key": key}, session=session)
    if found is None:
        raise Unknown(f"job {kind} {key} neither inserted nor found")
    return str(found["_id"])


async def retry(db: Database, job: str, *, session: Any = None) -> bool:
    """Queue a failed job again; tell whether it was one."""
    change = {"state": JobState.QUEUED, "attempts": 0, "reason": "", "progress": 0.0, "run_at": now_ms()}
    changed = await db.collection(JOBS).update_one(
        {"_id": job, "state": JobState.FAILED},
        {"$set": {**change, "finished_at": None, "updated_at": now_ms()}, "$inc": {"rev": 1}},
        session=session,
    )
    return changed == 1


class Runner:
    """Runs the jobs of the kinds it has handlers for, `concurrency` at a time."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, Handler],
        concurrency: int = 2,
        lease_ms: int = LEASE_MS,
    ) -> None:
        self._db = db
        self._jobs = db.collection(JOBS)
        self._handlers = handlers
        self._lease_ms = lease_ms
        self._slots = asyncio.Semaphore(concurrency)
        self._wake = asyncio.Event()
        self._worker = f"{socket.gethostname()}:{os.getpid()}"

    async def run(self) -> None:
        """Work until cancelled; jobs in hand are then given back at once."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                await self._slots.acquire()
                try:
                    job = await self._claim()
                except (Unavailable, Unknown) as error:
                    log.warning("jobs_interrupted", reason=str(error)[:200])
                    job = None
                if job is None:
                    self._slots.release()
                    pause_s = await self._pause_s()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause_s):  # wait_for can lose a cancellation (3.11)
                            await self._wake.wait()
                    self._wake.clear()
                else:
                    group.create_task(self._work(job))

    async def _listen(self) -> None:
        """Wake the claim loop as soon as a job is inserted or queued again."""
        pipeline = [{"$match": {"operationType": {"$in": ["insert", "update"]}}}]
        while True:
            try:
                async for change in self._db.watch(JOBS, pipeline):
                    if change.doc and change.doc.get("state") == JobState.QUEUED:
                        self._wake.set()
            except (Unavailable, Unknown):
                await asyncio.sleep(POLL_S)

    async def _pause_s(self) -> float:
        """Give how long to wait when nothing wakes us: until the next job is due, `POLL_S` at most."""
        where = {"kind": {"$in": list(self._handlers)}, "state": JobState.QUEUED}
        try:
            doc = await self._jobs.find_one(where, projection={"run_at": 1}, sort=[("run_at", 1)])
        except (Unavailable, Unknown):
            return POLL_S
        if doc is None:
            return POLL_S
        return min(POLL_S, max(LEAST_S, float(doc["run_at"] - now_ms()) / 1000))

    async def _claim(self) -> Job | None:
        now = now_ms()
        doc = await self._jobs.find_one_and_update(
            {
                "kind": {"$in": list(self._handlers)},
                "$or": [
                    {"state": JobState.QUEUED, "run_at": {"$lte": now}},
                    {"state": JobState.RUNNING, "lease_until": {"$lt": now}},
                ],
            },
            {
                "$set": {
                    "state": JobState.RUNNING,
                    "lease_until": now + self._lease_ms,
                    "worker": self._worker,
                    "updated_at": now,
                },
                "$inc": {"attempts": 1, "rev": 1},
            },
            sort=[("run_at", 1)],
        )
        return from_doc(Job, doc) if doc else None

    async def _work(self, job: Job) -> None:
        try:
            await self._hold_and_attempt(job)
        except asyncio.CancelledError:
            give_back = {"state": JobState.QUEUED, "run_at": now_ms(), "lease_until": 0}
            with suppress(_LeaseLost, Unavailable, Unknown):
                await asyncio.shield(self._update(job, give_back))
            raise
        finally:
            self._slots.release()
            self._wake.set()

    async def _hold_and_attempt(self, job: Job) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                renewing = group.create_task(self._renew(job))
                outcome = await self._attempt(job)
                renewing.cancel()
            await self._update(job, {**outcome, "lease_until": 0})
        except* _LeaseLost:
            log.warning("lease_lost", job=job.id, kind=job.kind)
        except* (Unavailable, Unknown) as lost:
            log.warning("job_unsettled", job=job.id, kind=job.kind, reason=str(lost.exceptions[0])[:200])

    async def _attempt(self, job: Job) -> dict[str, Any]:
        """Run the handler and give the change that settles the job."""

        async def progress(part: float) -> None:
            await self._update(job, {"progress": round(min(max(part, 0.0), 1.0), 3)})

        try:
            result = await self._handlers[job.kind](job, progress)
        except JobFailed as failure:
            return self._failed(job, failure.reason, failure.retry)
        except (_LeaseLost, Unavailable, Unknown):
            raise
        except Exception as error:
            log.exception("job_crashed", job=job.id, kind=job.kind)
            return self._failed(job, f"{type(error).__name__}: {error}"[:300], retry=True)
        FINISHED.labels(job.kind, "done").inc()
        return {
            "state": JobState.DONE,
            "progress": 1.0,
            "reason": "",
            "result": result,
            "finished_at": now_ms(),
        }

    def _failed(self, job: Job, reason: str, retry: bool) -> dict[str, Any]:
        log.warning("job_failed", job=job.id, kind=job.kind, attempt=job.attempts, reason=reason)
        if retry and job.attempts < MAX_ATTEMPTS:
            pause = PAUSES_MS[min(job.attempts - 1, len(PAUSES_MS) - 1)]
            return {"state": JobState.QUEUED, "reason": reason, "run_at": now_ms() + pause}
        FINISHED.labels(job.kind, "failed").inc()
        return {"state": JobState.FAILED, "reason": reason, "finished_at": now_ms()}

    async def _renew(self, job: Job) -> None:
        while True:
            await asyncio.sleep(self._lease_ms / 3000)
            await self._update(job, {"lease_until": now_ms() + self._lease_ms})

    async def _update(self, job: Job, change: dict[str, Any]) -> None:
        """Change the job while it is still ours; raises _LeaseLost otherwise."""
        ours = {"_id": job.id, "worker": self._worker, "attempts": job.attempts, "state": JobState.RUNNING}
        changed = await self._jobs.update_one(
            ours, {"$set": {**change, "updated_at": now_ms()}, "$inc": {"rev": 1}}
        )
        if not changed:
            raise _LeaseLost
