"""Rehearsing a draft on the documents that are there, and publishing it as a version."""

import msgspec

from content.authority import authorise
from content.documents import check_rev, edited
from content.models import rules
from content.models.actions.drafting import as_written, read_model, record
from content.models.layers import place_of
from content.models.moving import Versions
from content.models.rules import ModelRefusal
from content.models.rules.changes import changes
from content.models.rules.check import check, tag_categories, walk
from content.models.rules.compiled import compiled
from content.models.rules.fields import Schema, fields_of
from content.models.rules.inline import with_ids
from content.models.store import dry_run_of, models, version_id, versions
from content.models.trying import Tally, look_at
from content.models.views import Checked, Publication, Rehearsal, meant
from content.tags.store import categories
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.models import ContentModel, Counts, DryRunState, Effect, ModelVersion
from schemas.problems import CommonRefusal, FieldError, Refused

LOOKED_AT = 20_000
"""Most documents a rehearsal looks at while somebody waits; a dry run looks at all of them, aside."""


async def check_draft(db: Database, actor: Actor, identifier: str, schema: Schema) -> Checked:
    """Tell what keeps a draft from being published and what it changes, before it is saved."""
    model = await read_model(db, actor, identifier)
    authorise(actor, rules.EDIT, model.business)
    draft = with_ids(as_written(schema), frozenset(model.ids))
    if problems := await _problems(db, model.business, draft):
        return Checked(problems=problems)
    return Checked(problems=[], changes=changes(await _published(db, model), draft))


async def rehearse(db: Database, actor: Actor, identifier: str) -> Rehearsal:
    """Tell what publishing the draft would do. Nothing is written."""
    model = await read_model(db, actor, identifier)
    return await _rehearsed(db, model)


async def _rehearsed(db: Database, model: ContentModel) -> Rehearsal:
    schema = msgspec.json.decode(model.draft)
    if problems := await _problems(db, model.business, schema):
        return Rehearsal(problems=problems, effect=Effect.BREAKS)
    found = changes(await _published(db, model), schema)
    run = await dry_run_of(db, model)
    if run is not None and run.state is DryRunState.DONE and run.total > LOOKED_AT:
        counts, complete = run.counts, True
    else:
        counts, complete = await _tried(db, model)
    return Rehearsal(
        problems=[],
        changes=found,
        effect=meant(counts),
        complete=complete,
        dry_run=run.id if run else "",
        **msgspec.structs.asdict(counts),
    )


async def _problems(db: Database, business: str, schema: Schema) -> list[FieldError]:
    if problems := check(schema):
        return problems
    named = dict(tag_categories(fields_of(schema)))
    there = await categories.several(db, named.values())
    own = {one.id for one in there.values() if one.business == business}
    return [
        FieldError(pointer=pointer, expected="a tag category of this business", got=one)
        for pointer, one in named.items()
        if one not in own
    ]


async def _published(db: Database, model: ContentModel) -> Schema | None:
    if not model.latest:
        return None
    return (await Versions(db).compiled(version_id(model.id, model.latest))).schema


async def _tried(db: Database, model: ContentModel) -> tuple[Counts, bool]:
    """Move the documents in memory, as many as one may wait for; tell whether these were all."""
    place, known = place_of(model.business, model.layer), Versions(db)
    tally, after, more = Tally(compiled(model.draft), Counts()), "", True
    while more and tally.counts.documents < LOOKED_AT:
        after, more = await look_at(db, place, after, known, tally)
    return tally.counts, not more


async def publish_model(db: Database, actor: Actor, identifier: str, wanted: Publication) -> ModelVersion:
    """Publish the draft as the next version, which never changes again.

    Raises Refused(model_not_sound, model_unchanged, model_breaks, dry_run_needed).
    """
    model = await read_model(db, actor, identifier)
    authorise(actor, rules.PUBLISH, model.business)
    check_rev(model, wanted.rev)
    tried = await _rehearsed(db, model)
    if tried.problems:
        raise Refused(ModelRefusal.MODEL_NOT_SOUND, errors=tried.problems)
    if tried.failing and not wanted.accept_breaking:
        first = tried.left_behind[0]
        raise Refused(
            ModelRefusal.MODEL_BREAKS, failing=tried.failing, document=first.document, errors=first.errors
        )
    if not tried.complete and not wanted.accept_breaking:
        raise Refused(ModelRefusal.DRY_RUN_NEEDED, documents=tried.documents)
    version = ModelVersion(
        id=version_id(model.id, model.latest + 1),
        model=model.id,
        business=model.business,
        layer=model.layer,
        number=model.latest + 1,
        text=model.draft,
        changes=tried.changes,
        note=wanted.note,
        by=actor.id,
        by_name=actor.name,
    )
    ids = {field.id for field, _ in walk(fields_of(msgspec.json.decode(model.draft)), ())}
    changed = {"latest": version.number, "ids": sorted({*model.ids, *ids})}

    async def work(session: Session) -> ModelVersion:
        current = await models.get(db, identifier, session)
        check_rev(current, wanted.rev)
        if current.latest:
            last = await versions.get(db, version_id(current.id, current.latest), session)
            if last.text == current.draft:
                raise Refused(ModelRefusal.MODEL_UNCHANGED, number=current.latest)
        published = await versions.insert(db, session, version)
        await models.replace(db, session, edited(current, changed))
        told = {"number": version.number, "effect": tried.effect, "note": wanted.note}
        await record(db, session, actor, rules.PUBLISH.name, current, told)
        return published

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(CommonRefusal.PRECONDITION_FAILED, id=identifier) from None
