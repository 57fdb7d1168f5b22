"""What is done at its time: drafts published, contents withdrawn. Done twice, it is done once.

Each looks in its transaction whether the plan still stands, so that a job of a plan that was changed does
nothing, and a killed one is done again by whoever takes it up.
"""

from collections.abc import Sequence
from functools import partial

from content import audit
from content.contents import rules as contents_rules
from content.contents.store import contents
from content.documents import edited
from content.models.layers import find_document
from content.publishing import rules
from content.publishing.actions.drafting import keep, record
from content.publishing.actions.publishing import publish, put_on
from content.publishing.actions.sound import find_those_sound
from content.publishing.desk import look
from content.publishing.due import EXPIRE, PUBLISH
from content.publishing.keeping import touch
from content.publishing.ports import References
from content.publishing.store import draft_of
from content.publishing.together import MOST, do_each, transact_all
from infra.jobs import Result, Several
from infra.mongo import Batch, Database, Session
from schemas.accounts import SYSTEM, Actor
from schemas.content import ContentState
from schemas.jobs import Job
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import Draft, DraftState

PASSING = frozenset({CommonRefusal.UNAVAILABLE, CommonRefusal.CONFLICT})
"""Refusals after which another try may go through."""


def handlers(db: Database, asked: References) -> dict[str, Several]:
    """Give the handlers of our jobs."""
    publishing = partial(do_each, partial(publish_several, db, asked), partial(publish_planned, db, asked))
    expiring = partial(do_each, partial(expire_several, db), partial(expire, db))
    return {PUBLISH: Several(publishing, MOST), EXPIRE: Several(expiring, MOST)}


async def publish_several(db: Database, asked: References, jobs: Sequence[Job]) -> dict[str, Result]:
    """Publish planned drafts; gives what came of those that nothing stands against."""
    ready = await find_those_sound(db, asked, [job.data["document"] for job in jobs])

    async def part(batch: Batch, job: Job, session: Session) -> Result:
        document, at = job.data["document"], job.data["at"]
        draft = await draft_of(batch, document, session)
        planner = SYSTEM if draft is None else _planner(draft)
        return {"published": (await put_on(batch, planner, ready[document], 0, at, session)).clean}

    return await transact_all(db, [job for job in jobs if job.data["document"] in ready], part)


async def publish_planned(db: Database, asked: References, document: str, at: int) -> Result:
    """Publish a draft that is planned for that time; one that can't be is given back to its authors."""
    draft = await draft_of(db, document)
    if draft is None or draft.state is not DraftState.SCHEDULED or draft.publish_at != at:
        return {"published": False}
    try:
        desk = await publish(db, asked, _planner(draft), document, planned_at=at)
    except Refused as refused:
        if refused.code in PASSING:
            raise
        await _give_back(db, document, at, refused)
        return {"published": False, "reason": str(refused.code)}
    return {"published": desk.clean}


def _planner(draft: Draft) -> Actor:
    """Give who planned it: it is done in her name."""
    who = draft.scheduled_by
    return SYSTEM if who is None else Actor(id=who.id, name=who.name, system=True)


async def _give_back(db: Database, document: str, at: int, refused: Refused) -> None:
    async def work(session: Session) -> None:
        found = await find_document(db, document, session)
        desk = await look(db, found, session)
        if desk.draft.state is not DraftState.SCHEDULED or desk.draft.publish_at != at:
            return
        changes = {
            "state": DraftState.SENT_BACK,
            "failure": str(refused.code),
            "publish_at": None,
            "scheduled_by": None,
            "reviewed_by": None,
        }
        await keep(db, session, desk, edited(desk.draft, changes))
        data = {"at": at, "failure": str(refused.code)}
        await record(db, session, SYSTEM, rules.PUBLISH.name, desk, data)

    await db.transact(work)


async def expire_several(db: Database, jobs: Sequence[Job]) -> dict[str, Result]:
    """Withdraw contents that expire at their time."""

    async def part(batch: Batch, job: Job, session: Session) -> Result:
        return await _withdraw(batch, job.data["document"], job.data["at"], session)

    return await transact_all(db, jobs, part)


async def expire(db: Database, identifier: str, at: int) -> Result:
    """Withdraw a content that expires at that time."""
    return await db.transact(partial(_withdraw, db, identifier, at))


async def _withdraw(db: Database, identifier: str, at: int, session: Session) -> Result:
    content = await contents.find(db, {"_id": identifier}, session)
    if content is None or content.expires_at != at or content.state is not ContentState.PUBLISHED:
        return {"withdrawn": False}
    await contents.replace(db, session, edited(content, {"state": ContentState.WITHDRAWN}))
    await touch(db, session, SYSTEM, content)
    data = {"state": ContentState.WITHDRAWN, "expired_at": at}
    action = contents_rules.WITHDRAW.name
    await audit.record(db, session, SYSTEM, action, target=identifier, business=content.business, data=data)
    return {"withdrawn": True}
