"""Runners: they claim what is due, keep its lease, and settle what came of it."""

import asyncio
import itertools
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from prometheus_client import Counter

from infra.clock import now_ms
from infra.jobs.queue import JOBS
from infra.mongo import Database, Unavailable, Unknown, from_doc
from infra.telemetry import get_logger
from schemas.jobs import Job, JobState

LEASE_MS = 15_000
MAX_ATTEMPTS = 5
PAUSES_MS = (1_000, 5_000, 20_000, 60_000)
POLL_S = 1.0
"""How often a runner looks for due work when no change has woken it."""
LEAST_S = 0.02
"""Shortest pause: what looks due may just have been claimed."""

Doc = dict[str, Any]
Result = dict[str, Any]
Progress = Callable[[float], Awaitable[None]]
Handler = Callable[[Job, Progress], Awaitable[Result]]
log = get_logger("jobs")
FINISHED = Counter("kaibo_jobs_finished_total", "Jobs by kind and outcome.", ["kind", "outcome"])


class JobFailed(Exception):
    """A handler's plain reason. `retry=False` says that another try would fail the same way."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        self.reason, self.retry = reason, retry
        super().__init__(reason)


class Several(NamedTuple):
    """A handler of up to `most` short jobs of its kind at once; it answers for each, in their order."""

    work: Callable[[Sequence[Job]], Awaitable[Sequence[Result | JobFailed]]]
    most: int


class _LeaseLost(Exception):
    """Another worker has the job now."""


class Runner:
    """Runs the jobs of the kinds it has handlers for, `concurrency` at a time."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, Handler | Several],
        concurrency: int = 2,
        lease_ms: int = LEASE_MS,
    ) -> None:
        self._db = db
        self._jobs = db.collection(JOBS)
        self._handlers = handlers
        self._lease_ms = lease_ms
        self._slots = asyncio.Semaphore(concurrency)
        self._wake = asyncio.Event()
        self._process = f"{socket.gethostname()}:{os.getpid()}"
        self._claims = itertools.count(1)

    async def run(self) -> None:
        """Work until cancelled; jobs in hand are then given back at once."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                await self._slots.acquire()
                try:
                    claimed = await self._claim()
                except (Unavailable, Unknown) as error:
                    log.warning("jobs_interrupted", reason=str(error)[:200])
                    claimed = []
                if claimed:
                    group.create_task(self._work(claimed))
                    continue
                self._slots.release()
                pause_s = await self._pause_s()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):  # wait_for can lose a cancellation (3.11)
                        await self._wake.wait()
                self._wake.clear()

    async def _listen(self) -> None:
        """Wake the claim loop when a job of ours is inserted that is due soon, or any is queued again."""
        ours = {"operationType": "insert", "fullDocument.kind": {"$in": list(self._handlers)}}
        again = {"updateDescription.updatedFields.state": JobState.QUEUED}
        while True:
            try:
                async for change in self._db.watch(JOBS, [{"$match": {"$or": [ours, again]}}]):
                    if change.doc is None or change.doc["run_at"] <= now_ms() + POLL_S * 1000:
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

    async def _claim(self) -> list[Job]:
        """Take up what is due first, with others of its kind where its handler takes several."""
        now = now_ms()
        due = {
            "$or": [
                {"state": JobState.QUEUED, "run_at": {"$lte": now}},
                {"state": JobState.RUNNING, "lease_until": {"$lt": now}},
            ]
        }
        seen = await self._jobs.find(
            {"kind": {"$in": list(self._handlers)}, **due},
            projection={"kind": 1},
            sort=[("run_at", 1)],
            limit=max((self._most(kind) for kind in self._handlers), default=1),
        )
        if not seen:
            return []
        kind = seen[0]["kind"]
        wanted = [doc["_id"] for doc in seen if doc["kind"] == kind][: self._most(kind)]
        worker = f"{self._process}:{next(self._claims)}"
        taken = {
            "state": JobState.RUNNING,
            "lease_until": now + self._lease_ms,
            "worker": worker,
            "updated_at": now,
        }
        where = {"_id": {"$in": wanted}, **due}
        await self._jobs.update_many(where, {"$set": taken, "$inc": {"attempts": 1, "rev": 1}})
        docs = await self._jobs.find({"_id": {"$in": wanted}, "worker": worker}, sort=[("run_at", 1)])
        return [from_doc(Job, doc) for doc in docs]

    def _most(self, kind: str) -> int:
        handler = self._handlers[kind]
        return handler.most if isinstance(handler, Several) else 1

    async def _work(self, claimed: Sequence[Job]) -> None:
        try:
            await self._hold_and_attempt(claimed)
        except asyncio.CancelledError:
            give_back = {"state": JobState.QUEUED, "run_at": now_ms(), "lease_until": 0}
            with suppress(_LeaseLost, Unavailable, Unknown):
                await asyncio.shield(self._update(claimed, give_back))
            raise
        finally:
            self._slots.release()
            self._wake.set()

    async def _hold_and_attempt(self, claimed: Sequence[Job]) -> None:
        kind = claimed[0].kind
        try:
            async with asyncio.TaskGroup() as group:
                renewing = group.create_task(self._renew(claimed))
                settled = await self._attempt(claimed)
                renewing.cancel()
            for change, jobs in _alike(claimed, settled):
                await self._update(jobs, {**change, "lease_until": 0})
        except* _LeaseLost:
            log.warning("lease_lost", job=claimed[0].id, kind=kind)
        except* (Unavailable, Unknown) as lost:
            log.warning("job_unsettled", job=claimed[0].id, kind=kind, reason=str(lost.exceptions[0])[:200])

    async def _attempt(self, claimed: Sequence[Job]) -> list[Doc]:
        """Run the handler and give the changes that settle the jobs."""
        handler = self._handlers[claimed[0].kind]
        try:
            if isinstance(handler, Several):
                results = await handler.work(claimed)
            else:
                results = [await handler(claimed[0], partial(self._tell, claimed))]
        except JobFailed as failure:
            results = [failure] * len(claimed)
        except (_LeaseLost, Unavailable, Unknown):
            raise
        except Exception as error:
            log.exception("job_crashed", job=claimed[0].id, kind=claimed[0].kind)
            results = [JobFailed(f"{type(error).__name__}: {error}"[:300])] * len(claimed)
        now = now_ms()
        return [
            _failed(job, result, now) if isinstance(result, JobFailed) else _done(job, result, now)
            for job, result in zip(claimed, results, strict=True)
        ]

    async def _tell(self, claimed: Sequence[Job], part: float) -> None:
        await self._update(claimed, {"progress": round(min(max(part, 0.0), 1.0), 3)})

    async def _renew(self, claimed: Sequence[Job]) -> None:
        while True:
            await asyncio.sleep(self._lease_ms / 3000)
            await self._update(claimed, {"lease_until": now_ms() + self._lease_ms})

    async def _update(self, jobs: Sequence[Job], change: Doc) -> None:
        """Change jobs of one claim while they are still ours; raises _LeaseLost otherwise."""
        ours = {
            "_id": {"$in": [job.id for job in jobs]},
            "worker": jobs[0].worker,
            "state": JobState.RUNNING,
        }
        changed = await self._jobs.update_many(
            ours, {"$set": {**change, "updated_at": now_ms()}, "$inc": {"rev": 1}}
        )
        if changed < len(jobs):
            raise _LeaseLost


def _done(job: Job, result: Result, now: int) -> Doc:
    FINISHED.labels(job.kind, "done").inc()
    return {"state": JobState.DONE, "progress": 1.0, "reason": "", "result": result, "finished_at": now}


def _failed(job: Job, failure: JobFailed, now: int) -> Doc:
    log.warning("job_failed", job=job.id, kind=job.kind, attempt=job.attempts, reason=failure.reason)
    if failure.retry and job.attempts < MAX_ATTEMPTS:
        pause = PAUSES_MS[min(job.attempts - 1, len(PAUSES_MS) - 1)]
        return {"state": JobState.QUEUED, "reason": failure.reason, "run_at": now + pause}
    FINISHED.labels(job.kind, "failed").inc()
    return {"state": JobState.FAILED, "reason": failure.reason, "finished_at": now}


def _alike(jobs: Sequence[Job], changes: Sequence[Doc]) -> list[tuple[Doc, list[Job]]]:
    """Put the jobs together that are to be changed alike."""
    found: list[tuple[Doc, list[Job]]] = []
    for job, change in zip(jobs, changes, strict=True):
        same = next((those for known, those in found if known == change), None)
        if same is None:
            found.append((change, [job]))
        else:
            same.append(job)
    return found
