"""Imported schemas written out: a local `$ref` becomes what it leads to; no loops, nothing remote."""

from typing import Any

import msgspec

from content.models.rules.bounds import SCHEMA
from content.models.rules.fields import KINDS, Schema
from content.models.rules.told import pointer_of, show
from schemas.models import FieldType as T
from schemas.problems import FieldError

Path = tuple[str | int, ...]


class _No(Exception):
    def __init__(self, path: Path, expected: str, got: str) -> None:
        self.error = FieldError(pointer=pointer_of(path), expected=expected, got=show(got))
        super().__init__(expected)


def inline(schema: Schema) -> Schema | FieldError:
    """Write out every `$ref`; tell the place of one that loops, leads nowhere or outside, or grows a lot."""
    writer = _Writer(schema)
    try:
        written: Schema = writer.write({key: one for key, one in schema.items() if key != "$defs"}, (), ())
    except _No as no:
        return no.error
    return written


class _Writer:
    """Writes one schema out; counts what it writes, for references can double and double again."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._written = 0

    def write(self, value: Any, path: Path, through: tuple[str, ...]) -> Any:
        self._written += 1
        if self._written > SCHEMA.nodes:
            raise _No(path, f"a schema of at most {SCHEMA.nodes} values, written out", "more")
        if len(path) + len(through) > SCHEMA.depth:
            raise _No(path, f"at most {SCHEMA.depth} levels, references among them", "more")
        if isinstance(value, list):
            return [self.write(one, (*path, place), through) for place, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if "$ref" not in value:
            return {key: self.write(one, (*path, key), through) for key, one in value.items()}
        target = self._follow(value["$ref"], (*path, "$ref"), through)
        beside = {key: one for key, one in value.items() if key != "$ref"}
        led = self.write(target, path, (*through, value["$ref"]))
        if not isinstance(led, dict):
            raise _No((*path, "$ref"), "a reference to a schema", str(value["$ref"]))
        return _merged(led, self.write(beside, path, through))

    def _follow(self, ref: Any, path: Path, through: tuple[str, ...]) -> Any:
        if not isinstance(ref, str) or not ref.startswith("#/"):
            raise _No(path, "a reference inside this document: #/$defs/…", str(ref))
        if ref in through:
            raise _No(path, "a schema that does not lead back to itself", ref)
        target: Any = self._root
        for step in ref.removeprefix("#/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or name not in target:
                raise _No(path, "a reference that leads somewhere", ref)
            target = target[name]
        return target


def _merged(led: Schema, beside: Schema) -> Schema:
    """Put keywords beside a `$ref` over those it leads to; what our vocabulary says is joined."""
    note = (
        {**led.get("kaibo", {}), **beside.get("kaibo", {})} if "kaibo" in led or "kaibo" in beside else None
    )
    return {**led, **beside, **({} if note is None else {"kaibo": note})}


def completed(schema: Schema) -> Schema:
    """Put in what follows from the type of each field, where it is left out."""
    made = {key: _completed(one) for key, one in schema.items()}
    note = made.get("kaibo")
    named = note.get("type") if isinstance(note, dict) else None
    if not isinstance(named, str) or named not in tuple(T):
        return made
    held = made.get("items")
    if named == T.CHOICES and isinstance(held, dict) and "type" not in held:
        made["items"] = {"type": "string", **held}
    return {key: one for key, one in KINDS[T(named)].fixed.items() if key not in made} | made


def _completed(value: Any) -> Any:
    if isinstance(value, list):
        return [_completed(one) for one in value]
    return completed(value) if isinstance(value, dict) else value


def with_ids(schema: Schema, taken: frozenset[str]) -> Schema:
    """Give every field that has no id one that no other field has or had."""
    used = set(taken) | set(_ids(schema))

    def fill(fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        return {key: one_field(key, one) for key, one in fields.items()}

    def one_field(key: str, one: Any) -> Any:
        if not isinstance(one, dict) or not isinstance(one.get("kaibo"), dict):
            return one
        note = one["kaibo"] if "id" in one["kaibo"] else {"id": _unused(key, used), **one["kaibo"]}
        return inside({**one, "kaibo": note})

    def inside(one: Schema) -> Schema:
        if "properties" in one and one.get("kaibo", {}).get("type") in (None, "group"):
            one = {**one, "properties": fill(one["properties"])}
        if isinstance(one.get("items"), dict) and isinstance(one["items"].get("kaibo"), dict):
            one = {**one, "items": inside(one["items"])}
        return one

    return inside(schema)


def _unused(key: str, used: set[str]) -> str:
    name, number = key[:34], 1
    while name in used:
        number += 1
        name = f"{key[:34]}_{number}"
    used.add(name)
    return name


def _ids(value: Any) -> list[str]:
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            note = one.get("kaibo")
            if isinstance(note, dict) and isinstance(note.get("id"), str):
                found.append(note["id"])
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def encoded(schema: Schema) -> str:
    """Write a schema as text; the same schema is always the same text."""
    return msgspec.json.encode(schema).decode()
