"""Starting, stopping, resuming and undoing migrations; the work itself is `content.models.migration`."""

from content.authority import authorise
from content.documents import edited
from content.models import rules
from content.models.actions.drafting import read_model, record
from content.models.layers import place_of
from content.models.rules import ModelRefusal
from content.models.store import count_modelled, migrations, models, version_id
from infra.clock import now_ms
from infra.http import Page
from infra.jobs import enqueue
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.models import ContentModel, Migration, MigrationState
from schemas.problems import CommonRefusal, Refused

JOB = "model_migration"
KEPT_MS = 90 * 24 * 3_600_000
"""How long old values are kept, and so how long a migration can be undone."""

S = MigrationState
UNDER_WAY = (S.RUNNING, S.STOPPED, S.UNDOING)
"""States in which another migration of the model would get in the way."""


async def start(db: Database, actor: Actor, identifier: str) -> Migration:
    """Begin to move the documents of a model to its newest version.

    Raises Refused(no_model, migration_running).
    """
    model = await read_model(db, actor, identifier)
    authorise(actor, rules.MIGRATE, model.business)
    version = version_id(model.id, model.latest)
    total = await count_modelled(db, place_of(model.business, model.layer), but=version)

    async def work(session: Session) -> Migration:
        # Writing the model makes two starts at once collide, so that only one goes through.
        current = await models.get(db, identifier, session)
        if not current.latest:
            raise Refused(ModelRefusal.NO_MODEL, layer=current.layer)
        if current.latest != model.latest:
            raise Refused(CommonRefusal.CONFLICT, retry_after=1)
        where = {"model": current.id, "state": {"$in": list(UNDER_WAY)}}
        if found := await migrations.find(db, where, session):
            raise Refused(ModelRefusal.MIGRATION_RUNNING, migration=found.id)
        await models.replace(db, session, current)
        fresh = Migration(
            id=new_id("mig"),
            business=current.business,
            model=current.id,
            layer=current.layer,
            version=version,
            total=total,
            undo_until=now_ms() + KEPT_MS,
        )
        begun = await migrations.insert(db, session, fresh)
        await _ask(db, session, begun)
        await record(db, session, actor, rules.MIGRATE.name, current, _data(begun, "start"))
        return begun

    return await db.transact(work)


async def stop(db: Database, actor: Actor, identifier: str) -> Migration:
    """Stop a running migration; the batch in hand is finished or not done at all."""
    return await _to(db, actor, identifier, "stop", (S.RUNNING,), S.STOPPED)


async def resume(db: Database, actor: Actor, identifier: str) -> Migration:
    """Go on with a stopped migration."""
    return await _to(db, actor, identifier, "resume", (S.STOPPED,), S.RUNNING)


async def undo(db: Database, actor: Actor, identifier: str) -> Migration:
    """Give documents their old values back. Raises Refused(nothing_to_undo)."""
    return await _to(db, actor, identifier, "undo", (S.STOPPED, S.DONE), S.UNDOING)


async def read(db: Database, actor: Actor, identifier: str) -> Migration:
    """Give a migration to the people of its business."""
    migration = await migrations.get(db, identifier)
    authorise(actor, rules.READ, migration.business)
    return migration


async def list_migrations(
    db: Database, actor: Actor, model: str, *, cursor: str, limit: int
) -> Page[Migration]:
    """List the migrations of a model, newest first."""
    await read_model(db, actor, model)
    return await migrations.page(db, {"model": model}, cursor=cursor, limit=limit)


async def _to(
    db: Database, actor: Actor, identifier: str, verb: str, expected: tuple[S, ...], state: S
) -> Migration:
    async def work(session: Session) -> Migration:
        migration = await migrations.get(db, identifier, session)
        authorise(actor, rules.MIGRATE, migration.business)
        if migration.state not in expected:
            told = {"move": verb, "expected": " or ".join(expected), "got": migration.state}
            raise Refused(CommonRefusal.WRONG_STATE, **told)
        model = await models.get(db, migration.model, session)
        if state is S.UNDOING:
            await _check_undo(db, session, migration, model)
        changes = {"state": state, "run": migration.run + (state is not S.STOPPED)}
        if state is S.UNDOING:
            changes["cursor"] = ""
        moved = await migrations.replace(db, session, edited(migration, changes))
        if state is not S.STOPPED:
            await _ask(db, session, moved)
        await record(db, session, actor, rules.MIGRATE.name, model, _data(moved, verb))
        return moved

    return await db.transact(work)


async def _check_undo(db: Database, session: Session, migration: Migration, model: ContentModel) -> None:
    if migration.undo_until <= now_ms():
        raise Refused(ModelRefusal.NOTHING_TO_UNDO)
    later = {"model": model.id, "_id": {"$gt": migration.id}, "state": {"$ne": S.UNDONE}}
    if found := await migrations.find(db, later, session):
        raise Refused(ModelRefusal.MIGRATION_RUNNING, migration=found.id)
    await models.replace(db, session, model)


async def _ask(db: Database, session: Session, migration: Migration) -> None:
    """Ask for a run; each has a job of its own, so that finished ones stay in the list."""
    data = {"migration": migration.id}
    key = f"{migration.id}:{migration.run}"
    await enqueue(db, JOB, key, data, business=migration.business, session=session)


def _data(migration: Migration, verb: str) -> dict[str, object]:
    return {"migration": migration.id, "version": migration.version, "move": verb}
