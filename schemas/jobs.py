"""Work done aside: uploads, replays, clips."""

from enum import StrEnum
from typing import Any

from schemas.base import Document, Ms


class JobState(StrEnum):
    """Where a job is. FAILED jobs wait for a person's retry."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Document, frozen=True, kw_only=True):
    """One piece of work. `key` is unique per kind: enqueuing it again changes nothing."""

    kind: str
    key: str
    business: str = ""
    program: str = ""
    data: dict[str, Any] = {}
    state: JobState = JobState.QUEUED
    progress: float = 0.0
    """0.0 to 1.0, true progress as reported by the handler."""
    attempts: int = 0
    reason: str = ""
    """Why the last attempt failed, in plain words."""
    result: dict[str, Any] = {}
    run_at: Ms = 0
    """Not before this time (retries wait)."""
    lease_until: Ms = 0
    worker: str = ""
    finished_at: Ms | None = None


class Mark(Document, frozen=True, kw_only=True):
    """A product was explained: the span from pin to unpin in a room log, epoch ms."""

    program: str
    business: str
    log: str
    product: str
    offer: str
    from_at: Ms
    to_at: Ms
    from_seq: int
    to_seq: int
