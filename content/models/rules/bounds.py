"""Bounds on any JSON that comes from outside, checked without recursion before anything else looks at it."""

from typing import Any

import msgspec

from content.models.rules.fields import MAX_INTEGER
from content.models.rules.told import pointer_of, show
from schemas.problems import FieldError

Path = tuple[str | int, ...]
_LOOKED_INTO = (dict, list, int)


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
    waiting: list[tuple[Any, Path]] = [(value, ())]
    seen = 1
    while waiting:
        one, path = waiting.pop()
        if isinstance(one, dict | list):
            seen += len(one)
            if (problem := _check_holder(one, path, seen, bounds)) is not None:
                expected, at = problem
                return FieldError(pointer=under + pointer_of(at), expected=expected)
            inner = one.items() if isinstance(one, dict) else enumerate(one)
            waiting += [(each, (*path, step)) for step, each in inner if type(each) in _LOOKED_INTO]
        elif isinstance(one, int) and abs(one) > MAX_INTEGER:
            at_most = f"at most {MAX_INTEGER}"
            return FieldError(pointer=under + pointer_of(path), expected=at_most, got=show(str(one)))
    return None


def _check_holder(
    one: dict[str, Any] | list[Any], path: Path, seen: int, bounds: Bounds
) -> tuple[str, Path] | None:
    if seen > bounds.nodes:
        return f"at most {bounds.nodes} values in all", path
    if len(path) >= bounds.depth:
        return f"at most {bounds.depth} levels", path
    if isinstance(one, dict) and not bounds.operators:
        for key in one:
            if key.startswith("$") or "." in key or "\0" in key:
                return "a name without $, dots and zeros", (*path, key)
    return None
