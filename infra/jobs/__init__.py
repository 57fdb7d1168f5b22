"""Work done aside: a queue in MongoDB with leases, true progress, retries and plain reasons.

Jobs are claimed by one worker for `LEASE_MS`; the lease is renewed while their handler runs, so a
killed worker's jobs are taken up by another. Handlers therefore run at least once and must be
idempotent. A failure that is worth another try waits with growing pauses; after `MAX_ATTEMPTS`,
or when the handler says it is hopeless, the job stays FAILED with its reason until a person
retries it.
"""

from infra.jobs.queue import JOBS, enqueue, ensure_indexes, retry
from infra.jobs.runner import (
    LEASE_MS,
    MAX_ATTEMPTS,
    Handler,
    JobFailed,
    Progress,
    Result,
    Runner,
    Several,
)

__all__ = [
    "JOBS",
    "LEASE_MS",
    "MAX_ATTEMPTS",
    "Handler",
    "JobFailed",
    "Progress",
    "Result",
    "Runner",
    "Several",
    "enqueue",
    "ensure_indexes",
    "retry",
]
