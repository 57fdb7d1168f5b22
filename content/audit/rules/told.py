"""What an entry tells of a change: the fields that are different, personal data masked, long values cut."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args, get_type_hints

import msgspec

from schemas.audit import Change
from schemas.base import Document

MASK = "…"
MAX_TEXT = 2_000
"""Longest text of a value, characters; the rest is cut."""
MAX_ITEMS = 50
MAX_DEPTH = 6
UNTOLD = frozenset({"id", "_id", "rev", "created_at", "updated_at", "business"})

Fields = Mapping[str, Any]
Told = Mapping[str, tuple[Any, Any]]
"""For a field that can't be told as it is, what to tell instead: before, after."""


@lru_cache
def marks(kind: type[Document]) -> Mapping[str, str]:
    """Give the marked fields of a kind of documents: `personal` or `secret`."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: mark for name, hint in hints.items() if (mark := _mark(hint))}


@lru_cache
def defaults(kind: type[Document]) -> Fields:
    """Give what the fields of a kind of documents hold when nobody has said anything."""
    found = {}
    for field in msgspec.structs.fields(kind):
        if field.default_factory is not msgspec.NODEFAULT:
            found[field.name] = msgspec.to_builtins(field.default_factory())
        elif field.default is not msgspec.NODEFAULT:
            found[field.name] = msgspec.to_builtins(field.default)
    return found


def _mark(hint: Any) -> str:
    for part in get_args(hint):
        if isinstance(part, msgspec.Meta) and (mark := (part.extra or {}).get("told")):
            return str(mark)
    return ""


def difference(kind: type[Document], before: Fields, after: Fields, told: Told | None = None) -> Change:
    """Tell what is different between two states of a document; empty: it was not there, or is no longer.

    Of one that was not there, what was said is told, not what nobody said anything about.
    """
    told = told or {}
    masks = marks(kind)
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for name in {**before, **after} if before else _said(kind, after):
        old, new = before.get(name), after.get(name)
        if name in UNTOLD or masks.get(name) == "secret" or old == new:
            continue
        if name in told:
            old, new = told[name]
        elif name == "ext":
            old, new = _masked_values(old or {}, new or {})
        elif name in masks:
            old, new = (mask(one) for one in (old, new))
        if not _empty(old):
            was[name] = cut(old)
        if not _empty(new):
            now[name] = cut(new)
    identifier = before.get("_id") or after.get("_id") or ""
    return Change(document=str(identifier), before=was, after=now)


def _said(kind: type[Document], fields: Fields) -> list[str]:
    """Name the fields that somebody said something about."""
    usual = defaults(kind)
    return [name for name, value in fields.items() if name not in usual or usual[name] != value]


def _masked_values(old: Fields, new: Fields) -> tuple[dict[str, str], dict[str, str]]:
    """Name the extension fields that changed: only their model knows which of them are personal."""
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return (
        {name: MASK for name in changed if name in old},
        {name: MASK for name in changed if name in new},
    )


def _masked(ext: Any) -> Any:
    """Name the extension fields inside of another value, a draft say: no one has said which are personal."""
    return dict.fromkeys(list(ext)[:MAX_ITEMS], MASK) if isinstance(ext, dict) else MASK


def mask(value: Any) -> Any:
    """Leave of personal data that it is there, and of a text its first character."""
    if _empty(value):
        return value
    return f"{value[0]}{MASK}" if isinstance(value, str) else MASK


def cut(value: Any, depth: int = 0) -> Any:
    """Bound a value: an entry is no second copy of a book."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}… ({len(value)})"
    if depth >= MAX_DEPTH and isinstance(value, (dict, list)):
        return MASK
    if isinstance(value, dict):
        return {
            key: _masked(one) if key == "ext" else cut(one, depth + 1)
            for key, one in list(value.items())[:MAX_ITEMS]
        }
    if isinstance(value, list):
        kept = [cut(one, depth + 1) for one in value[:MAX_ITEMS]]
        return kept if len(value) <= MAX_ITEMS else [*kept, f"… ({len(value)})"]
    return value


def title_of(kind: type[Document], document: Fields) -> str:
    """Give what a document is called, unless that is personal."""
    for name in ("title", "name"):
        if isinstance(document.get(name), str) and name not in marks(kind):
            return str(document[name])[:80]
    return ""


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
