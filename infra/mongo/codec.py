"""Structs to documents and back."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
Doc = dict[str, Any]


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
    return msgspec.convert(doc, kind, strict=False)
