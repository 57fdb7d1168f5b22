"""Beginning a model and working on its draft."""

from content import audit
from content.authority import authorise
from content.businesses.store import businesses
from content.documents import check_rev, edited, reach
from content.models import rules
from content.models.rules import ModelRefusal
from content.models.rules.bounds import SCHEMA, check_bounds
from content.models.rules.fields import Schema
from content.models.rules.inline import completed, encoded, inline, with_ids
from content.models.rules.metaschema import META_ID
from content.models.store import heads, models, version_id, versions
from content.models.views import NewModel
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session, from_doc
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.models import ContentModel, Layer, ModelHead, ModelVersion
from schemas.problems import CommonRefusal, FieldError, Refused

EMPTY: Schema = {
    "$schema": META_ID,
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": False,
}


async def create_model(db: Database, actor: Actor, new: NewModel) -> ContentModel:
    """Begin the model of a layer, with an empty draft. Raises Refused(model_exists)."""
    authorise(actor, rules.CREATE, new.business)
    await businesses.get(db, new.business)
    model = ContentModel(id=new_id("mdl"), business=new.business, layer=new.layer, draft=encoded(EMPTY))

    async def work(session: Session) -> ContentModel:
        created = await models.insert(db, session, model)
        await record(db, session, actor, rules.CREATE.name, model, {"layer": model.layer})
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(ModelRefusal.MODEL_EXISTS, layer=new.layer) from None


async def save_draft(
    db: Database, actor: Actor, identifier: str, schema: Schema, *, rev: int
) -> ContentModel:
    """Replace the draft; it may be unfinished. Local references are written out, missing ids given.

    Raises Refused(invalid) with the place of a reference that loops or of what is too deep or too much.
    """
    written = as_written(schema)

    async def work(session: Session) -> ContentModel:
        model = await models.get(db, identifier, session)
        authorise(actor, rules.EDIT, model.business)
        check_rev(model, rev)
        draft = encoded(with_ids(written, frozenset(model.ids)))
        await record(db, session, actor, rules.EDIT.name, model, {"before": model.draft, "after": draft})
        return await models.replace(db, session, edited(model, {"draft": draft}))

    return await db.transact(work)


def as_written(schema: Schema) -> Schema:
    """Write a schema out as a draft is kept: no references, nothing left out that its types say.

    Raises Refused(invalid) with the place of a reference that loops or of what is too deep or too much.
    """
    written = check_bounds(schema, SCHEMA) or inline(schema)
    if isinstance(written, FieldError):
        error = FieldError(pointer=f"/schema{written.pointer}", expected=written.expected, got=written.got)
        raise Refused(CommonRefusal.INVALID, errors=[error])
    return completed(written)


async def read_model(db: Database, actor: Actor, identifier: str) -> ContentModel:
    """Give a model to the people of its business."""
    model = await models.get(db, identifier)
    authorise(actor, rules.READ, model.business)
    return model


async def list_models(
    db: Database, actor: Actor, *, business: str = "", layer: Layer | None = None, cursor: str, limit: int
) -> Page[ModelHead]:
    """List the models of the actor's businesses, without their drafts."""
    where = reach(actor, rules.READ, business)
    if layer:
        where["layer"] = layer
    return await heads.page(db, where, cursor=cursor, limit=limit, without=("draft", "ids"))


async def read_version(db: Database, actor: Actor, model: str, number: int) -> ModelVersion:
    """Give a published version to the people of its business."""
    version = await versions.get(db, version_id(model, number))
    authorise(actor, rules.READ, version.business)
    return version


async def list_versions(
    db: Database, actor: Actor, model: str, *, cursor: str, limit: int
) -> Page[ModelVersion]:
    """List the published versions of a model, newest first; each says what it changed."""
    await read_model(db, actor, model)
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else 0
    if cursor and not before:
        raise Refused(
            CommonRefusal.INVALID, errors=[FieldError(pointer="/cursor", expected="a cursor", got=cursor)]
        )
    where = {"model": model, **({"number": {"$lt": before}} if before else {})}
    found = await versions.collection(db).find(where, sort=[("number", -1)], limit=limit + 1)
    items = [from_doc(ModelVersion, doc) for doc in found[:limit]]
    return Page(items=items, next_cursor=str(items[-1].number) if len(found) > limit else None)


async def record(
    db: Database, session: Session, actor: Actor, action: str, model: ContentModel, data: dict[str, object]
) -> None:
    """Write what was done with a model into the audit trail."""
    await audit.record(db, session, actor, action, target=model.id, business=model.business, data=data)
