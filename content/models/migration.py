"""The work of a migration: batch by batch in transactions, whole when killed, stopped or started twice.

A batch moves its documents, keeps their old values, and moves the cursor, all in one transaction that also
reads the migration's state: after `stop` no batch is written any more.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from content.documents import edited
from content.models import dry_run
from content.models.actions.migrating import JOB
from content.models.actions.rehearsing import JOB as DRY_RUN
from content.models.layers import Place, place_of
from content.models.moving import Versions, found_by, move
from content.models.rules.compiled import Compiled, compiled
from content.models.store import befores, keep_befores, keep_facets, migrations, modelled, number_of
from content.publishing.keeping import follow
from infra.clock import now_ms
from infra.jobs import Handler, Progress
from infra.mongo import Database, Session, from_doc, plain
from schemas.jobs import Job
from schemas.models import Before, Facets, LeftBehind, Migration, MigrationState, ModelVersion

BATCH = 100
TOLD = 50
"""Most documents that don't fit which a migration names."""

S = MigrationState
Doc = dict[str, Any]
Step = Callable[[Database, Migration], Awaitable[Migration]]


def handlers(db: Database) -> dict[str, Handler]:
    """Give the handlers of our jobs."""

    async def migrate(job: Job, progress: Progress) -> dict[str, Any]:
        return await run(db, job.data["migration"], progress)

    async def try_draft(job: Job, progress: Progress) -> dict[str, Any]:
        return await dry_run.run(db, job.data["dry_run"], progress)

    return {JOB: migrate, DRY_RUN: try_draft}


async def run(db: Database, identifier: str, progress: Progress) -> dict[str, Any]:
    """Move or undo until it is done or stopped."""
    migration = await migrations.get(db, identifier)
    steps: dict[S, Step] = {S.RUNNING: _move_batch, S.UNDOING: _undo_batch}
    done = 0
    while step := steps.get(migration.state):
        migration = await step(db, migration)
        done = _done(migration)
        await progress(min(1.0, done / max(1, migration.total)))
    return {"state": migration.state, "moved": migration.moved, "failed": migration.failed}


def _done(migration: Migration) -> int:
    handled = migration.moved + migration.failed
    return handled if migration.state is not S.UNDOING else migration.total - migration.moved


async def _move_batch(db: Database, migration: Migration) -> Migration:
    place = place_of(migration.business, migration.layer)
    known = Versions(db)

    async def work(session: Session) -> Migration:
        current = await migrations.get(db, migration.id, session)
        if current.state is not S.RUNNING or current.cursor != migration.cursor:
            return current
        version = await known.version(current.version, session)
        batch = _Batch(current, version)
        docs = await modelled(db, place, current.cursor, BATCH, session)
        for doc in docs:
            if number_of(doc["model"]) < version.number:
                batch.take(doc, await known.compiled(doc["model"], session))
        await _write(db, session, place, batch)
        changes: Doc = {
            "moved": current.moved + len(batch.befores),
            "failed": current.failed + len(batch.left),
            "left_behind": [*current.left_behind, *batch.left][:TOLD],
            "cursor": docs[-1]["_id"] if docs else current.cursor,
        }
        if len(docs) < BATCH:
            changes["state"] = S.DONE
        return await migrations.replace(db, session, edited(current, changes))

    return await db.transact(work)


class _Batch:
    """What one batch writes."""

    def __init__(self, migration: Migration, version: ModelVersion) -> None:
        self.migration = migration
        self._version, self._new = version, compiled(version.text)
        self.left: list[LeftBehind] = []
        self.befores: list[Before] = []
        self.replaced: list[tuple[Doc, Doc]] = []
        self.facets: list[Facets] = []

    def take(self, doc: Doc, old: Compiled) -> None:
        """Move a document, or say why it does not fit."""
        moved = move(doc["ext"], old, self._new)
        if moved.errors:
            self.left.append(LeftBehind(document=doc["_id"], errors=moved.errors[:5]))
            return
        now = now_ms()
        rev = doc["rev"] + 1
        fresh = {**doc, "ext": moved.ext, "model": self._version.id, "rev": rev, "updated_at": now}
        self.replaced.append((_as_read(doc), fresh))
        self.facets.append(found_by(self._version, doc["_id"], moved.ext))
        self.befores.append(
            Before(
                id=f"{self.migration.id}:{doc['_id']}",
                created_at=now,
                migration=self.migration.id,
                document=doc["_id"],
                ext=doc["ext"],
                model=doc["model"],
                became=digest(moved.ext),
            )
        )


async def _write(db: Database, session: Session, place: Place, batch: _Batch) -> None:
    if not batch.replaced:
        return
    await db.collection(place.collection).replace_each(batch.replaced, session=session)
    await keep_befores(db, session, batch.befores, batch.migration.undo_until)
    await keep_facets(db, session, batch.facets)
    await follow(db, session, place.collection, [doc for _, doc in batch.replaced])


async def _undo_batch(db: Database, migration: Migration) -> Migration:
    place = place_of(migration.business, migration.layer)
    known = Versions(db)

    async def work(session: Session) -> Migration:
        current = await migrations.get(db, migration.id, session)
        if current.state is not S.UNDOING or current.cursor != migration.cursor:
            return current
        where = {"migration": current.id, "document": {"$gt": current.cursor}}
        kept = await befores.collection(db).find(where, sort=[("document", 1)], limit=BATCH, session=session)
        was = {one["document"]: from_doc(Before, one) for one in kept}
        unmoved = {"_id": {"$in": list(was)}, "model": current.version}
        docs = await db.collection(place.collection).find(unmoved, session=session)
        back = [doc for doc in map(plain, docs) if digest(doc["ext"]) == was[doc["_id"]].became]
        found = []
        for doc in back:
            before = was[doc["_id"]]
            found.append(found_by(await known.version(before.model, session), doc["_id"], before.ext))
        if back:
            replaced = [(_as_read(doc), _put_back(doc, was[doc["_id"]])) for doc in back]
            await db.collection(place.collection).replace_each(replaced, session=session)
            await keep_facets(db, session, found)
            await follow(db, session, place.collection, [doc for _, doc in replaced])
        changes: Doc = {
            "moved": current.moved - len(back),
            "kept": current.kept + len(kept) - len(back),
            "cursor": kept[-1]["document"] if kept else current.cursor,
        }
        if len(kept) < BATCH:
            changes["state"] = S.UNDONE
        return await migrations.replace(db, session, edited(current, changes))

    return await db.transact(work)


def _as_read(doc: Doc) -> Doc:
    return {"_id": doc["_id"], "rev": doc["rev"]}


def _put_back(doc: Doc, before: Before) -> Doc:
    rev = doc["rev"] + 1
    return {**doc, "ext": before.ext, "model": before.model, "rev": rev, "updated_at": now_ms()}


def digest(ext: Doc) -> str:
    """Tell values apart."""
    return hashlib.sha256(msgspec.json.encode(ext)).hexdigest()
