"""What is done at its time: drafts published, contents withdrawn. Done twice, it is done once.

Each is one transaction that looks whether the plan still stands, so that a job of a plan that was changed
does nothing, and a killed one is done again by whoever takes it up.
"""

from typing import Any

from content import audit
from content.contents import rules as contents_rules
from content.contents.store import contents
from content.documents import edited
from content.models.layers import find_document
from content.publishing import rules
from content.publishing.actions.drafting import keep, record
from content.publishing.actions.publishing import publish
from content.publishing.desk import look
from content.publishing.due import EXPIRE, PUBLISH
from content.publishing.keeping import touch
from content.publishing.ports import References
from content.publishing.store import draft_of
from infra.jobs import Handler, Progress
from infra.mongo import Database, Session
from schemas.accounts import SYSTEM, Actor
from schemas.content import ContentState
from schemas.jobs import Job
from schemas.problems import CommonRefusal, Refused
from schemas.publishing import Draft, DraftState

PASSING = frozenset({CommonRefusal.UNAVAILABLE, CommonRefusal.CONFLICT})
"""Refusals after which another try may go through."""


def handlers(db: Database, asked: References) -> dict[str, Handler]:
    """Give the handlers of our jobs."""

    async def publish_due(job: Job, progress: Progress) -> dict[str, Any]:  # noqa: ARG001
        return await publish_planned(db, asked, job.data["document"], job.data["at"])

    async def expire_due(job: Job, progress: Progress) -> dict[str, Any]:  # noqa: ARG001
        return await expire(db, job.data["document"], job.data["at"])

    return {PUBLISH: publish_due, EXPIRE: expire_due}


async def publish_planned(db: Database, asked: References, document: str, at: int) -> dict[str, Any]:
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


async def expire(db: Database, identifier: str, at: int) -> dict[str, Any]:
    """Withdraw a content that expires at that time."""

    async def work(session: Session) -> bool:
        content = await contents.find(db, {"_id": identifier}, session)
        if content is None or content.expires_at != at or content.state is not ContentState.PUBLISHED:
            return False
        await contents.replace(db, session, edited(content, {"state": ContentState.WITHDRAWN}))
        await touch(db, session, SYSTEM, content)
        data = {"state": ContentState.WITHDRAWN, "expired_at": at}
        await audit.record(
            db,
            session,
            SYSTEM,
            contents_rules.WITHDRAW.name,
            target=identifier,
            business=content.business,
            data=data,
        )
        return True

    return {"withdrawn": await db.transact(work)}
