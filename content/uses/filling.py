"""Entering what documents refer to that were written before it was entered at every write: a job, once."""

from typing import Any

from content.contents.store import contents
from content.programs.store import programs
from content.publishing.keeping import entries_of
from content.rooms.store import rooms
from content.uses.store import keep_uses
from infra.jobs import Handler, Progress, enqueue
from infra.mongo import Database, Session
from schemas.jobs import Job

JOB = "uses_fill"
BATCH = 200


async def ask(db: Database) -> None:
    """Ask for it, the first time."""
    await enqueue(db, JOB, "once", {})


def handlers(db: Database) -> dict[str, Handler]:
    """Give the handlers of our jobs."""

    async def fill_all(job: Job, progress: Progress) -> dict[str, Any]:  # noqa: ARG001
        return {"documents": await fill(db, progress)}

    return {JOB: fill_all}


async def fill(db: Database, progress: Progress) -> int:
    """Enter what all documents refer to; done again, it changes nothing."""
    seen = 0
    for place, name in enumerate((rooms.name, programs.name, contents.name)):
        after: str | None = ""
        while after is not None:
            count, after = await _batch(db, name, after)
            seen += count
        await progress((place + 1) / 3)
    return seen


async def _batch(db: Database, name: str, after: str) -> tuple[int, str | None]:
    """Enter some documents in one transaction with reading them; tell how many, and which was the last."""

    async def work(session: Session) -> tuple[int, str | None]:
        docs = await db.collection(name).find(
            {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=BATCH, session=session
        )
        await keep_uses(db, session, await entries_of(db, session, name, docs))
        return len(docs), docs[-1]["_id"] if len(docs) == BATCH else None

    return await db.transact(work)
