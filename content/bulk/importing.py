"""The work of an import: batch by batch, whole when killed, stopped or started twice.

A batch and the import's cursor are one transaction, which also reads the import's state: after `stop` no
batch is written any more, and a killed job goes on behind the last row that counts.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
import structlog

from content.accounts.store import accounts
from content.accounts.views import as_actor
from content.authority import GRANTS, holds, may
from content.bulk import reading
from content.bulk.carrying import Target, carry_out, try_out
from content.bulk.files import opened
from content.bulk.noun import Noun
from content.bulk.planning import Planned, Planner
from content.bulk.rules import IMPORT, MAX_ERRORS, OUTCOMES, BulkRefusal
from content.bulk.store import error_id, errors_place, forget_errors, imports, row_errors
from content.documents import edited
from content.keys.actions import stands_behind
from content.keys.store import keys
from content.models.ports import Kinds
from infra.clock import now_ms
from infra.jobs import Handler, Progress
from infra.mongo import Database, Session, to_doc
from infra.objects import ObjectStore
from schemas.accounts import Actor
from schemas.bulk import Import, ImportState, NounName, RowError
from schemas.jobs import Job
from schemas.problems import CommonRefusal, Refused

JOBS = {ImportState.RUNNING: "bulk_import", ImportState.CHECKING: "bulk_check"}
BATCH = 500
TOLD_EVERY_S = 0.5
"""How often the job tells its progress."""

Nouns = Callable[[Database, str], Awaitable[Mapping[NounName, Noun]]]
"""Gives the nouns of a business; `workers` adds those of the upper floors."""
S = ImportState
LEADS_TO = {S.RUNNING: S.DONE, S.CHECKING: S.READY}
FAILED_TO = {S.RUNNING: S.FAILED, S.CHECKING: S.READY}


def handlers(db: Database, objects: ObjectStore, kinds: Kinds, nouns: Nouns) -> dict[str, Handler]:
    """Give the handlers of our jobs."""

    async def do_import(job: Job, progress: Progress) -> dict[str, Any]:
        return await run(db, objects, kinds, nouns, job.data["import"], progress)

    return dict.fromkeys(JOBS.values(), do_import)


async def run(
    db: Database, objects: ObjectStore, kinds: Kinds, nouns: Nouns, identifier: str, progress: Progress
) -> dict[str, Any]:
    """Import, or check what an import would do, until it is done, stopped or refused as a whole."""
    current = await imports.get(db, identifier)
    structlog.contextvars.bind_contextvars(request_id=identifier)
    if current.state in LEADS_TO:
        try:
            actor = await actor_of(db, current)
            noun = (await nouns(db, current.business))[current.noun]
            target = Target(noun=noun, name=current.noun, business=current.business, actor=actor)
            await _Run(db, objects, kinds, current, target).run(progress)
        except Refused as refused:
            await _finish(db, current, FAILED_TO[current.state], str(refused.code))
    ended = await imports.get(db, identifier)
    return {name: getattr(ended, name) for name in ("state", *OUTCOMES)}


async def actor_of(db: Database, current: Import) -> Actor:
    """Give who started an import, with the rights of this moment.

    Raises Refused(not_signed_in, may_no_longer).
    """
    if current.key:
        actor = await stands_behind(db, await keys.get(db, current.key), now_ms())
    else:
        account = await accounts.find(db, {"_id": current.by})
        if account is None or account.disabled:
            raise Refused(CommonRefusal.NOT_SIGNED_IN)
        actor = as_actor(account)
    if not may(actor, IMPORT, current.business):
        raise Refused(BulkRefusal.MAY_NO_LONGER)
    return actor


def _rights(actor: Actor, business: str) -> set[str]:
    return {name for name, one in GRANTS.items() if holds(actor, one, business)}


class _Run:
    """One run of an import."""

    def __init__(
        self, db: Database, objects: ObjectStore, kinds: Kinds, current: Import, target: Target
    ) -> None:
        self._db, self._objects = db, objects
        self._import, self._target = current, target
        self._planner = Planner(db, kinds, target.noun, current.noun, current.business, current.mapping)
        self._rights = _rights(target.actor, current.business)
        self._cursor = current.cursor
        self._told_at = 0.0

    async def run(self, progress: Progress) -> None:
        """Take what is left; the next batch is planned while this one is written."""
        await forget_errors(self._db, self._import.id, errors_place(self._import))
        async with opened(self._objects, self._import.file) as plain:
            found = reading.rows(plain, self._import.sheet, self._cursor)
            planned = await self._plan_next(found)
            while planned:
                following = asyncio.create_task(self._plan_next(found))
                try:
                    going_on = await self._take(planned)
                finally:
                    ahead = await following
                if not going_on:
                    return
                await self._tell(progress)
                planned = ahead
        await _finish(self._db, self._import, LEADS_TO[self._import.state])

    async def _take(self, planned: list[Planned]) -> bool:
        """Carry a batch out, by the rights of this moment; a check only counts what it came to."""
        target = msgspec.structs.replace(self._target, actor=await self._who())
        if self._import.state is S.RUNNING:
            return await carry_out(self._db, target, planned, self._settle)
        await try_out(self._db, target, planned)
        return await self._db.transact(lambda session: self._settle(session, planned))

    async def _who(self) -> Actor:
        """Ask again who began it: what she may no longer do is no fault of the rows. Raises Refused."""
        actor = await actor_of(self._db, self._import)
        if not self._rights <= _rights(actor, self._import.business):
            raise Refused(BulkRefusal.MAY_NO_LONGER)
        return actor

    async def _plan_next(self, found: Any) -> list[Planned]:
        rows = list(itertools.islice(found, BATCH))
        return await self._planner.plan(rows) if rows else []

    async def _tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told_at > TOLD_EVERY_S:
            self._told_at = now
            await progress(self._cursor / max(1, self._import.sheet.rows))

    async def _settle(self, session: Session, rows: Sequence[Planned]) -> bool:
        current = await imports.get(self._db, self._import.id, session)
        first = rows[0].row.number - 1
        if (
            current.run != self._import.run
            or current.state is not self._import.state
            or current.cursor != first
        ):
            return False
        wrong = [row for row in rows if row.code]
        good = [row for row in rows if not row.code]
        changes = {
            "cursor": current.cursor + len(rows),
            "created": current.created + sum(row.new is not None for row in good),
            "updated": current.updated + sum(not row.unchanged and row.new is None for row in good),
            "unchanged": current.unchanged + sum(row.unchanged for row in good),
            "failed": current.failed + len(wrong),
        }
        if wrong and current.failed < MAX_ERRORS:
            docs = [to_doc(error_of(current, row)) for row in wrong]
            await row_errors.collection(self._db).insert_many(docs, session=session)
        await imports.replace(self._db, session, edited(current, changes))
        self._cursor = first + len(rows)
        return True


def error_of(current: Import, row: Planned) -> RowError:
    """Say what is wrong with a row."""
    return RowError(
        id=error_id(errors_place(current), row.row.number),
        created_at=now_ms(),
        row=row.row.number,
        code=row.code,
        errors=row.errors,
        values=msgspec.json.encode(row.row.values).decode(),
    )


async def _finish(db: Database, begun: Import, state: ImportState, reason: str = "") -> None:
    async def work(session: Session) -> None:
        current = await imports.get(db, begun.id, session)
        if (current.state, current.run) == (begun.state, begun.run):
            changes = {"state": state, "reason": reason, "finished_at": now_ms()}
            await imports.replace(db, session, edited(current, changes))

    await db.transact(work)
