"""Extension fields of documents: read beside the newest version, written under it."""

from typing import Any

import msgspec

from content import audit
from content.authority import authorise
from content.documents import check_rev, edited
from content.models import rules
from content.models.layers import Modelled, anchor_of, find_document, layer_of, replace_document
from content.models.moving import Versions, found_by, move
from content.models.ports import Kinds, missing
from content.models.rules import ModelRefusal
from content.models.rules.changes import changes
from content.models.rules.compiled import compiled
from content.models.rules.values import fitted, references
from content.models.store import keep_facets, of_layer, version_id, versions
from content.models.views import ExtensionView, Values
from content.publishing.keeping import keep_face
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.models import Layer, ModelVersion
from schemas.problems import FieldError, Refused


async def read_extension(db: Database, actor: Actor, identifier: str) -> ExtensionView:
    """Give a document's extension fields to the people of its business."""
    document = await find_document(db, identifier)
    authorise(actor, rules.READ, document.business)
    return await _show(db, document)


async def write_extension(
    db: Database, kinds: Kinds, actor: Actor, identifier: str, given: Values, *, rev: int
) -> ExtensionView:
    """Replace a document's extension fields under the newest version.

    For operators of its business and its anchor. Raises Refused(no_model, values_do_not_fit).
    """
    document = await find_document(db, identifier)
    authorise(actor, rules.WRITE, document.business, await anchor_of(db, document))
    version = await newest(db, document)
    if version is None:
        raise Refused(ModelRefusal.NO_MODEL, layer=layer_of(document))
    model = compiled(version.text)
    ext, errors = fitted(model, given)
    if not errors:
        errors = await missing(kinds, document.business, list(references(model.fields, ext)))
    if errors:
        raise Refused(ModelRefusal.VALUES_DO_NOT_FIT, version=version.id, errors=_under_ext(errors))

    async def work(session: Session) -> Modelled:
        return await store_extension(db, session, actor, identifier, version, ext, rev=rev)

    return await _show(db, await db.transact(work))


async def store_extension(
    db: Database,
    session: Session,
    actor: Actor,
    identifier: str,
    version: ModelVersion,
    ext: Values,
    *,
    rev: int = 0,
) -> Modelled:
    """Keep values that fit a version, with what the document is found by; the caller has authorised it."""
    current = await find_document(db, identifier, session)
    check_rev(current, rev)
    written = await replace_document(db, session, edited(current, {"ext": ext, "model": version.id}))
    await keep_facets(db, session, [found_by(version, identifier, ext)], anew=not current.model)
    await keep_face(db, session, actor, current, written)
    told = {"ext": (told_of(version, current.ext), told_of(version, ext))}
    data = {"model": version.id}
    await audit.record(
        db,
        session,
        actor,
        rules.WRITE.name,
        target=identifier,
        business=current.business,
        data=data,
        told=told,
    )
    return written


async def newest(db: Database, document: Modelled) -> ModelVersion | None:
    """Give the newest version for a document; None: its layer has none."""
    return await newest_of(db, document.business, layer_of(document))


async def newest_of(db: Database, business: str, layer: Layer) -> ModelVersion | None:
    """Give the newest version of a business's layer; None: it has none."""
    model = await of_layer(db, business, layer)
    if model is None or not model.latest:
        return None
    return await versions.get(db, version_id(model.id, model.latest))


async def _show(db: Database, document: Modelled) -> ExtensionView:
    latest = await newest(db, document)
    view = ExtensionView(
        document=document.id,
        rev=document.rev,
        layer=layer_of(document),
        ext=document.ext,
        model=document.model,
        latest=latest.id if latest else "",
    )
    if not document.model or latest is None:
        return view
    old, new = await Versions(db).compiled(document.model), compiled(latest.text)
    moved = move(document.ext, old, new)
    known = {field.key for field in old.fields}
    return msgspec.structs.replace(
        view,
        carried=moved.ext,
        errors=moved.errors,
        changes=changes(old.schema, new.schema),
        unknown=[name for name in document.ext if name not in known],
    )


def _under_ext(errors: list[FieldError]) -> list[FieldError]:
    return [msgspec.structs.replace(one, pointer=f"/ext{one.pointer}") for one in errors]


def told_of(version: ModelVersion, ext: dict[str, Any]) -> dict[str, Any]:
    """Give what the audit trail may keep: personal data is named there, not told."""
    told = compiled(version.text).told
    return {name: value if name in told else "…" for name, value in ext.items()}
