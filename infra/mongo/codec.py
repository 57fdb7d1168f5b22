"""Structs to documents and back."""

from typing import Any, TypeVar, get_args

import msgspec

T = TypeVar("T")
Doc = dict[str, Any]
_known: dict[Any, tuple[str, ...]] = {}


def to_doc(value: msgspec.Struct) -> Doc:
    """Turn a struct into a document; its `id` becomes `_id`."""
    doc: Doc = msgspec.to_builtins(value, builtin_types=(bytes,))
    if "id" in doc:
        doc = {"_id": doc.pop("id"), **doc}
    return doc


def from_doc(kind: type[T], doc: Doc) -> T:
    """Turn a document into a struct of `kind`; its `_id` becomes `id`."""
    if "_id" in doc:
        doc = {"id": doc["_id"], **{key: value for key, value in doc.items() if key != "_id"}}
    if untyped := _untyped(kind):
        doc = {**doc, **{name: plain(doc[name]) for name in untyped if name in doc}}
    return msgspec.convert(doc, kind, strict=False)


def plain(value: Any) -> Any:
    """Give a value with plain integers: the driver's Int64 is one that JSON writers do not take."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return int(value) if isinstance(value, int) and type(value) is not bool else value


def _untyped(kind: Any) -> tuple[str, ...]:
    """Name the fields of a struct that hold what `convert` leaves as it came."""
    if kind not in _known:
        is_struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        fields = msgspec.structs.fields(kind) if is_struct else ()
        _known[kind] = tuple(field.encode_name for field in fields if _holds_any(field.type))
    return _known[kind]


def _holds_any(hint: Any, inside: frozenset[Any] = frozenset()) -> bool:
    """Tell whether a value of a type may hold something untyped; a struct within itself is asked once."""
    parts = get_args(hint)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint not in inside:
        parts = tuple(field.type for field in msgspec.structs.fields(hint))
        inside |= {hint}
    return hint is Any or any(_holds_any(part, inside) for part in parts)
