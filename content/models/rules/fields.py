"""The field types: what JSON Schema each stands for, which limits it takes, and how it can be found."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from schemas.models import FieldType as T

Schema = dict[str, Any]

MAX_TEXT = 5_000
MAX_RICH = 50_000
MAX_ITEMS = 200
MAX_CHOICES = 200
MAX_PATTERN = 200
MAX_FOUND_TEXT = 100
"""Longest text field whose values can be filtered by."""
MAX_INTEGER = (1 << 53) - 1
"""Largest integer that every JSON reader keeps exact."""


class Finding(StrEnum):
    """How documents are found by a field."""

    EQUAL = "equal"
    RANGE = "range"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A field type: keywords it always has, limits it may have (by their own schema), limits it needs."""

    fixed: Mapping[str, Any]
    limits: Mapping[str, Schema] = {}
    needs: tuple[str, ...] = ()
    finding: Finding | None = None
    searched: bool = False
    """Its words can be searched."""
    listed: bool = True
    """It may be the item of a list."""


def _bounds(most: int) -> dict[str, Schema]:
    length = {"type": "integer", "minimum": 0, "maximum": most}
    return {"minLength": length, "maxLength": {**length, "minimum": 1}}


def _reference(pattern: str) -> Kind:
    return Kind(fixed={"type": "string", "pattern": pattern}, finding=Finding.EQUAL)


def _range(of: str) -> dict[str, Schema]:
    bound = {"type": of, "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER}
    return {"minimum": bound, "maximum": bound}


_CHOICE = {"type": "string", "minLength": 1, "maxLength": 60}
_ENUM = {"type": "array", "items": _CHOICE, "minItems": 1, "maxItems": MAX_CHOICES, "uniqueItems": True}
_COUNT = {"type": "integer", "minimum": 0, "maximum": MAX_ITEMS}
_COUNTS: dict[str, Schema] = {"minItems": _COUNT, "maxItems": {**_COUNT, "minimum": 1}}
_DEGREES = {"lat": 90, "lon": 180}
_POINT = {
    "type": "object",
    "properties": {
        name: {"type": "number", "minimum": -most, "maximum": most} for name, most in _DEGREES.items()
    },
    "required": ["lat", "lon"],
    "additionalProperties": False,
}
_OBJECT_KEY = r"^[A-Za-z0-9_-]{1,40}(/[A-Za-z0-9][A-Za-z0-9._-]{0,80}){1,4}$"


def _identifier(prefix: str) -> str:
    return f"^{prefix}_[0-9a-z]{{1,40}}$"


KINDS: Mapping[T, Kind] = {
    T.TEXT: Kind(
        fixed={"type": "string"},
        limits={**_bounds(MAX_TEXT), "pattern": {"type": "string", "maxLength": MAX_PATTERN}},
        needs=("maxLength",),
        finding=Finding.EQUAL,
        searched=True,
    ),
    T.RICH_TEXT: Kind(
        fixed={"type": "string", "contentMediaType": "text/html"},
        limits=_bounds(MAX_RICH),
        needs=("maxLength",),
        searched=True,
        listed=False,
    ),
    T.INTEGER: Kind(fixed={"type": "integer"}, limits=_range("integer"), finding=Finding.RANGE),
    T.NUMBER: Kind(fixed={"type": "number"}, limits=_range("number"), finding=Finding.RANGE),
    T.BOOLEAN: Kind(fixed={"type": "boolean"}, finding=Finding.EQUAL, listed=False),
    T.DATE: Kind(fixed={"type": "string", "format": "date"}, finding=Finding.RANGE),
    T.TIME: Kind(
        fixed={"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"},
        finding=Finding.RANGE,
    ),
    T.CHOICE: Kind(fixed={"type": "string"}, limits={"enum": _ENUM}, needs=("enum",), finding=Finding.EQUAL),
    T.CHOICES: Kind(
        fixed={"type": "array", "uniqueItems": True},
        limits={
            **_COUNTS,
            "items": {
                "type": "object",
                "properties": {"type": {"const": "string"}, "enum": _ENUM},
                "required": ["type", "enum"],
                "additionalProperties": False,
            },
        },
        needs=("items", "maxItems"),
        finding=Finding.EQUAL,
        listed=False,
    ),
    T.URL: Kind(
        fixed={"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2_000}, searched=False
    ),
    T.IMAGE: Kind(fixed={"type": "string", "pattern": _OBJECT_KEY}),
    T.VIDEO: Kind(fixed={"type": "string", "pattern": _identifier("cnt")}),
    T.FILE: Kind(fixed={"type": "string", "pattern": _OBJECT_KEY}),
    T.PRODUCT: _reference(_identifier("prd")),
    T.STORE: _reference(_identifier("sto")),
    T.TAG_CATEGORY: _reference(_identifier("tag")),
    T.CREATOR: _reference(_identifier("crt")),
    T.GEO_POINT: Kind(fixed=_POINT),
    T.LIST: Kind(
        fixed={"type": "array"},
        limits={**_COUNTS, "uniqueItems": {"type": "boolean"}, "items": {"$ref": "#/$defs/item"}},
        needs=("items", "maxItems"),
        finding=Finding.EQUAL,
        listed=False,
    ),
    T.GROUP: Kind(
        fixed={"type": "object", "additionalProperties": False},
        limits={"properties": {"$ref": "#/$defs/fields"}, "required": {"$ref": "#/$defs/required"}},
        needs=("properties",),
    ),
}
"""Every field type. Sets of fields and references to others are checked beyond this, in `check`."""

REFERENCES = frozenset({T.IMAGE, T.VIDEO, T.FILE, T.PRODUCT, T.STORE, T.TAG_CATEGORY, T.CREATOR})
"""Types whose values name something that must be there."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a sound model."""

    key: str
    id: str
    type: T
    schema: Schema
    required: bool
    fields: "tuple[Field, ...]" = ()
    """Of a group, or of a list of groups."""

    @property
    def note(self) -> Schema:
        """What our vocabulary says of it."""
        said: Schema = self.schema["kaibo"]
        return said

    @property
    def item(self) -> Schema | None:
        """What a list holds."""
        return self.schema["items"] if self.type is T.LIST else None

    @property
    def item_type(self) -> T | None:
        """The type of what a list holds."""
        return T(self.schema["items"]["kaibo"]["type"]) if self.type is T.LIST else None

    @property
    def personal(self) -> bool:
        """Whether it, or a field in it, holds personal data."""
        return self.says("personal") or any(inner.personal for inner in self.fields)

    def says(self, flag: str) -> bool:
        """Tell whether a flag of the vocabulary is set."""
        return bool(self.note.get(flag, False))


def fields_of(schema: Schema) -> tuple[Field, ...]:
    """Read the fields of a sound schema, in their order."""
    required = schema.get("required", ())
    return tuple(_field(key, one, key in required) for key, one in schema["properties"].items())


def _field(key: str, schema: Schema, required: bool) -> Field:
    kind = T(schema["kaibo"]["type"])
    inner: tuple[Field, ...] = ()
    if kind is T.GROUP:
        inner = fields_of(schema)
    elif kind is T.LIST and schema["items"]["kaibo"]["type"] == T.GROUP:
        inner = fields_of(schema["items"])
    identifier = schema["kaibo"]["id"]
    return Field(key=key, id=identifier, type=kind, schema=schema, required=required, fields=inner)


def finding_of(field: Field) -> Finding | None:
    """Tell how documents can be found by a field; a list is found by its items when they are equal-able."""
    if field.type is T.LIST:
        inner = field.item_type
        held = KINDS[inner].finding if inner else None
        return Finding.EQUAL if held is Finding.EQUAL else None
    return KINDS[field.type].finding
