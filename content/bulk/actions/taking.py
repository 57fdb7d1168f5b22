"""Verbs of exports: asking for a file, stopping it, going on, reading how far it is."""

from typing import Any

import msgspec

from content import audit
from content.authority import authorise
from content.bulk import rules
from content.bulk.choosing import filter_of
from content.bulk.exporting import JOB
from content.bulk.importing import Nouns
from content.bulk.store import exports
from content.bulk.views import NewExport
from content.documents import edited
from infra.http import Page
from infra.jobs import enqueue
from infra.mongo import Database, Session
from schemas.accounts import PLATFORM, Actor
from schemas.bulk import Export, ExportState, NounName
from schemas.ids import new_id
from schemas.problems import CommonRefusal, FieldError, Refusal, Refused

OF_PLATFORM = (NounName.AUDIT, NounName.BUSINESSES)
"""What can be exported of the platform."""


async def begin_export(db: Database, nouns: Nouns, actor: Actor, new: NewExport) -> Export:
    """Ask for a file of documents; it is written aside and kept for some days."""
    _check(actor, new)
    fresh = Export(
        id=new_id("exp"),
        business="" if new.business == PLATFORM else new.business,
        noun=new.noun,
        format=new.format,
        bom=new.bom,
        where=new.where,
        ids=new.ids,
        listing=msgspec.json.encode(new.listing).decode() if new.listing else "",
        by=actor.id,
        by_name=actor.name,
    )
    await filter_of(db, nouns, actor, fresh)

    async def work(session: Session) -> Export:
        made = await exports.insert(db, session, fresh)
        await _enqueue(db, session, made)
        await _record(db, session, actor, made, {"where": new.where, "chosen": len(new.ids)})
        return made

    return await db.transact(work)


def _check(actor: Actor, new: NewExport) -> None:
    """Let people export; what is of no business, or of all, only operators of the platform."""
    authorise(actor, rules.EXPORT, new.business)
    if new.listing and (new.listing.business, str(new.listing.noun)) != (new.business, str(new.noun)):
        raise Refused(
            CommonRefusal.INVALID, errors=[FieldError(pointer="/listing", expected="the same noun")]
        )
    if new.business == PLATFORM and new.noun not in OF_PLATFORM:
        raise Refused(CommonRefusal.INVALID, errors=[FieldError(pointer="/business", expected="a business")])


async def stop_export(db: Database, nouns: Nouns, actor: Actor, identifier: str) -> Export:
    """Stop an export after the rows in hand; what is written stays for some days."""
    return await _to(db, nouns, actor, identifier, "stop")


async def resume_export(db: Database, nouns: Nouns, actor: Actor, identifier: str) -> Export:
    """Go on with an export behind its last part."""
    return await _to(db, nouns, actor, identifier, "resume")


async def _to(db: Database, nouns: Nouns, actor: Actor, identifier: str, verb: str) -> Export:
    await read_export(db, nouns, actor, identifier)

    async def work(session: Session) -> Export:
        current = await exports.get(db, identifier, session)
        state = rules.move(rules.EXPORT_MOVES, current.state, verb)
        if isinstance(state, Refusal):
            raise Refused(state)
        run = current.run + (state is ExportState.RUNNING)
        changes = {"state": state, "run": run, "reason": ""}
        moved = await exports.replace(db, session, edited(current, changes))
        if state is ExportState.RUNNING:
            await _enqueue(db, session, moved)
        await _record(db, session, actor, moved, {"move": verb, "rows": moved.rows})
        return moved

    return await db.transact(work)


async def _enqueue(db: Database, session: Session, one: Export) -> None:
    data = {"export": one.id, "title": one.noun}
    await enqueue(db, JOB, f"{one.id}:{one.run}", data, business=one.business, session=session)


async def _record(db: Database, session: Session, actor: Actor, one: Export, data: dict[str, Any]) -> None:
    told = {"noun": one.noun, **data}
    await audit.record(db, session, actor, rules.EXPORT.name, target=one.id, business=one.business, data=told)


async def read_export(db: Database, nouns: Nouns, actor: Actor, identifier: str) -> Export:
    """Give an export to who may export what is in it, whoever asked for it."""
    current = await exports.get(db, identifier)
    authorise(actor, rules.EXPORT, current.business or PLATFORM)
    await filter_of(db, nouns, actor, current)
    return current


async def list_exports(db: Database, actor: Actor, business: str, *, cursor: str, limit: int) -> Page[Export]:
    """List the exports of a business, newest first."""
    authorise(actor, rules.EXPORT, business)
    where = {"business": "" if business == PLATFORM else business}
    return await exports.page(db, where, cursor=cursor, limit=limit)
