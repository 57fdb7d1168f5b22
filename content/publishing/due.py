"""What is to happen at a time: jobs that are due then, asked for in the transaction that plans them."""

from content.models.layers import Modelled
from infra.jobs import JOBS, enqueue
from infra.mongo import Database, Session
from schemas.content import Content, ContentState
from schemas.jobs import JobState
from schemas.publishing import Draft

PUBLISH, EXPIRE = "publish", "expire"


async def plan_publishing(db: Database, session: Session, draft: Draft, at: int) -> None:
    """Ask for a draft to be published at a time (epoch ms)."""
    data = {"document": draft.document, "at": at, "title": draft.title}
    await enqueue(
        db,
        PUBLISH,
        f"{draft.document}.{at}",
        data,
        business=draft.business,
        session=session,
        run_at=at,
    )


async def call_off(db: Database, session: Session, document: str, at: int) -> None:
    """Take the job of a plan that was called off out of the queue; one that is begun finds no plan."""
    where = {"kind": PUBLISH, "key": f"{document}.{at}", "state": JobState.QUEUED}
    await db.collection(JOBS).delete_one(where, session=session)


async def plan_expiry(db: Database, session: Session, document: Modelled) -> None:
    """Ask for a content to be withdrawn when it expires; asked again for the same time, once."""
    if not isinstance(document, Content) or document.expires_at is None:
        return
    if document.state is not ContentState.PUBLISHED:
        return
    await enqueue(
        db,
        EXPIRE,
        f"{document.id}.{document.expires_at}",
        {"document": document.id, "at": document.expires_at, "title": document.title},
        business=document.business,
        program=document.program,
        session=session,
        run_at=document.expires_at,
    )
