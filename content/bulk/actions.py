"""Verbs of bulk: bringing a file, looking at what it would do, starting and stopping."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content import audit
from content.authority import Grant, authorise
from content.bulk import reading, rules
from content.bulk.carrying import Target, carry_out
from content.bulk.exporting import JOB as EXPORT_JOB
from content.bulk.exporting import filter_of
from content.bulk.files import examined, opened
from content.bulk.importing import JOB as IMPORT_JOB
from content.bulk.importing import Nouns
from content.bulk.layout import columns_of
from content.bulk.noun import Noun
from content.bulk.planning import Planned, Planner
from content.bulk.rules import BulkRefusal
from content.bulk.rules.cells import cell
from content.bulk.rules.labels import Column, guess
from content.bulk.store import errors_of, exports, imports
from content.bulk.views import NewExport, Preview, PreviewRow
from content.businesses.store import businesses
from content.documents import check_rev, edited
from content.models.ports import Kinds
from infra.clock import now_ms
from infra.http import Page
from infra.jobs import enqueue
from infra.mongo import Database, Session
from infra.objects import ObjectStore
from schemas.accounts import PLATFORM, Actor
from schemas.bulk import Export, Import, ImportState, NounName
from schemas.ids import new_id
from schemas.problems import CommonRefusal, FieldError, Refusal, Refused

S = ImportState


async def upload(
    db: Database,
    objects: ObjectStore,
    nouns: Nouns,
    actor: Actor,
    business: str,
    name: NounName,
    filename: str,
    body: bytes,
) -> Import:
    """Take a file in and guess what its columns mean; nothing is imported yet.

    Raises Refused(not_imported, not_text, not_a_table, bomb, too_many_rows).
    """
    authorise(actor, rules.IMPORT, business)
    await businesses.get(db, business)
    noun = await _noun(db, nouns, business, name)
    sheet = await examined(body)
    columns = await columns_of(db, noun, business)
    identifier = new_id("imp")
    fresh = Import(
        id=identifier,
        business=business,
        noun=name,
        name=filename,
        file=f"imp/{business}/{identifier}",
        bytes=len(body),
        sheet=sheet,
        mapping=guess(sheet.columns, columns),
        by=actor.id,
        by_name=actor.name,
        scopes=None if actor.scopes is None else {one: sorted(held) for one, held in actor.scopes.items()},
    )
    await objects.put(fresh.file, body, "application/octet-stream")

    async def work(session: Session) -> Import:
        made = await imports.insert(db, session, fresh)
        data = {"noun": name, "file": filename, "rows": sheet.rows}
        await audit.record(
            db, session, actor, rules.IMPORT.name, target=made.id, business=business, data=data
        )
        return made

    return await db.transact(work)


async def set_mapping(
    db: Database, nouns: Nouns, actor: Actor, identifier: str, mapping: dict[str, str], *, rev: int
) -> Import:
    """Say which column leads to which field, before the import runs."""
    current = await imports.get(db, identifier)
    authorise(actor, rules.IMPORT, current.business)
    noun = await _noun(db, nouns, current.business, current.noun)
    fields = {one.name for one in await columns_of(db, noun, current.business) if one.written}
    if refusal := _check_mapping(current, mapping, fields):
        raise Refused(refusal)

    async def work(session: Session) -> Import:
        one = await imports.get(db, identifier, session)
        check_rev(one, rev)
        if one.state is not S.READY:
            raise Refused(CommonRefusal.WRONG_STATE, expected=S.READY, got=one.state)
        return await imports.replace(db, session, edited(one, {"mapping": mapping}))

    return await db.transact(work)


def _check_mapping(current: Import, mapping: dict[str, str], fields: set[str]) -> Refusal | None:
    wanted = [field for field in mapping.values() if field]
    wrong = [
        FieldError(pointer=f"/mapping/{column}", expected="a column and a field, each once", got=field[:60])
        for column, field in mapping.items()
        if column not in current.sheet.columns or (field and (field not in fields or wanted.count(field) > 1))
    ]
    return Refusal(CommonRefusal.INVALID, {"errors": wrong[:20]}) if wrong else None


class _TakenBack(Exception):
    """The preview has seen what it wanted."""


async def preview(
    db: Database, objects: ObjectStore, kinds: Kinds, nouns: Nouns, actor: Actor, identifier: str
) -> Preview:
    """Carry the first rows out and take them back: what they would become, by the rules that will hold."""
    current = await imports.get(db, identifier)
    authorise(actor, rules.IMPORT, current.business)
    noun = await _noun(db, nouns, current.business, current.noun)
    async with opened(objects, current.file) as plain:
        found = reading.rows(plain, current.sheet)
        rows = [row for row, _ in zip(found, range(rules.PREVIEWED), strict=False)]
    planned = await Planner(db, kinds, noun, current.noun, current.business, current.mapping).plan(rows)
    target = Target(noun=noun, name=current.noun, business=current.business, actor=actor)

    async def take_back(_session: Session, _rows: Sequence[Planned]) -> bool:
        raise _TakenBack

    if planned:
        await _tried(db, target, planned, take_back)
    counts = dict.fromkeys(("created", "updated", "unchanged", "failed"), 0)
    for one in planned:
        counts[_becomes(one)] += 1
    shown = planned[: rules.SHOWN] + [one for one in planned[rules.SHOWN :] if one.code][: rules.SHOWN]
    return Preview(
        rows=len(planned),
        total=current.sheet.rows,
        columns=await columns_of(db, noun, current.business),
        first=[
            PreviewRow(
                row=one.row.number,
                becomes=_becomes(one),
                values=one.row.values,
                code=one.code,
                errors=one.errors,
            )
            for one in shown
        ],
        **counts,
    )


async def _tried(db: Database, target: Target, planned: list[Planned], take_back: Any) -> None:
    try:
        await carry_out(db, target, planned, take_back)
    except _TakenBack:
        return


def _becomes(one: Planned) -> str:
    if one.code:
        return "failed"
    if one.unchanged:
        return "unchanged"
    return "created" if one.new is not None else "updated"


async def run(db: Database, actor: Actor, identifier: str) -> Import:
    """Start an import. Raises Refused(nothing_mapped, wrong_state)."""
    return await _to(db, actor, identifier, "run")


async def stop(db: Database, actor: Actor, identifier: str) -> Import:
    """Stop an import after the rows in hand."""
    return await _to(db, actor, identifier, "stop")


async def resume(db: Database, actor: Actor, identifier: str) -> Import:
    """Go on with an import where it was."""
    return await _to(db, actor, identifier, "resume")


async def _to(db: Database, actor: Actor, identifier: str, verb: str) -> Import:
    async def work(session: Session) -> Import:
        current = await imports.get(db, identifier, session)
        authorise(actor, rules.IMPORT, current.business)
        state = rules.move(current.state, verb)
        if isinstance(state, Refusal):
            raise Refused(state)
        if not any(current.mapping.values()):
            raise Refused(BulkRefusal.NOTHING_MAPPED)
        changes: dict[str, Any] = {"state": state, "reason": ""}
        if state is S.RUNNING:
            changes |= {
                "run": current.run + 1,
                "started_at": current.started_at or now_ms(),
                "finished_at": None,
            }
        moved = await imports.replace(db, session, edited(current, changes))
        if state is S.RUNNING:
            key, data = f"{identifier}:{moved.run}", {"import": identifier, "title": current.name}
            await enqueue(db, IMPORT_JOB, key, data, business=current.business, session=session)
        told = {"noun": current.noun, "move": verb, "cursor": current.cursor}
        await audit.record(
            db, session, actor, rules.IMPORT.name, target=identifier, business=current.business, data=told
        )
        return moved

    return await db.transact(work)


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
    while found := await errors_of(db, identifier, after, 1_000):
        for one in found:
            why = "; ".join(f"{error.pointer} {error.expected} ≠ {error.got}".strip() for error in one.errors)
            came = msgspec.json.decode(one.values)
            values = [cell(came.get(column)) for column in current.sheet.columns]
            table.append([*values, str(one.row), cell(f"{one.code}: {why}")])
        after = found[-1].row
        if len(table) >= rules.MAX_ERRORS:
            break
    return current.name, reading.write_rows(header, iter(table), bom=True)


async def columns(db: Database, nouns: Nouns, actor: Actor, business: str, name: NounName) -> list[Column]:
    """List what a file of a noun may have."""
    authorise(actor, rules.READ, business)
    return await columns_of(db, await _noun(db, nouns, business, name), business)


async def begin_export(db: Database, nouns: Nouns, actor: Actor, new: NewExport) -> Export:
    """Ask for a file of documents; it is written aside and kept for some days."""
    place = "" if new.business == PLATFORM else new.business
    fresh = Export(
        id=new_id("exp"),
        business=place,
        noun=new.noun,
        format=new.format,
        bom=new.bom,
        where=new.where,
        ids=new.ids,
        listing=msgspec.json.encode(new.listing).decode() if new.listing else "",
        by=actor.id,
        by_name=actor.name,
    )
    _authorise_export(actor, rules.EXPORT, new)
    await filter_of(db, nouns, actor, fresh)

    async def work(session: Session) -> Export:
        made = await exports.insert(db, session, fresh)
        await enqueue(
            db, EXPORT_JOB, made.id, {"export": made.id, "title": new.noun}, business=place, session=session
        )
        data = {"noun": new.noun, "where": new.where, "chosen": len(new.ids)}
        await audit.record(db, session, actor, rules.EXPORT.name, target=made.id, business=place, data=data)
        return made

    return await db.transact(work)


def _authorise_export(actor: Actor, grant: Grant, new: NewExport) -> None:
    """Let people export; what of no business there is, the trail of the platform, only operators."""
    authorise(actor, grant, new.business)
    if new.listing and (new.listing.business, str(new.listing.noun)) != (new.business, str(new.noun)):
        raise Refused(
            CommonRefusal.INVALID, errors=[FieldError(pointer="/listing", expected="the same noun")]
        )
    if new.business == PLATFORM and new.noun is not NounName.AUDIT:
        raise Refused(CommonRefusal.INVALID, errors=[FieldError(pointer="/business", expected="a business")])


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


async def _noun(db: Database, nouns: Nouns, business: str, name: NounName) -> Noun:
    found = (await nouns(db, business)).get(name)
    if found is None:
        raise Refused(BulkRefusal.NOT_IMPORTED, noun=name)
    return found
