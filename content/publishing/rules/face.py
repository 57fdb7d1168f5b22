"""The editorial part of a document: what a draft holds, and publishing puts on.

It is told in the vocabulary of models (`content.forms`), so that the same machinery checks it,
names its references and labels its fields. States, keys, logs and shelves are no part of it.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from content.forms.layers import base_of
from content.models.rules.bounds import VALUES, check_bounds
from content.models.rules.compiled import Compiled, compiled
from content.models.rules.fields import Field
from content.models.rules.told import pointer_of
from content.models.rules.values import Reference, fitted, references
from schemas.content import Content, Program, Room
from schemas.models import Layer
from schemas.problems import FieldError
from schemas.publishing import Face

Faced = Room | Program | Content
EXT = "ext"
MAX_BYTES = 256 * 1024
_EMPTY: tuple[Any, ...] = ("", [], None)
_STRUCTS: dict[Layer, type[Faced]] = {Layer.ROOM: Room, Layer.PROGRAM: Program}


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A face as it is kept: defaults put in, rich text cleaned; and what is wrong with it."""

    face: Face
    problems: list[FieldError]


def layer_of(document: Faced) -> Layer:
    """Tell which layer a document is of."""
    if isinstance(document, Content):
        return Layer(document.kind)
    return Layer.ROOM if isinstance(document, Room) else Layer.PROGRAM


@lru_cache(maxsize=len(Layer))
def base_model(layer: Layer) -> Compiled:
    """Give the model of a layer's base fields."""
    return compiled(msgspec.json.encode(base_of(layer)).decode())


def unwritten(layer: Layer) -> Face:
    """Give the face of a document on which nobody wrote yet."""
    told = {field.key: field.schema.get("default") for field in base_model(layer).fields}
    return {name: value for name, value in told.items() if value not in _EMPTY}


def face_of(document: Faced) -> Face:
    """Give the face of a document; what is empty is left out."""
    held = {field.key: getattr(document, field.key) for field in base_model(layer_of(document)).fields}
    face: Face = {name: _plain(value) for name, value in held.items() if value not in _EMPTY}
    if _is_account(face.get("author", "")):
        del face["author"]
    return {**face, EXT: document.ext} if document.ext else face


def _plain(value: Any) -> Any:
    """Give a value as JSON has it; what is empty in it is left out too."""
    if type(value) is str:
        return value
    made = msgspec.to_builtins(value)
    if isinstance(made, list):
        return [
            {key: x for key, x in one.items() if x != ""} if isinstance(one, dict) else one for one in made
        ]
    return made


def _is_account(author: str) -> bool:
    """Customers' contents are by accounts: editors don't change that."""
    return author.startswith("acc_")


def check_size(face: Any) -> FieldError | None:
    """Tell what is too deep, too much, or named like an operator of the database."""
    if too_much := check_bounds(face, VALUES, "/face"):
        return too_much
    if len(msgspec.json.encode(face)) > MAX_BYTES:
        return FieldError(pointer="/face", expected=f"at most {MAX_BYTES} bytes in all")
    return None


def prepare(layer: Layer, face: Face, extension: Compiled | None) -> Prepared:
    """Make a face of bounded size ready to be kept. It may be unfinished: `problems` says where.

    `extension` is the model of the extension fields; None: they are left as they are.
    """
    given = {name: _plain(value) for name, value in face.items() if name != EXT and value not in _EMPTY}
    values, problems = fitted(base_model(layer), {**_usual(layer), **given}, "/face", MAX_BYTES)
    ext = face.get(EXT, {})
    if not isinstance(ext, dict):
        problems = [*problems, FieldError(pointer=f"/face/{EXT}", expected="an object")]
        ext = {}
    elif extension is not None:
        ext, wrong = fitted(extension, ext, f"/face/{EXT}")
        problems = [*problems, *wrong]
    return Prepared(face={**values, EXT: ext} if ext else values, problems=problems)


@lru_cache(maxsize=len(Layer))
def _usual(layer: Layer) -> Mapping[str, Any]:
    """Give what stands in fields that nobody wrote on, where that is not empty."""
    kinds = msgspec.structs.fields(_STRUCTS.get(layer, Content))
    known = fields_by_key(base_model(layer).fields)
    usual = {kind.name: _plain(_default(kind)) for kind in kinds if kind.name in known}
    return {name: value for name, value in usual.items() if value not in _EMPTY}


def named(layer: Layer, face: Face, extension: Compiled | None) -> list[Reference]:
    """Give all that a face refers to; of a part with something wrong in it, nothing."""
    base = base_model(layer)
    values = {name: value for name, value in face.items() if name != EXT}
    found = list(references(base.naming, _sound(base, values)))
    if extension is None or not isinstance(face.get(EXT), dict):
        return found
    inner = references(extension.naming, _sound(extension, face[EXT]), (EXT,))
    return [*found, *inner]


def _sound(model: Compiled, values: Mapping[str, Any]) -> dict[str, Any]:
    if model.validator.is_valid(values):
        return dict(values)
    wrong = {
        str(error.instance_path[0]) for error in model.validator.iter_errors(values) if error.instance_path
    }
    return {field.key: values[field.key] for field in model.fields if field.key in values.keys() - wrong}


def worn(document: Faced, face: Face, model: str) -> dict[str, Any] | FieldError:
    """Give the fields of a document that change when it wears a face; or which value does not fit it."""
    kinds = {field.name: field for field in msgspec.structs.fields(type(document))}
    changes: dict[str, Any] = {}
    for name in (field.key for field in base_model(layer_of(document)).fields):
        kind = kinds[name]
        if name == "author" and _is_account(getattr(document, name)):
            continue
        try:
            value = msgspec.convert(face[name], kind.type) if name in face else _default(kind)
        except msgspec.ValidationError as error:
            return FieldError(pointer=f"/face{pointer_of([name])}", expected=str(error)[:200])
        if value != getattr(document, name):
            changes[name] = value
    ext = face.get(EXT, {})
    if ext != document.ext or (ext and model != document.model):
        changes |= {"ext": ext, "model": model}
    return changes


def _default(kind: msgspec.structs.FieldInfo) -> Any:
    if kind.default is not msgspec.NODEFAULT:
        return kind.default
    return kind.default_factory() if kind.default_factory is not msgspec.NODEFAULT else ""


def fields_by_key(fields: tuple[Field, ...]) -> dict[str, Field]:
    """Give fields by the key their values stand under."""
    return {field.key: field for field in fields}
