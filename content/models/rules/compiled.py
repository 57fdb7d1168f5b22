"""A published text, made ready: its fields and its validator, kept by text because versions never change."""

import hashlib
from functools import lru_cache

import jsonschema_rs
import msgspec

from content.models.rules.check import equal_fields, range_fields, walk
from content.models.rules.fields import REFERENCES, Field, Schema, fields_of
from content.models.rules.metaschema import validator

KEPT = 512


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A sound model, ready to check and to find by."""

    schema: Schema
    fields: tuple[Field, ...]
    validator: jsonschema_rs.Draft202012Validator
    equal: list[Field]
    ranges: list[Field]
    naming: tuple[Field, ...]
    """Those whose values may name something."""
    told: frozenset[str]
    """Keys of those that hold nothing personal."""
    mark: str
    """The same for versions whose documents are found in the same way."""


@lru_cache(maxsize=KEPT)
def compiled(text: str) -> Compiled:
    """Make a sound model ready."""
    schema: Schema = msgspec.json.decode(text)
    fields = fields_of(schema)
    equal, ranges = equal_fields(fields), range_fields(fields)
    searched = [field.id for field, _ in walk(fields, ()) if field.says("searchable")]
    found = [[field.id for field in equal], [field.id for field in ranges], searched]
    mark = hashlib.sha256(msgspec.json.encode(found)).hexdigest()[:8]
    return Compiled(
        schema=schema,
        fields=fields,
        validator=validator(schema),
        equal=equal,
        ranges=ranges,
        naming=tuple(field for field in fields if _names(field)),
        told=frozenset(field.key for field in fields if not field.personal),
        mark=mark,
    )


def _names(field: Field) -> bool:
    return (field.item_type or field.type) in REFERENCES or any(_names(inner) for inner in field.fields)
