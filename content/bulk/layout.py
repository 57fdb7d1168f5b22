"""The columns of a noun in a business: what the API's bodies have, and its extension fields."""

from typing import Any

import msgspec

from content.bulk.noun import Noun
from content.bulk.planning import OWN
from content.bulk.rules import cells
from content.bulk.rules.labels import Column, label
from content.models.rules.compiled import compiled
from content.models.store import models, version_id, versions
from infra.mongo import Database
from schemas.models import Layer

EXT = "ext"
"""All extension fields in one, as JSON lines have them."""


async def columns_of(db: Database, noun: Noun, business: str) -> list[Column]:
    """List what a file of the noun may have."""
    new, edit = cells.columns(noun.new), cells.columns(noun.edit)
    needed = {field.name for field in msgspec.structs.fields(noun.new) if field.required}
    names = [name for name in {**OWN, **new, **edit} if name != "business"]
    written = [
        Column(
            name=name,
            zh=label(name)[0],
            en=label(name)[1],
            needed=name.split(".")[0] in needed and not name.endswith(".currency"),
            fixed=name in new and name not in edit,
        )
        for name in names
    ]
    told = [
        Column(name=name, zh=label(name)[0], en=label(name)[1], written=False)
        for name in noun.told
        if name not in names
    ]
    extended = await _extensions(db, noun, business) if noun.layers else []
    return [*written, *extended, *told]


async def _extensions(db: Database, noun: Noun, business: str) -> list[Column]:
    found = {EXT: Column(name=EXT, zh="扩展字段", en="Extension fields")}
    for layer in noun.layers:
        for field, said in await _fields(db, business, layer):
            name = f"ext.{field}"
            found.setdefault(name, Column(name=name, zh=said["zh"], en=said["en"]))
    return list(found.values())


async def _fields(db: Database, business: str, layer: Layer) -> list[tuple[str, dict[str, Any]]]:
    model = await models.find(db, {"business": business, "layer": layer})
    if model is None or not model.latest:
        return []
    version = await versions.get(db, version_id(model.id, model.latest))
    fields = compiled(version.text).fields
    return [(field.key, field.schema["kaibo"]["label"]) for field in fields]
