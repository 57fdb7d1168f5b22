"""Verbs of a file that is brought: taking it in, saying what its columns mean, looking at its first rows."""

import msgspec

from content import audit
from content.authority import authorise
from content.bulk import reading, rules
from content.bulk.carrying import Target, try_out
from content.bulk.files import examined, opened
from content.bulk.importing import Nouns
from content.bulk.layout import columns_of
from content.bulk.noun import Noun
from content.bulk.planning import Planned, Planner
from content.bulk.rules import BulkRefusal
from content.bulk.rules.labels import Column, guess
from content.bulk.store import errors_of, imports
from content.bulk.views import Preview, PreviewRow
from content.businesses.store import businesses
from content.documents import check_rev, edited
from content.models.ports import Kinds
from infra.mongo import Database, Session
from infra.objects import ObjectStore
from schemas.accounts import Actor
from schemas.bulk import Import, ImportState, NounName
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
    identifier = new_id("imp")
    fresh = Import(
        id=identifier,
        business=business,
        noun=name,
        name=filename,
        file=f"imp/{business}/{identifier}",
        bytes=len(body),
        sheet=sheet,
        mapping=guess(sheet.columns, await columns_of(db, noun, business)),
        by=actor.id,
        by_name=actor.name,
        key=actor.key,
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
    """Say which column leads to which field, before the import runs; a check ends, and what it found."""
    current = await imports.get(db, identifier)
    authorise(actor, rules.IMPORT, current.business)
    noun = await _noun(db, nouns, current.business, current.noun)
    fields = {one.name for one in await columns_of(db, noun, current.business) if one.written}
    if refusal := _check_mapping(current, mapping, fields):
        raise Refused(refusal)

    async def work(session: Session) -> Import:
        one = await imports.get(db, identifier, session)
        check_rev(one, rev)
        if one.state not in (S.READY, S.CHECKING):
            raise Refused(CommonRefusal.WRONG_STATE, expected=S.READY, got=one.state)
        return await imports.replace(db, session, edited(begun_anew(one), {"mapping": mapping}))

    return await db.transact(work)


def begun_anew(one: Import) -> Import:
    """Give an import as it is before its first row."""
    none = dict.fromkeys(("cursor", *rules.OUTCOMES), 0)
    return edited(one, {**none, "state": S.READY, "tries": one.tries + 1})


def _check_mapping(current: Import, mapping: dict[str, str], fields: set[str]) -> Refusal | None:
    wanted = [field for field in mapping.values() if field]
    wrong = [
        FieldError(pointer=f"/mapping/{column}", expected="a column and a field, each once", got=field[:60])
        for column, field in mapping.items()
        if column not in current.sheet.columns or (field and (field not in fields or wanted.count(field) > 1))
    ]
    return Refusal(CommonRefusal.INVALID, {"errors": wrong[:20]}) if wrong else None


async def preview(
    db: Database, objects: ObjectStore, kinds: Kinds, nouns: Nouns, actor: Actor, identifier: str
) -> Preview:
    """Carry the first rows out and take them back: what they would become, by the rules that will hold.

    Once all rows are checked, it tells of all.
    """
    current = await imports.get(db, identifier)
    authorise(actor, rules.IMPORT, current.business)
    noun = await _noun(db, nouns, current.business, current.noun)
    async with opened(objects, current.file) as plain:
        found = reading.rows(plain, current.sheet)
        rows = [row for row, _ in zip(found, range(rules.PREVIEWED), strict=False)]
    planned = await Planner(db, kinds, noun, current.noun, current.business, current.mapping).plan(rows)
    if planned:
        target = Target(noun=noun, name=current.noun, business=current.business, actor=actor)
        await try_out(db, target, planned)
    tried = [_shown(one) for one in planned]
    wrong = [one for one in tried[rules.SHOWN :] if one.code]
    checked = current.cursor >= current.sheet.rows > len(tried)
    if checked:
        wrong = await _wrong(db, current)
        counts = {name: getattr(current, name) for name in rules.OUTCOMES}
    else:
        counts = {name: sum(one.becomes == name for one in tried) for name in rules.OUTCOMES}
    return Preview(
        rows=current.sheet.rows if checked else len(planned),
        total=current.sheet.rows,
        columns=await columns_of(db, noun, current.business),
        first=tried[: rules.SHOWN] + wrong[: rules.SHOWN],
        **counts,
    )


def _shown(one: Planned) -> PreviewRow:
    return PreviewRow(
        row=one.row.number, becomes=_becomes(one), values=one.row.values, code=one.code, errors=one.errors
    )


def _becomes(one: Planned) -> str:
    if one.code:
        return "failed"
    if one.unchanged:
        return "unchanged"
    return "created" if one.new is not None else "updated"


async def _wrong(db: Database, current: Import) -> list[PreviewRow]:
    """Give the first wrong rows that a check found behind those that are shown anyway."""
    return [
        PreviewRow(
            row=one.row,
            becomes="failed",
            values=msgspec.json.decode(one.values),
            code=one.code,
            errors=one.errors,
        )
        for one in await errors_of(db, current, rules.SHOWN, rules.SHOWN)
    ]


async def columns(db: Database, nouns: Nouns, actor: Actor, business: str, name: NounName) -> list[Column]:
    """List what a file of a noun may have."""
    authorise(actor, rules.READ, business)
    return await columns_of(db, await _noun(db, nouns, business, name), business)


async def _noun(db: Database, nouns: Nouns, business: str, name: NounName) -> Noun:
    found = (await nouns(db, business)).get(name)
    if found is None or found.create is None:
        raise Refused(BulkRefusal.NOT_IMPORTED, noun=name)
    return found
