"""Verbs of an import on its way: checking all rows, starting, stopping, going on; what came of it."""

from typing import Any

import msgspec

from content import audit
from content.authority import authorise
from content.bulk import reading, rules
from content.bulk.actions.bringing import begun_anew
from content.bulk.importing import JOBS
from content.bulk.rules import BulkRefusal
from content.bulk.rules.cells import cell
from content.bulk.store import errors_of, imports
from content.documents import edited
from infra.clock import now_ms
from infra.http import Page
from infra.jobs import enqueue
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.bulk import Import, ImportState
from schemas.problems import Refusal, Refused

S = ImportState


async def check(db: Database, actor: Actor, identifier: str) -> Import:
    """Try all rows aside and take them back. Raises Refused(nothing_mapped, wrong_state, file_gone)."""
    return await _to(db, actor, identifier, "check")


async def run(db: Database, actor: Actor, identifier: str) -> Import:
    """Start an import; a check of it ends. Raises Refused(nothing_mapped, wrong_state, file_gone)."""
    return await _to(db, actor, identifier, "run")


async def stop(db: Database, actor: Actor, identifier: str) -> Import:
    """Stop an import, or a check, after the rows in hand."""
    return await _to(db, actor, identifier, "stop")


async def resume(db: Database, actor: Actor, identifier: str) -> Import:
    """Go on with an import where it was."""
    return await _to(db, actor, identifier, "resume")


async def _to(db: Database, actor: Actor, identifier: str, verb: str) -> Import:
    async def work(session: Session) -> Import:
        current = await imports.get(db, identifier, session)
        authorise(actor, rules.IMPORT, current.business)
        state = rules.move(rules.MOVES, current.state, verb)
        if isinstance(state, Refusal):
            raise Refused(state)
        if not any(current.mapping.values()):
            raise Refused(BulkRefusal.NOTHING_MAPPED)
        if not current.file:
            raise Refused(BulkRefusal.FILE_GONE)
        moved = await imports.replace(db, session, _moved(actor, current, verb, state))
        if job := JOBS.get(state):
            key, data = f"{identifier}:{moved.run}", {"import": identifier, "title": current.name}
            await enqueue(db, job, key, data, business=current.business, session=session)
        if S.CHECKING not in (state, current.state) or state is S.RUNNING:
            await _record(db, session, actor, moved, verb)
        return moved

    return await db.transact(work)


def _moved(actor: Actor, current: Import, verb: str, state: ImportState) -> Import:
    """Give an import as it goes on: whoever lets its rows be written does so with her own rights."""
    changes: dict[str, Any] = {"state": state, "reason": ""}
    if state in JOBS:
        changes |= {"run": current.run + 1, "finished_at": None}
        changes |= {"by": actor.id, "by_name": actor.name, "key": actor.key}
    if state is S.RUNNING:
        changes |= {"started_at": current.started_at or now_ms()}
    return edited(begun_anew(current) if verb in rules.ANEW else current, changes)


async def _record(db: Database, session: Session, actor: Actor, one: Import, verb: str) -> None:
    told = {"noun": one.noun, "move": verb, "cursor": one.cursor}
    await audit.record(db, session, actor, rules.IMPORT.name, target=one.id, business=one.business, data=told)


async def read_import(db: Database, actor: Actor, identifier: str) -> Import:
    """Give an import to the people of its business who work in bulk."""
    current = await imports.get(db, identifier)
    authorise(actor, rules.READ, current.business)
    return current


async def list_imports(db: Database, actor: Actor, business: str, *, cursor: str, limit: int) -> Page[Import]:
    """List the imports of a business, newest first."""
    authorise(actor, rules.READ, business)
    return await imports.page(db, {"business": business}, cursor=cursor, limit=limit)


async def error_file(db: Database, actor: Actor, identifier: str) -> tuple[str, bytes]:
    """Give the rows that could not be taken as CSV: as they came, with why; mended, it can be imported."""
    current = await read_import(db, actor, identifier)
    header = [*current.sheet.columns, "row", "error"]
    table: list[list[str]] = []
    after = 0
    while found := await errors_of(db, current, after, 1_000):
        for one in found:
            why = "; ".join(f"{error.pointer} {error.expected} ≠ {error.got}".strip() for error in one.errors)
            came = msgspec.json.decode(one.values)
            values = [cell(came.get(column)) for column in current.sheet.columns]
            table.append([*values, str(one.row), cell(f"{one.code}: {why}")])
        after = found[-1].row
        if len(table) >= rules.MAX_ERRORS:
            break
    return current.name, reading.write_rows(header, iter(table), bom=True)
