"""What an action takes: the fields of its struct as JSON Schema, with their limits."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from content.models.rules.fields import Schema


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a struct, references written out; `required`: those that it can't do without."""

    fields: Mapping[str, Schema] = {}
    required: frozenset[str] = frozenset()


@cache
def taken(struct: type[msgspec.Struct] | None) -> Taken:
    """Read what a struct takes; None: nothing."""
    if struct is None:
        return Taken()
    whole = msgspec.json.schema(struct)
    known = whole.get("$defs", {})
    own = known[struct.__name__] if "$ref" in whole else whole
    return Taken(
        fields={name: _written_out(one, known) for name, one in own["properties"].items()},
        required=frozenset(own["required"]),
    )


def _written_out(schema: Any, known: Mapping[str, Schema]) -> Any:
    """Put what is referred to in its place; of "this or null" give this."""
    if isinstance(schema, list):
        return [_written_out(one, known) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        found = known[schema["$ref"].removeprefix("#/$defs/")]
        return _written_out({**found, **{word: one for word, one in schema.items() if word != "$ref"}}, known)
    made = {word: _written_out(one, known) for word, one in schema.items()}
    if "anyOf" in made:
        others = [one for one in made.pop("anyOf") if one != {"type": "null"}]
        made = {**others[0], **made, "nullable": True} if len(others) == 1 else {**made, "anyOf": others}
    return made
