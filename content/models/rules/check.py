"""Whether a draft is sound: everything that is wrong with it, each with its place."""

import math
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from content.models.rules.bounds import SCHEMA, check_bounds
from content.models.rules.fields import KINDS, MAX_FOUND_TEXT, Field, Finding, Schema, fields_of, finding_of
from content.models.rules.metaschema import LINEAR, MAX_FIELDS, SOUND, validator
from content.models.rules.richtext import clean
from content.models.rules.told import pointer_of, show, told
from schemas.models import FieldType as T
from schemas.problems import FieldError

MAX_LEVELS = 3
"""Deepest that groups and lists stand in each other."""
MAX_EQUAL = 4
MAX_RANGES = 2
MAX_TOKENS = 64
"""Most index entries one document may get."""

Problem = FieldError
Path = tuple[str | int, ...]


def check(schema: Schema) -> list[Problem]:
    """List what keeps a schema from being published; none: it is sound."""
    if too_much := check_bounds(schema, SCHEMA):
        return [too_much]
    if problems := [*told(SOUND.iter_errors(schema)), *_patterns(schema)]:
        return problems
    fields = fields_of(schema)
    problems = [*_sets(schema, fields), *_each(fields, ("properties",), 1), *_finding(fields)]
    return problems or _defaults(fields, ("properties",))


def tokens_at_most(fields: tuple[Field, ...]) -> int:
    """Count the index entries a document may get: one for every set of equality fields with their values."""
    return math.prod(1 + (f.schema.get("maxItems", 1)) for f in equal_fields(fields))


def equal_fields(fields: tuple[Field, ...]) -> list[Field]:
    """Give the fields that are filtered by being equal, ordered by id."""
    return _found(fields, Finding.EQUAL)


def range_fields(fields: tuple[Field, ...]) -> list[Field]:
    """Give the fields that are filtered and sorted by their order, ordered by id."""
    return _found(fields, Finding.RANGE)


def _found(fields: tuple[Field, ...], how: Finding) -> list[Field]:
    chosen = [field for field in fields if field.says("filterable") and finding_of(field) is how]
    return sorted(chosen, key=lambda field: field.id)


def _patterns(schema: Schema) -> Iterator[Problem]:
    waiting: list[tuple[Any, Path]] = [(schema, ())]
    while waiting:
        one, path = waiting.pop()
        if isinstance(one, dict):
            pattern = one.get("pattern")
            if isinstance(pattern, str) and "kaibo" in one and not _compiles(pattern):
                expected = "a pattern without look-around and back-references that stays small when compiled"
                yield Problem(pointer=pointer_of((*path, "pattern")), expected=expected, got=show(pattern))
            waiting += [(inner, (*path, key)) for key, inner in one.items()]
        elif isinstance(one, list):
            waiting += [(inner, (*path, place)) for place, inner in enumerate(one)]


def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=LINEAR)
    except jsonschema_rs.ValidationError:
        return False
    return True


def _sets(schema: Schema, fields: tuple[Field, ...]) -> Iterator[Problem]:
    """Check what concerns all fields together: how many, each id once."""
    seen: dict[str, Path] = {}
    for field, path in walk(fields, ("properties",)):
        if field.id in seen:
            where = pointer_of((*path, "kaibo", "id"))
            yield Problem(pointer=where, expected="an id no other field has", got=field.id)
        seen[field.id] = path
    if len(seen) > MAX_FIELDS:
        yield Problem(pointer="/properties", expected=f"at most {MAX_FIELDS} fields", got=str(len(seen)))
    yield from _required(schema, ())


def walk(fields: tuple[Field, ...], path: Path) -> Iterator[tuple[Field, Path]]:
    """Go through fields and the fields inside them, each with its path in the schema."""
    for field in fields:
        own = (*path, field.key)
        yield field, own
        inner = (*own, "items", "properties") if field.type is T.LIST else (*own, "properties")
        yield from walk(field.fields, inner)


def tag_categories(fields: tuple[Field, ...]) -> Iterator[tuple[str, str]]:
    """Give the tag categories that fields name, each with its place."""
    for field, path in walk(fields, ("properties",)):
        shown, at = (field.item, (*path, "items")) if field.item else (field.schema, path)
        if category := shown["kaibo"].get("category"):
            yield pointer_of((*at, "kaibo", "category")), category


def _required(schema: Schema, path: Path) -> Iterator[Problem]:
    for place, name in enumerate(schema.get("required", ())):
        if name not in schema["properties"]:
            where = pointer_of((*path, "required", place))
            yield Problem(pointer=where, expected="the name of a field", got=show(name))


def _each(fields: tuple[Field, ...], path: Path, level: int) -> Iterator[Problem]:
    for field in fields:
        own = (*path, field.key)
        yield from _one(field, own)
        if field.type in (T.GROUP, T.LIST) and level > MAX_LEVELS:
            yield Problem(
                pointer=pointer_of(own), expected=f"at most {MAX_LEVELS} groups and lists in each other"
            )
            continue
        if field.fields or field.type is T.GROUP:
            within = (*own, "items") if field.type is T.LIST else own
            holder = field.schema["items"] if field.type is T.LIST else field.schema
            yield from _required(holder, within)
            yield from _each(field.fields, (*within, "properties"), level + 1)


def _one(field: Field, path: Path) -> Iterator[Problem]:
    holder = field.schema
    for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")):
        if low in holder and high in holder and holder[low] > holder[high]:
            yield Problem(
                pointer=pointer_of((*path, low)), expected=f"at most {holder[high]}", got=str(holder[low])
            )
    shown, at = (holder["items"], (*path, "items")) if field.type is T.LIST else (holder, path)
    kind = T(shown["kaibo"]["type"])
    named = set(shown["kaibo"].get("choices", {}))
    options = _options(shown, kind)
    suggested = named if field.type is T.LIST and kind is T.TEXT else set()
    for name in sorted(named - set(options) - suggested):
        where = pointer_of((*at, "kaibo", "choices", name))
        yield Problem(pointer=where, expected="one of the choices", got=name)
    if kind is not T.TAG_CATEGORY and "category" in shown["kaibo"]:
        yield Problem(pointer=pointer_of((*at, "kaibo", "category")), expected="no such field")


def _options(shown: Schema, kind: T) -> list[str]:
    if kind is T.CHOICE:
        return list(shown["enum"])
    return list(shown["items"]["enum"]) if kind is T.CHOICES else []


def _finding(fields: tuple[Field, ...]) -> Iterator[Problem]:
    for field, path in walk(fields, ("properties",)):
        note = (*path, "kaibo")
        if field.says("personal"):
            for flag in ("searchable", "filterable"):
                if field.says(flag):
                    where = pointer_of((*note, flag))
                    yield Problem(pointer=where, expected="false: personal data is not put into an index")
        if field.says("searchable") and not _searched(field):
            yield Problem(
                pointer=pointer_of((*note, "searchable")), expected="false: only texts are searched"
            )
        if field.says("filterable"):
            if len(path) != 2:
                where = pointer_of((*note, "filterable"))
                yield Problem(pointer=where, expected="false: only fields outside of groups are filtered by")
            elif (why := _not_filtered(field)) is not None:
                yield Problem(pointer=pointer_of((*note, "filterable")), expected=why)
    equal, ranges = equal_fields(fields), range_fields(fields)
    for chosen, most, what in ((equal, MAX_EQUAL, "by value"), (ranges, MAX_RANGES, "by range")):
        for field in chosen[most:]:
            where = pointer_of(("properties", field.key, "kaibo", "filterable"))
            yield Problem(
                pointer=where, expected=f"at most {most} fields filtered {what}", got=str(len(chosen))
            )
    if len(equal) <= MAX_EQUAL and (tokens := tokens_at_most(fields)) > MAX_TOKENS:
        several = [field for field in equal if "maxItems" in field.schema]
        where = pointer_of(("properties", several[0].key, "maxItems"))
        yield Problem(
            pointer=where, expected=f"at most {MAX_TOKENS} index entries a document", got=str(tokens)
        )


def _searched(field: Field) -> bool:
    kind = field.item_type or field.type
    return KINDS[kind].searched


def _not_filtered(field: Field) -> str | None:
    if finding_of(field) is None:
        return f"false: a field of type {field.type} is not filtered by"
    shown = field.item or field.schema
    if shown["kaibo"]["type"] == T.TEXT and shown["maxLength"] > MAX_FOUND_TEXT:
        return f"false: only texts of at most {MAX_FOUND_TEXT} characters are filtered by"
    return None


def _defaults(fields: tuple[Field, ...], path: Path) -> list[Problem]:
    """Check defaults against their own field, once the schema is known to be sound."""
    problems: list[Problem] = []
    for field, own in walk(fields, path):
        if "default" not in field.schema:
            continue
        under = pointer_of((*own, "default"))
        if field.fields or field.type is T.GROUP:
            problems.append(Problem(pointer=under, expected="no such field: give its inner fields a default"))
            continue
        given = field.schema["default"]
        problems += told(validator(field.schema).iter_errors(given), under)
        if field.type is T.RICH_TEXT and isinstance(given, str) and clean(given) != given:
            problems.append(Problem(pointer=under, expected="rich text of the allowed tags", got=show(given)))
    return problems
