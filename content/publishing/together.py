"""Several jobs due at one moment: one transaction for as many as go through, the rest each for itself."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from content.models.layers import by_kind
from content.publishing.actions.publishing import Changed
from content.publishing.store import draft_id, drafts
from content.uses.store import entry_ids, uses
from infra.jobs import JobFailed, Result
from infra.mongo import Batch, Database, Session, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.jobs import Job
from schemas.problems import Refused

MOST = 64
"""Jobs of one transaction: what they share costs little of each then, and it is still short."""

Part = Callable[[Batch, Job, Session], Coroutine[Any, Any, Result]]
log = get_logger("publishing")


async def do_each(
    several: Callable[[Sequence[Job]], Awaitable[Mapping[str, Result]]],
    alone: Callable[[str, int], Awaitable[Result]],
    jobs: Sequence[Job],
) -> list[Result | JobFailed]:
    """Do several at once; those that it left out, and all when it breaks, each for itself.

    Raises Unavailable or Unknown when none of them got an answer: it is not theirs to be failed then.
    """
    try:
        done = await several(jobs)
    except Unknown:
        raise
    except Exception as trouble:  # noqa: BLE001 (one job's trouble is not to be the others')
        log.warning("due_one_by_one", jobs=len(jobs), reason=f"{type(trouble).__name__}: {trouble}"[:200])
        done = {}
    left = [job for job in jobs if job.id not in done]
    told = await asyncio.gather(*(_one(alone, job) for job in left))
    away = [one for one in told if isinstance(one, (Unavailable, Unknown))]
    if away and len(away) == len(jobs):
        raise away[0]
    rest = iter(
        [JobFailed(str(one)[:300]) if isinstance(one, (Unavailable, Unknown)) else one for one in told]
    )
    return [done[job.id] if job.id in done else next(rest) for job in jobs]


async def _one(
    alone: Callable[[str, int], Awaitable[Result]], job: Job
) -> Result | JobFailed | Unavailable | Unknown:
    try:
        return await alone(job.data["document"], job.data["at"])
    except (Unavailable, Unknown) as nothing:
        return nothing
    except Exception as trouble:
        log.exception("due_failed", job=job.id, kind=job.kind)
        return JobFailed(f"{type(trouble).__name__}: {trouble}"[:300])


async def transact_all(db: Database, jobs: Sequence[Job], part: Part) -> dict[str, Result]:
    """Do the part of each job in one transaction; give what came of them by job.

    One that is refused before it wrote anything is left out. Raises what a later refusal does.
    """
    documents = [job.data["document"] for job in jobs]

    async def work(session: Session) -> dict[str, Result]:
        batch = Batch(db, session)
        for kept, those in by_kind(documents):
            await batch.collection(kept.name).read_ahead(those)
        await batch.collection(drafts.name).read_ahead([draft_id(one) for one in documents])
        await batch.collection(uses.name).read_ahead([name for one in documents for name in entry_ids(one)])
        done: dict[str, Result] = {}
        for job in jobs:
            written = batch.writes
            try:
                done[job.id] = await batch.transact(partial(part, batch, job))
            except (Refused, Changed):
                if batch.writes != written:
                    raise
        await batch.flush()
        return done

    return await db.transact(work)
