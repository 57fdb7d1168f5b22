"""Rehearsing a draft on the documents that are there, and publishing it as a version."""

from collections import Counter

import msgspec

from content.authority import authorise
from content.documents import check_rev, edited
from content.models import rules
from content.models.actions.drafting import read_model, record
from content.models.layers import place_of
from content.models.moving import Versions, move
from content.models.rules import ModelRefusal
from content.models.rules.changes import changes
from content.models.rules.check import check, walk
from content.models.rules.compiled import Compiled, compiled
from content.models.rules.fields import fields_of
from content.models.store import modelled, models, version_id, versions
from content.models.views import Publication, Rehearsal
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.models import ContentModel, Effect, FieldChange, LeftBehind, ModelVersion
from schemas.problems import CommonRefusal, Refused

BATCH = 500
LOOKED_AT = 20_000
"""Most documents a rehearsal looks at; of more it tells the oldest, and that these are not all."""
TOLD = 20


async def rehearse(db: Database, actor: Actor, identifier: str) -> Rehearsal:
    """Tell what publishing the draft would do. Nothing is written."""
    model = await read_model(db, actor, identifier)
    return await _rehearsed(db, model)


async def _rehearsed(db: Database, model: ContentModel) -> Rehearsal:
    schema = msgspec.json.decode(model.draft)
    if problems := check(schema):
        return Rehearsal(problems=problems, effect=Effect.BREAKS)
    known = Versions(db)
    old = await known.compiled(version_id(model.id, model.latest)) if model.latest else None
    found = changes(old.schema if old else None, schema)
    return await _tried(db, model, known, compiled(model.draft), found)


async def _tried(
    db: Database, model: ContentModel, known: Versions, new: Compiled, found: list[FieldChange]
) -> Rehearsal:
    """Move every document in memory and count what comes of it."""
    place, after, seen = place_of(model.business, model.layer), "", 0
    counts: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    left: list[LeftBehind] = []
    more = True
    while more and seen < LOOKED_AT:
        docs = await modelled(db, place, after, BATCH)
        more = len(docs) == BATCH
        for doc in docs:
            old = await known.compiled(doc["model"])
            moved = move(doc["ext"], old, new)
            holding.update(field.id for field in old.fields if field.key in doc["ext"])
            same = old.mark == new.mark and moved.ext == doc["ext"]
            counts["failing" if moved.errors else "unchanged" if same else "changed"] += 1
            if moved.errors and len(left) < TOLD:
                left.append(LeftBehind(document=doc["_id"], errors=moved.errors[:5]))
        seen += len(docs)
        after = docs[-1]["_id"] if docs else after
    return Rehearsal(
        problems=[],
        changes=found,
        effect=_meant(counts),
        documents=seen,
        complete=not more,
        unchanged=counts["unchanged"],
        changed=counts["changed"],
        failing=counts["failing"],
        left_behind=left,
        holding=dict(holding),
    )


def _meant(counts: Counter[str]) -> Effect:
    """Say what publishing means for the documents that are there: each change may mean worse for others."""
    if counts["failing"]:
        return Effect.BREAKS
    if counts["changed"]:
        return Effect.NEEDS_MIGRATION
    return Effect.COMPATIBLE


async def publish_model(db: Database, actor: Actor, identifier: str, wanted: Publication) -> ModelVersion:
    """Publish the draft as the next version, which never changes again.

    Raises Refused(model_not_sound, model_unchanged, model_breaks).
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
