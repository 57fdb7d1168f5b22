"""Two faces compared: which values changed, by pointer; and the changes put on a face again.

Objects are looked into, lists are compared as one value. Applying the changes between two faces to the
first gives the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from content.models.rules.told import pointer_of
from schemas.publishing import Face

Path = tuple[str, ...]


ABSENT = msgspec.UNSET
"""In place of a value: there is none."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is not the same."""

    path: Path
    before: Any = ABSENT
    after: Any = ABSENT

    @property
    def pointer(self) -> str:
        """Where it is (RFC 6901)."""
        return pointer_of(self.path)


def differences(before: Face, after: Face) -> list[Difference]:
    """List what changed, in the order of `before` and then of what is new."""
    return list(_compare(before, after, ()))


def _compare(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        own = (*path, name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _compare(old, new, own)
        elif not same(old, new):
            yield Difference(path=own, before=old, after=new)


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same JSON: `True` is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def apply(changes: Sequence[Difference], face: Face) -> Face:
    """Give the face with the changes made; what is not named in them stays."""
    for one in changes:
        face = _put(face, one.path, one.after)
    return face


def _put(holder: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    name, *rest = path
    if rest:
        inner = holder.get(name)
        value = _put(inner if isinstance(inner, dict) else {}, tuple(rest), value)
    if value is ABSENT:
        return {key: one for key, one in holder.items() if key != name}
    return {**holder, name: value}
