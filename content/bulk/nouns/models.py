"""Models as a noun: a file has their drafts. Publishing stays a decision of its own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content.bulk.noun import Fields, Noun, by, called
from content.models import rules
from content.models.actions.drafting import create_model, save_draft
from content.models.store import models
from content.models.views import NewModel, Schema
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.base import Document, Value
from schemas.models import ContentModel, Layer


class NewDraftModel(Value, frozen=True, kw_only=True):
    """A model with its draft."""

    business: str
    layer: Layer
    schema: Schema


class DraftEdit(Value, frozen=True, kw_only=True):
    """Another draft of a model."""

    schema: Schema | msgspec.UnsetType = msgspec.UNSET


async def _create(db: Database, actor: Actor, new: NewDraftModel) -> ContentModel:
    begun = await create_model(db, actor, NewModel(business=new.business, layer=new.layer))
    return await save_draft(db, actor, begun.id, new.schema, rev=begun.rev)


async def _change(db: Database, actor: Actor, identifier: str, edit: DraftEdit, *, rev: int) -> Document:
    assert edit.schema is not msgspec.UNSET  # a row that changes nothing is not carried out
    return await save_draft(db, actor, identifier, edit.schema, rev=rev)


async def _find(db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
    docs = await models.collection(db).find({"business": business}, projection={"layer": 1})
    known = {doc["layer"]: doc["_id"] for doc in docs}
    return [known.get(row.get("layer"), "") for row in rows]


def _shown(model: ContentModel, _business: str) -> dict[str, Any]:
    return {**msgspec.to_builtins(model), "schema": msgspec.json.decode(model.draft)}


MODELS = Noun(
    documents=models,
    read=rules.READ,
    new=NewDraftModel,
    edit=DraftEdit,
    create=_create,
    change=_change,
    shown=_shown,
    find=_find,
    keys=("layer",),
    told=("latest", "updated_at"),
    narrows=by("layer"),
    words=called("layer"),
)
