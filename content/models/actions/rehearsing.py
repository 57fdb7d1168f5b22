"""Dry runs: a draft tried on every document of its layer; the work itself is `content.models.dry_run`."""

import msgspec

from content.authority import authorise
from content.models import rules
from content.models.actions.drafting import read_model, record
from content.models.layers import place_of
from content.models.rules import ModelRefusal
from content.models.rules.check import check
from content.models.store import count_modelled, dry_run_of, dry_runs
from infra.jobs import enqueue
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.models import Counts, DryRun, DryRunState
from schemas.problems import Refused

JOB = "model_dry_run"


async def start_dry_run(db: Database, actor: Actor, identifier: str) -> DryRun:
    """Begin to try the draft on all documents; one of this draft that is under way is given instead.

    Those of earlier drafts are forgotten. Raises Refused(model_not_sound).
    """
    model = await read_model(db, actor, identifier)
    authorise(actor, rules.REHEARSE, model.business)
    if problems := check(msgspec.json.decode(model.draft)):
        raise Refused(ModelRefusal.MODEL_NOT_SOUND, errors=problems)
    total = await count_modelled(db, place_of(model.business, model.layer))

    async def work(session: Session) -> DryRun:
        there = await dry_run_of(db, model, session)
        if there is not None and there.state is DryRunState.RUNNING:
            return there
        await dry_runs.collection(db).delete_many({"model": model.id}, session=session)
        fresh = DryRun(
            id=new_id("dry"),
            business=model.business,
            model=model.id,
            layer=model.layer,
            text=model.draft,
            total=total,
            counts=Counts(),
        )
        begun = await dry_runs.insert(db, session, fresh)
        await enqueue(db, JOB, begun.id, {"dry_run": begun.id}, business=model.business, session=session)
        await record(db, session, actor, rules.REHEARSE.name, model, {"dry_run": begun.id, "total": total})
        return begun

    return await db.transact(work)


async def read_dry_run(db: Database, actor: Actor, identifier: str) -> DryRun:
    """Give a dry run to the people of its business."""
    run = await dry_runs.get(db, identifier)
    authorise(actor, rules.READ, run.business)
    return run
