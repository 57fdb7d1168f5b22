"""What publishing changes: two versions compared field by field, each by its id."""

from collections.abc import Mapping, Sequence
from typing import Any

from content.models.rules.carry import convertible
from content.models.rules.fields import Field, Schema, fields_of
from content.models.rules.told import pointer_of, show
from schemas.models import ChangeKind as K
from schemas.models import Effect, FieldChange
from schemas.models import FieldType as T

Path = tuple[str, ...]
ORDER = tuple(Effect)
_LEAST, _MOST = ("minLength", "minItems", "minimum"), ("maxLength", "maxItems", "maximum")
_FOUND = ("searchable", "filterable")


def worst(effects: Sequence[Effect]) -> Effect:
    """Give the most harmful of effects; of none, compatible."""
    return max(effects, key=ORDER.index, default=Effect.COMPATIBLE)


def changes(old: Schema | None, new: Schema) -> list[FieldChange]:
    """List what `new` changes, in the order of its fields and then of those that are gone."""
    return _compare(fields_of(old) if old else (), fields_of(new), ())


def _compare(old: tuple[Field, ...], new: tuple[Field, ...], path: Path) -> list[FieldChange]:
    before = {field.id: field for field in old}
    found: list[FieldChange] = []
    for field in new:
        own = (*path, field.key)
        was = before.pop(field.id, None)
        found += [_added(field, own)] if was is None else _changed(was, field, own)
    for field in before.values():
        found.append(_told(field, K.DELETED, Effect.NEEDS_MIGRATION, (*path, field.key), was=field.key))
    return found


def _added(field: Field, path: Path) -> FieldChange:
    effect = Effect.COMPATIBLE
    if field.required:
        effect = Effect.NEEDS_MIGRATION if "default" in field.schema else Effect.BREAKS
    elif field.says("filterable") or field.says("searchable"):
        effect = Effect.NEEDS_MIGRATION
    return _told(field, K.ADDED, effect, path, now=field.key)


def _changed(was: Field, now: Field, path: Path) -> list[FieldChange]:
    found: list[FieldChange] = []
    if was.key != now.key:
        found.append(_told(now, K.RENAMED, Effect.NEEDS_MIGRATION, path, was=was.key, now=now.key))
    shape_was, shape_now = shape(was), shape(now)
    if shape_was != shape_now:
        effect = Effect.NEEDS_MIGRATION if convertible(was, now) else Effect.BREAKS
        found.append(_told(now, K.RETYPED, effect, path, was=shape_was, now=shape_now))
    else:
        found += _limits(was, now, path)
        found += _compare(was.fields, now.fields, path)
    if any(was.says(flag) != now.says(flag) for flag in _FOUND):
        found.append(_told(now, K.REINDEXED, Effect.NEEDS_MIGRATION, path))
    if not found and was.schema != now.schema:
        found.append(_told(now, K.DESCRIBED, Effect.COMPATIBLE, path))
    return found


def shape(field: Field) -> str:
    """Name the type of a field, with that of a list's items."""
    return f"{field.type} of {field.item_type}" if field.item_type else str(field.type)


def _limits(was: Field, now: Field, path: Path) -> list[FieldChange]:
    """Tell each limit that got narrower or wider, the item's of a list among them."""
    found = [_limit(now, path, "required", was.required, now.required, now.required)] * (
        was.required != now.required
    )
    pairs = [(was.schema, now.schema)]
    if was.type in (T.LIST, T.CHOICES):
        pairs.append((was.schema["items"], now.schema["items"]))
    for old, new in pairs:
        for name in dict.fromkeys((*old, *new)):
            if name in ("kaibo", "default", "properties", "required", "items") or old.get(name) == new.get(
                name
            ):
                continue
            found.append(_limit(now, path, name, old.get(name), new.get(name), _narrower(name, old, new)))
    return found


def _narrower(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if name not in new:
        return False
    if name == "enum":
        return not set(old[name]) <= set(new[name])
    if name not in old or name == "pattern":
        return bool(new[name])
    if name in _LEAST:
        return bool(new[name] > old[name])
    if name in _MOST:
        return bool(new[name] < old[name])
    return bool(new[name])


def _limit(field: Field, path: Path, name: str, was: Any, now: Any, narrower: bool) -> FieldChange:
    effect = Effect.COMPATIBLE
    if narrower:
        given = name == "required" and "default" in field.schema
        effect = Effect.NEEDS_MIGRATION if given else Effect.BREAKS
    kind = K.NARROWED if narrower else K.WIDENED
    return _told(field, kind, effect, path, was=f"{name} {show(was)}", now=f"{name} {show(now)}")


def _told(field: Field, kind: K, effect: Effect, path: Path, *, was: str = "", now: str = "") -> FieldChange:
    return FieldChange(field=field.id, kind=kind, effect=effect, pointer=pointer_of(path), was=was, now=now)
