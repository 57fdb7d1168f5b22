"""Bounds on any JSON that comes from outside, checked without recursion before anything else looks at it."""

from typing import Any

import msgspec

from content.models.rules.fields import MAX_INTEGER
from content.models.rules.told import pointer_of, show
from schemas.problems import FieldError


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much is taken."""

    depth: int
    nodes: int
    operators: bool = False
    """Names beginning with `$` are taken (a schema has them; values never)."""


SCHEMA = Bounds(depth=24, nodes=20_000, operators=True)
VALUES = Bounds(depth=8, nodes=5_000)


def check_bounds(value: Any, bounds: Bounds, under: str = "") -> FieldError | None:
    """Tell the first place that is too deep, too much, or named like an operator of the database."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    seen = 0
    while waiting:
        one, path = waiting.pop()
        seen += 1
        place = under + pointer_of(path)
        if isinstance(one, dict | list) and seen + len(waiting) + len(one) > bounds.nodes:
            return FieldError(pointer=place, expected=f"at most {bounds.nodes} values in all")
        if isinstance(one, dict | list) and len(path) >= bounds.depth:
            return FieldError(pointer=place, expected=f"at most {bounds.depth} levels")
        if isinstance(one, dict):
            for key in one:
                if not bounds.operators and (key.startswith("$") or "." in key or "\0" in key):
                    expected = "a name without $, dots and zeros"
                    return FieldError(pointer=place + pointer_of([key]), expected=expected, got=show(key))
            waiting += [(inner, (*path, key)) for key, inner in one.items()]
        elif isinstance(one, list):
            waiting += [(inner, (*path, place_in)) for place_in, inner in enumerate(one)]
        elif isinstance(one, int) and abs(one) > MAX_INTEGER:
            return FieldError(pointer=place, expected=f"at most {MAX_INTEGER}", got=show(str(one)))
    return None
