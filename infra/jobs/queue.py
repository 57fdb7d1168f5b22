"""The queue: asking for work, and asking again for what failed."""

from typing import Any

from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Unknown, to_doc
from schemas.ids import new_id
from schemas.jobs import Job, JobState

JOBS = "jobs"


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
