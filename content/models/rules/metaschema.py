"""The meta-schema of models: JSON Schema 2020-12, narrowed to our field types, with our vocabulary.

`python -m content.models.rules.metaschema` prints it; `docs/schemas/content-model.json` is that print.
"""

import json
import sys
from typing import Any

import jsonschema_rs

from content.models.rules.fields import KINDS, Kind, Schema
from schemas.models import FieldType

META_ID = "urn:kaibo:schema:content-model:1"
VOCABULARY = "urn:kaibo:vocab:fields:1"
DRAFT = "https://json-schema.org/draft/2020-12"
KEY = "^[a-z][a-z0-9_]{0,39}$"
MAX_FIELDS = 100

_TEXT_PAIR = {"type": "object", "required": ["zh", "en"], "additionalProperties": False}


def _said(most: int) -> Schema:
    """A text in both languages."""
    text = {"type": "string", "minLength": 1, "maxLength": most}
    return {**_TEXT_PAIR, "properties": {"zh": text, "en": text}}


def _object(properties: dict[str, Any], *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_OF_CHOICES = {"type": "object", "additionalProperties": _said(40)}
_NOTE = {
    "id": {"type": "string", "pattern": KEY},
    "type": {"enum": list(FieldType)},
    "label": _said(40),
    "help": _said(300),
    "unit": {"type": "string", "maxLength": 16},
    "searchable": {"type": "boolean"},
    "filterable": {"type": "boolean"},
    "listed": {"type": "boolean"},
    "personal": {"type": "boolean"},
    "choices": _OF_CHOICES,
    "category": {"type": "string", "pattern": "^[a-z]{3}_[0-9a-z]{1,40}$"},
}
_ITEM_TYPES = [name for name, kind in KINDS.items() if kind.listed]
_ITEM_NOTE = {"type": {"enum": _ITEM_TYPES}, "choices": _OF_CHOICES, "category": _NOTE["category"]}


def _of_type(name: FieldType, kind: Kind) -> Schema:
    """Say what follows for a field, or the item of a list, that is of this type."""
    is_of_type = {"properties": {"kaibo": {"properties": {"type": {"const": name}}, "required": ["type"]}}}
    allowed = {key: {"const": value} for key, value in kind.fixed.items()}
    own = {**allowed, **kind.limits, "default": {}, "kaibo": {}}
    return {
        "if": {**is_of_type, "required": ["kaibo"]},
        "then": _object(own, *kind.fixed, *kind.needs),
    }


def metaschema() -> Schema:
    """Make the meta-schema."""
    of_types = [_of_type(name, kind) for name, kind in KINDS.items()]
    of_items = [_of_type(name, KINDS[name]) for name in _ITEM_TYPES]
    return {
        "$schema": f"{DRAFT}/schema",
        "$id": META_ID,
        "$vocabulary": {
            f"{DRAFT}/vocab/core": True,
            f"{DRAFT}/vocab/applicator": True,
            f"{DRAFT}/vocab/validation": True,
            f"{DRAFT}/vocab/format-assertion": True,
            f"{DRAFT}/vocab/content": True,
            VOCABULARY: True,
        },
        "title": "Content model",
        "description": "Extension fields of a business's rooms, programs or contents.",
        **_object(
            {
                "$schema": {"const": META_ID},
                "title": {"type": "string", "maxLength": 60},
                "description": {"type": "string", "maxLength": 500},
                "type": {"const": "object"},
                "properties": {"$ref": "#/$defs/fields"},
                "required": {"$ref": "#/$defs/required"},
                "additionalProperties": {"const": False},
            },
            *("$schema", "type", "properties", "additionalProperties"),
        ),
        "$defs": {
            "fields": {
                "type": "object",
                "propertyNames": {"pattern": KEY},
                "additionalProperties": {"$ref": "#/$defs/field"},
                "maxProperties": MAX_FIELDS,
            },
            "required": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            "field": {
                "type": "object",
                "properties": {"kaibo": _object(_NOTE, "id", "type", "label")},
                "required": ["kaibo"],
                "allOf": of_types,
            },
            "item": {
                "type": "object",
                "properties": {"kaibo": _object(_ITEM_NOTE, "type")},
                "required": ["kaibo"],
                "allOf": of_items,
            },
        },
    }


REGISTRY = jsonschema_rs.Registry([(META_ID, metaschema())])
LINEAR = jsonschema_rs.RegexOptions(size_limit=1 << 20)
"""Patterns run in time linear in the text; one that grows large when compiled is refused."""


def validator(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """Compile a sound model, or the meta-schema itself; raises ValidationError where a pattern is bad."""
    return jsonschema_rs.Draft202012Validator(
        schema,
        registry=REGISTRY,
        vocabularies=[VOCABULARY],
        validate_formats=True,
        pattern_options=LINEAR,
        offline=True,
    )


SOUND = validator(metaschema())
"""Validates drafts."""

if __name__ == "__main__":
    json.dump(metaschema(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
