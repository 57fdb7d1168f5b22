"""Cells of a table and the values they stand for.

A struct is laid out flat: `price.amount` is a column. Lists of texts are written `a|b`, anything deeper as
JSON. What a spreadsheet would run as a formula is kept from it by an apostrophe, which is taken away again.
"""

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that spreadsheets take for a formula (OWASP, CSV injection)."""
BETWEEN = "|"
Fields = Mapping[str, Any]


def neutral(text: str) -> str:
    """Keep a text from being a formula; one that begins with an apostrophe itself is marked too."""
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def natural(text: str) -> str:
    """Take the mark away."""
    marked = text.startswith("'") and text[1:2] in ("'", *FORMULA)
    return text[1:] if marked else text


def cell(value: Any) -> str:
    """Write a value into a cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return neutral(value)
        case [] | {}:
            return ""
        case [*items] if all(isinstance(one, str) and one and BETWEEN not in one for one in items):
            plain = BETWEEN.join(items)
            return neutral(plain) if not plain.startswith("[") else msgspec.json.encode(items).decode()
        case _:
            return msgspec.json.encode(value).decode()


def reader(hint: Any) -> Callable[[str], Any]:
    """Make what reads the cells of a field of that type.

    UNSET: the cell says nothing. It raises ValueError for JSON that isn't.
    """
    kinds = list(_kinds(hint))
    listed = list in kinds
    deep = any(kind in (list, dict) or _is_struct(kind) for kind in kinds)

    def read(text: str) -> Any:
        text = natural(text.strip())
        if not text:
            return _nothing(kinds)
        if listed and not text.startswith("["):
            return [part.strip() for part in text.split(BETWEEN) if part.strip()]
        if deep and text[0] in "[{":
            return msgspec.json.decode(text)
        return text

    return read


def _nothing(kinds: list[Any]) -> Any:
    """Say what an empty cell means: what empties the field, where that is possible."""
    if type(None) in kinds:
        return None
    if list in kinds:
        return []
    if str in kinds:
        return ""
    return msgspec.UNSET


def _kinds(hint: Any) -> Iterator[Any]:
    """Give the plain types a type is one of."""
    if hint is msgspec.UnsetType:
        return
    if (metadata := getattr(hint, "__metadata__", None)) is not None:
        bounds = [one for one in metadata if isinstance(one, msgspec.Meta)]
        needed = any((one.min_length or 0) > 0 or one.pattern for one in bounds)
        for kind in _kinds(get_args(hint)[0]):
            if not (needed and kind is str):
                yield kind
    elif get_origin(hint) in (Union, types.UnionType):
        for part in get_args(hint):
            yield from _kinds(part)
    else:
        yield get_origin(hint) or hint


def choices(hint: Any) -> list[str]:
    """Give the values a field is chosen from; none: it is not."""
    found: list[str] = []
    for kind in _kinds(hint):
        if isinstance(kind, type) and issubclass(kind, Enum):
            found += [str(one.value) for one in kind]
        elif kind is Literal:
            found += [str(getattr(one, "value", one)) for one in _literals(hint)]
    return found


def _literals(hint: Any) -> Iterator[Any]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    else:
        for part in get_args(hint):
            yield from _literals(part)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def columns(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Give the columns a struct is laid out in, each with its type."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        inner = [one for one in _kinds(field.type) if _is_struct(one)]
        if inner and list not in list(_kinds(field.type)):
            below = columns(inner[0])
            found |= {f"{field.name}.{name}": hint for name, hint in below.items()}
        else:
            found[field.name] = field.type
    return found


def flat(fields: Fields, wanted: Iterable[str]) -> list[Any]:
    """Give the values of columns, out of nested fields."""
    return [_at(fields, name.split(".")) for name in wanted]


def _at(inside: Any, way: list[str]) -> Any:
    for step in way:
        if not isinstance(inside, Mapping):
            return None
        inside = inside.get(step)
    return inside


def nested(given: Mapping[str, Any]) -> dict[str, Any]:
    """Put columns back into nested fields; what says nothing is left out."""
    tree: dict[str, Any] = {}
    for name, one in given.items():
        if one is msgspec.UNSET:
            continue
        if "." not in name:
            tree[name] = one
            continue
        *above, last = name.split(".")
        inside = tree
        for step in above:
            below = inside.setdefault(step, {})
            if not isinstance(below, dict):
                break
            inside = below
        else:
            inside[last] = one
    return tree
