"""What a validator found, told as values with their place: pointer, expected, got."""

from collections.abc import Iterable, Sequence
from typing import Any

import jsonschema_rs
import msgspec

from schemas.problems import FieldError

MAX_TOLD = 50
"""Most errors told at once."""
_SHOWN = 60
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} fields",
    "maxProperties": "at most {} fields",
    "multipleOf": "a multiple of {}",
    "pattern": "text matching {}",
    "format": "a {}",
    "const": "{}",
    "type": "{}",
}


def pointer_of(path: Iterable[str | int]) -> str:
    """Write a path as a pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def told(errors: Iterable[jsonschema_rs.ValidationError], under: str = "") -> list[FieldError]:
    """Tell errors with the place of each offending value, below the pointer `under`, each place once."""
    found: dict[str, FieldError] = {}
    for error in errors:
        for one in _one(error, under):
            found.setdefault(one.pointer, one)
        if len(found) >= MAX_TOLD:
            break
    return sorted(found.values(), key=lambda one: one.pointer)


def _one(error: jsonschema_rs.ValidationError, under: str) -> list[FieldError]:
    place = under + pointer_of(error.instance_path)
    kind, said = error.kind.name, error.kind.as_dict()
    if kind == "required":
        return [FieldError(pointer=f"{place}{pointer_of([said['property']])}", expected="a value")]
    if kind in ("additionalProperties", "unevaluatedProperties"):
        names: Sequence[str] = said["unexpected"]
        return [
            FieldError(pointer=f"{place}{pointer_of([name])}", expected="no such field") for name in names
        ]
    if kind == "propertyNames":
        name = str(said["error"].instance)
        return [
            FieldError(
                pointer=f"{place}{pointer_of([name])}", expected="a name of a-z, 0-9 and _", got=show(name)
            )
        ]
    if kind == "uniqueItems":
        return [FieldError(pointer=place, expected="no item twice")]
    if kind == "enum":
        options = ", ".join(show(option) for option in said["options"][:10])
        return [FieldError(pointer=place, expected=f"one of {options}", got=show(error.instance))]
    bound = next(iter(said.values()), "")
    if kind == "type":
        bound = " or ".join(said["types"]) if "types" in said else bound
    expected = _LIMITS.get(kind, kind).format(show(bound) if kind == "const" else bound)
    return [FieldError(pointer=place, expected=expected, got=show(error.instance))]


def show(value: Any) -> str:
    """Write a value so that a person recognises it, shortened."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
