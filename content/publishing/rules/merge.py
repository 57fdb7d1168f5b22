"""Two faces that came of the same one, made into one again: no edit of either is lost."""

from typing import Any

import msgspec

from content.models.rules.told import pointer_of
from content.publishing.rules.compare import ABSENT, Difference, Path, apply, differences, same
from schemas.publishing import Face


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A value that both changed, and not to the same."""

    path: Path
    base: Any = ABSENT
    mine: Any = ABSENT
    theirs: Any = ABSENT

    @property
    def pointer(self) -> str:
        """Where it is (RFC 6901)."""
        return pointer_of(self.path)


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """Both edits in one; in conflict mine stands."""

    face: Face
    conflicts: list[Conflict]


def merge(base: Face, mine: Face, theirs: Face) -> Merged:
    """Put what `theirs` changed on `mine`, but where both changed the same value otherwise."""
    changed = {one.path: one for one in differences(base, mine)}
    taken: list[Difference] = []
    conflicts: list[Conflict] = []
    for other in differences(base, theirs):
        at_odds = [one for path, one in changed.items() if _touch(path, other.path)]
        if not at_odds:
            taken.append(other)
            continue
        path = min((one.path for one in (*at_odds, other)), key=len)
        conflict = Conflict(path=path, base=at(base, path), mine=at(mine, path), theirs=at(theirs, path))
        if not same(conflict.mine, conflict.theirs) and conflict.path not in [one.path for one in conflicts]:
            conflicts.append(conflict)
    return Merged(face=apply(taken, mine), conflicts=conflicts)


def _touch(one: Path, other: Path) -> bool:
    """Tell whether one is at or inside the other."""
    short = min(len(one), len(other))
    return one[:short] == other[:short]


def at(face: Face, path: Path) -> Any:
    """Give the value at a place."""
    value: Any = face
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return ABSENT
        value = value[name]
    return value
