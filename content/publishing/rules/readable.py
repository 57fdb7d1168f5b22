"""A comparison as a person reads it: fields by their labels, texts word by word, lists item by item."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content.models.rules.compiled import Compiled
from content.models.rules.fields import Field
from content.models.rules.richtext import plain
from content.publishing.rules.compare import ABSENT, Difference, Path, differences
from content.publishing.rules.face import EXT, base_model, fields_by_key
from content.publishing.rules.script import Budget, Op, script
from content.publishing.rules.words import Piece, compare_words
from schemas.models import FieldType as T
from schemas.models import Layer
from schemas.publishing import Face

MAX_NAME = 80
_TEXTS = frozenset({T.TEXT, T.RICH_TEXT})


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A face, and the model its extension fields are under."""

    face: Face
    extension: Compiled | None


class Item(msgspec.Struct, frozen=True):
    """An item of a list, and what became of it."""

    op: Op
    value: Any


class Readable(msgspec.Struct, frozen=True, kw_only=True):
    """One change: what is different, of which field, and how it reads."""

    difference: Difference
    was: Path
    """Where it stood before."""
    labels: list[dict[str, str]]
    type: T | None
    words: list[Piece]
    items: list[Item]


def words_for(changes: Sequence[Readable], layer: Layer, *sides: Side) -> dict[str, dict[str, str]]:
    """Give the labels of the choices that changes tell of, by the choice."""
    told = values_in(changes)
    known: dict[str, dict[str, str]] = {}
    for side in sides:
        for one in changes:
            fields = _fields(layer, side.extension, one.difference.path)
            known |= fields[-1].note.get("choices", {}) if fields else {}
    return {value: label for value, label in known.items() if value in told}


def values_in(changes: Sequence[Readable]) -> set[str]:
    """Give all short texts in what changed: ids, choices."""
    found: set[str] = set()
    waiting = [value for one in changes for value in (one.difference.before, one.difference.after)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and len(value) <= MAX_NAME:
            found.add(value)
    return found


def readable(layer: Layer, before: Side, after: Side) -> list[Readable]:
    """List what changed, in the order of the form."""
    budget = Budget()
    renamed = _renamed(before.extension, after.extension)
    carried = _under_new_names(before.face, renamed)
    found = [
        _readable(one, layer, before, after, renamed, budget) for one in differences(carried, after.face)
    ]
    still = [(old, new) for new, old in renamed.items() if old in before.face.get(EXT, {})]
    names = {one.was[1] for one in found if len(one.was) > 1}
    moved = [_moved(old, new, before, after) for old, new in still if old not in names]
    order = _order(layer, after.extension)
    return sorted([*found, *moved], key=lambda one: order.get(_field_path(one), len(order)))


def _field_path(one: Readable) -> Path:
    path = one.difference.path
    return path[:2] if path[0] == EXT else path[:1]


def _renamed(old: Compiled | None, new: Compiled | None) -> dict[str, str]:
    """Give for each new name of an extension field the old one, where they differ."""
    if old is None or new is None:
        return {}
    was = {field.id: field.key for field in old.fields}
    return {field.key: was[field.id] for field in new.fields if was.get(field.id, field.key) != field.key}


def _under_new_names(face: Face, renamed: dict[str, str]) -> Face:
    if not renamed or EXT not in face:
        return face
    new_of = {old: new for new, old in renamed.items()}
    return {**face, EXT: {new_of.get(key, key): value for key, value in face[EXT].items()}}


def _moved(old: str, new: str, before: Side, after: Side) -> Readable:
    """Tell of a field that has another name and the same value."""
    value = before.face[EXT][old]
    known = fields_by_key(after.extension.fields) if after.extension else {}
    return Readable(
        difference=Difference(path=(EXT, new), before=value, after=after.face.get(EXT, {}).get(new, ABSENT)),
        was=(EXT, old),
        labels=_labels([known[new]]) if new in known else [],
        type=known[new].type if new in known else None,
        words=[],
        items=[],
    )


def _readable(
    one: Difference, layer: Layer, before: Side, after: Side, renamed: dict[str, str], budget: Budget
) -> Readable:
    fields = _fields(layer, after.extension, one.path) or _fields(layer, before.extension, one.path)
    kind = fields[-1].type if fields else None
    was = one.path
    if len(was) > 1 and was[0] == EXT and was[1] in renamed:
        was = (EXT, renamed[was[1]], *was[2:])
    return Readable(
        difference=one,
        was=was,
        labels=_labels(fields),
        type=kind,
        words=_words(one, kind, budget),
        items=_items(one.before, one.after, budget),
    )


def _fields(layer: Layer, extension: Compiled | None, path: Path) -> list[Field]:
    """Give the fields that a path leads through; none: it leads to none that is known."""
    here: tuple[Field, ...] = base_model(layer).fields
    names: Sequence[str] = path
    if path[0] == EXT:
        here, names = extension.fields if extension else (), path[1:]
    found: list[Field] = []
    for name in names:
        field = fields_by_key(here).get(name)
        if field is None:
            break
        found.append(field)
        here = field.fields
    return found


def _labels(fields: Sequence[Field]) -> list[dict[str, str]]:
    return [field.note["label"] for field in fields]


def _words(one: Difference, kind: T | None, budget: Budget) -> list[Piece]:
    texts = [value if isinstance(value, str) else "" for value in (one.before, one.after)]
    if kind not in _TEXTS or not any(texts):
        return []
    if kind is T.RICH_TEXT:
        texts = [plain(text) for text in texts]
    return compare_words(texts[0], texts[1], budget)


def _items(before: Any, after: Any, budget: Budget) -> list[Item]:
    """Tell which items were taken out of a list and which put in."""
    old, new = (
        [_Kept(item) for item in value] if isinstance(value, list) else [] for value in (before, after)
    )
    found = script(old, new, budget)
    return [] if found is None else [Item(op, kept.value) for op, kept in found]


class _Kept:
    """An item that is compared as JSON."""

    def __init__(self, value: Any) -> None:
        self.value, self._key = value, msgspec.json.encode(value, order="deterministic")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _order(layer: Layer, extension: Compiled | None) -> dict[Path, int]:
    base = [(field.key,) for field in base_model(layer).fields]
    own: list[Path] = [(EXT, field.key) for field in extension.fields] if extension else []
    return {path: place for place, path in enumerate([*base, *own])}
