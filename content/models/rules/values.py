"""Values under a model: defaults put in, rich text cleaned, all else as it came or refused at its place."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from content.models.rules.bounds import VALUES, check_bounds
from content.models.rules.compiled import Compiled
from content.models.rules.fields import REFERENCES, Field
from content.models.rules.richtext import clean
from content.models.rules.told import pointer_of, told
from schemas.models import FieldType as T
from schemas.problems import FieldError

MAX_BYTES = 64 * 1024
Path = tuple[str | int, ...]


class Reference(msgspec.Struct, frozen=True):
    """A value that names something: which type, which id, where it stands, and of which tag category."""

    type: T
    id: str
    pointer: str
    category: str = ""


def fitted(
    model: Compiled, given: Mapping[str, Any], under: str = "", most: int = MAX_BYTES
) -> tuple[dict[str, Any], list[FieldError]]:
    """Give the values as they are to be stored, and what is wrong with them; `most` bytes in all."""
    if too_much := check_bounds(given, VALUES, under):
        return {}, [too_much]
    values = _prepared(model.fields, given)
    errors = told(model.validator.iter_errors(values), under)
    if not errors and len(msgspec.json.encode(values)) > most:
        errors = [FieldError(pointer=under, expected=f"at most {most} bytes in all")]
    return values, errors


def _prepared(fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Put in defaults, clean rich text; fields in the order of the model, unknown ones last."""
    values: dict[str, Any] = {}
    for field in fields:
        if field.key in given:
            values[field.key] = _one(field, given[field.key])
        elif "default" in field.schema:
            values[field.key] = field.schema["default"]
    return values | {key: value for key, value in given.items() if key not in values}


def _one(field: Field, value: Any) -> Any:
    if field.type is T.RICH_TEXT and isinstance(value, str):
        return clean(value)
    if field.type is T.GROUP and isinstance(value, dict):
        return _prepared(field.fields, value)
    if field.fields and isinstance(value, list):
        return [_prepared(field.fields, one) if isinstance(one, dict) else one for one in value]
    return value


def references(fields: tuple[Field, ...], values: Mapping[str, Any], path: Path = ()) -> Iterator[Reference]:
    """Give everything that fitting values name."""
    for field in fields:
        kind = field.item_type or field.type
        if field.key not in values or (kind not in REFERENCES and kind is not T.GROUP):
            continue
        value, own = values[field.key], (*path, field.key)
        shown = field.item or field.schema
        several = enumerate(value) if field.type is T.LIST else None
        for place, one in several if several is not None else ((None, value),):
            at = own if place is None else (*own, place)
            if kind in REFERENCES:
                yield Reference(kind, one, pointer_of(at), shown["kaibo"].get("category", ""))
            elif kind is T.GROUP:
                yield from references(field.fields, one, at)
