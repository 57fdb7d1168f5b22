"""The work of a dry run: batch by batch, counts and cursor in one write, so that it goes on when killed."""

from typing import Any

from content.documents import edited
from content.models.layers import place_of
from content.models.moving import Versions
from content.models.rules.compiled import compiled
from content.models.store import dry_runs
from content.models.trying import Tally, look_at
from infra.jobs import Progress
from infra.mongo import Database, Session
from schemas.models import DryRun, DryRunState


async def run(db: Database, identifier: str, progress: Progress) -> dict[str, Any]:
    """Try the draft on one batch after the other until there are no more documents, or it was forgotten."""
    known = Versions(db)
    current = await dry_runs.find(db, {"_id": identifier})
    while current is not None and current.state is DryRunState.RUNNING:
        current = await _batch(db, current, known)
        if current is not None:
            await progress(min(1.0, current.counts.documents / max(1, current.total)))
    if current is None:
        return {"state": "forgotten"}
    counts = current.counts
    return {"state": current.state, "documents": counts.documents, "failing": counts.failing}


async def _batch(db: Database, current: DryRun, known: Versions) -> DryRun | None:
    tally = Tally(compiled(current.text), current.counts)
    place = place_of(current.business, current.layer)
    cursor, more = await look_at(db, place, current.cursor, known, tally)
    state = DryRunState.RUNNING if more else DryRunState.DONE

    async def work(session: Session) -> DryRun | None:
        there = await dry_runs.find(db, {"_id": current.id}, session)
        if there is None or there.rev != current.rev:
            return there  # forgotten, or another run was faster
        changes = {"cursor": cursor, "counts": tally.counts, "state": state}
        return await dry_runs.replace(db, session, edited(there, changes))

    return await db.transact(work)
