"""Jobs as those see them whose programs they work for."""

from typing import Any

from content import audit
from content.authority import STAFF, authorise, grant, places
from content.documents import Documents, within
from infra import jobs
from infra.http import Call, Page, PageQuery, Routes
from infra.mongo import Database, Session
from schemas.accounts import Actor, Role
from schemas.jobs import Job, JobState
from schemas.problems import Refused
from streaming.replay.reasons import plain
from workers.web.refusals import JobRefusal

routes = Routes("jobs")
documents = Documents(jobs.JOBS, Job)

READ = grant("jobs.read", *STAFF)
RETRY = grant("jobs.retry", Role.BUSINESS_OPERATOR)
GRANTS = (READ, RETRY)


class JobsQuery(PageQuery, frozen=True, kw_only=True):
    """Which jobs are wanted."""

    business: str = ""
    program: str = ""
    kind: str = ""
    state: JobState | None = None


class JobView(Job, frozen=True, kw_only=True):
    """A job, with its reason in the caller's language."""

    reason_text: str = ""


@routes.get("/v1/jobs")
async def list_jobs(call: Call[JobsQuery, None]) -> Page[JobView]:
    """List the jobs of my businesses, newest first."""
    query = call.query
    where: dict[str, Any] = within(places(call.actor, READ))
    if query.business:
        authorise(call.actor, READ, query.business)
        where = {"business": query.business}
    where |= {name: value for name in ("program", "kind", "state") if (value := getattr(query, name))}
    page = await documents.page(call.db, where, cursor=query.cursor, limit=query.limit)
    return Page(items=[_show(job, call.language) for job in page.items], next_cursor=page.next_cursor)


@routes.get("/v1/jobs/{job}")
async def read_job(call: Call[None, None]) -> JobView:
    """Read a job: its true progress, or why it failed."""
    job = await documents.get(call.db, call.path["job"])
    authorise(call.actor, READ, job.business)
    return _show(job, call.language)


@routes.post("/v1/jobs/{job}/retry", refusals=(JobRefusal.JOB_NOT_FAILED,))
async def retry_job(call: Call[None, None]) -> JobView:
    """Try a failed job again."""
    return _show(await retry(call.db, call.actor, call.path["job"]), call.language)


async def retry(db: Database, actor: Actor, identifier: str) -> Job:
    """Queue a failed job again; raises Refused(job_not_failed)."""

    async def work(session: Session) -> Job:
        job = await documents.get(db, identifier, session)
        authorise(actor, RETRY, job.business)
        if not await jobs.retry(db, identifier, session=session):
            raise Refused(JobRefusal.JOB_NOT_FAILED, got=job.state)
        await audit.record(db, session, actor, RETRY.name, target=job.id, business=job.business)
        return await documents.get(db, identifier, session)

    return await db.transact(work)


def _show(job: Job, language: str) -> JobView:
    fields = {name: getattr(job, name) for name in job.__struct_fields__}
    return JobView(**fields, reason_text=plain(job.reason, language) if job.reason else "")
