"""What each row of a batch is to become, found out before its transaction: few questions for many rows."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from content.bulk.extensions import Extensions
from content.bulk.noun import Noun
from content.bulk.reading import Row
from content.bulk.rules import cells
from content.bulk.store import documents_of
from content.models.ports import Kinds, missing
from content.models.rules.fields import Field
from content.models.rules.values import Reference, fitted, references
from infra.http.fields import field_error
from infra.mongo import Database
from schemas.base import Document
from schemas.bulk import NounName
from schemas.models import ModelVersion
from schemas.problems import CommonRefusal, FieldError

OWN = {"id": str, "external": str, "rev": int}
"""Columns every noun has: our id, what another system calls it, the revision it is meant for."""
MAX_KEY = 100
_NO_CHOICE = re.compile(r"Invalid enum value '(.*)'")
NUMBERS = frozenset({"integer", "number", "boolean", "array", "object"})


class Planned(msgspec.Struct, kw_only=True):
    """What a row is to become: a new document, an edit of one, or an error."""

    row: Row
    external: str = ""
    names: bool = False
    """The external key is not known yet."""
    new: Any = None
    target: str = ""
    edit: Any = None
    rev: int = 0
    ext: dict[str, Any] | None = None
    version: ModelVersion | None = None
    unchanged: bool = False
    code: str = ""
    errors: list[FieldError] = []

    def fail(self, *errors: FieldError, code: str = CommonRefusal.INVALID) -> None:
        """Give the row up."""
        self.code, self.errors = code, [*self.errors, *errors][:20]


class Planner:
    """Plans batches of one import: its noun, mapping and models are looked up once."""

    def __init__(
        self,
        db: Database,
        kinds: Kinds,
        noun: Noun,
        name: NounName,
        business: str,
        mapping: Mapping[str, str],
    ) -> None:
        self._db, self._kinds = db, kinds
        self._noun, self._name, self._business = noun, name, business
        self._mapping = {column: field for column, field in mapping.items() if field}
        self._hints = {**cells.columns(noun.new), **cells.columns(noun.edit), **OWN, "ext": dict}
        self._read = {field: self._reader(field) for field in self._mapping.values()}
        self._new = {field.name for field in msgspec.structs.fields(noun.new)}
        self._edit = {field.name for field in msgspec.structs.fields(noun.edit)}
        self._named: set[str] = set()
        self._fixed = self._new - self._edit - {"business", *noun.keys}
        self._extensions = Extensions(db, noun, business)

    def _reader(self, field: str) -> Callable[[str], Any]:
        if field.startswith("ext."):
            return lambda text: cells.natural(text) if text.strip() else msgspec.UNSET
        return cells.reader(self._hints.get(field, str))

    async def plan(self, rows: Sequence[Row]) -> list[Planned]:
        """Say what rows are to become."""
        planned = [Planned(row=row) for row in rows]
        fields = [self._fields(one) for one in planned]
        documents = await self._documents(planned, fields)
        named: list[Reference] = []
        for number, (one, given, found) in enumerate(zip(planned, fields, documents, strict=True)):
            if one.code:
                continue
            ext = given.pop("ext", None)
            if found is None:
                self._to_new(one, given)
            else:
                self._to_edit(one, given, found)
            if ext and not one.code:
                named += await self._extend(one, ext, found, number)
            if one.code or one.new is not None:
                continue
            one.unchanged = one.edit is None and one.ext is None and not one.names
        for error in await missing(self._kinds, self._business, named) if named else ():
            place, _, rest = error.pointer[1:].partition("/")
            planned[int(place)].fail(msgspec.structs.replace(error, pointer=f"/{rest}"))
        return planned

    def _fields(self, one: Planned) -> dict[str, Any]:
        """Give a row's fields, nested, each as its type wants it."""
        if one.row.error:
            one.fail(one.row.error)
            return {}
        found: dict[str, Any] = {}
        for column, text in one.row.values.items():
            field = self._mapping.get(column)
            if field is None:
                continue
            try:
                found[field] = text if one.row.typed else self._read[field](str(text))
            except ValueError as error:
                one.fail(FieldError(pointer=_pointer(field), expected="JSON", got=str(error)[:100]))
        tree = cells.nested(found)
        external = tree.pop("external", "")
        one.external = str(external or "")
        if len(one.external) > MAX_KEY:
            one.fail(FieldError(pointer="/external", expected=f"at most {MAX_KEY} characters"))
        return tree

    async def _documents(
        self, planned: Sequence[Planned], fields: Sequence[dict[str, Any]]
    ) -> list[Document | None]:
        """Find the documents that rows mean: by id, by an external key, by keys of their own."""
        ids = [str(given.pop("id", "") or "") for given in fields]
        known = await documents_of(self._db, self._business, self._name, {one.external for one in planned})
        own = [""] * len(ids)
        if self._noun.find:
            own = await self._noun.find(self._db, self._business, fields)
        targets = [
            identifier or known.get(one.external, "") or natural
            for identifier, one, natural in zip(ids, planned, own, strict=True)
        ]
        where = {**self._noun.within(self._business), "_id": {"$in": sorted({*targets} - {""})}}
        docs = await self._noun.documents.collection(self._db).find(where) if any(targets) else []
        there = {doc["_id"]: self._noun.documents.read(doc) for doc in docs}
        for identifier, one in zip(ids, planned, strict=True):
            one.names = bool(one.external) and one.external not in known
            if one.names and one.external in self._named:
                one.fail(FieldError(pointer="/external", expected="once in a file", got=one.external))
            self._named.add(one.external)
            if identifier and identifier not in there:
                one.fail(
                    FieldError(pointer="/id", expected="one of this business", got=identifier[:60]),
                    code=CommonRefusal.NOT_FOUND,
                )
        return [there.get(target) for target in targets]

    def _to_new(self, one: Planned, given: dict[str, Any]) -> None:
        wanted = {name: value for name, value in given.items() if name in self._new and value not in ("", [])}
        if "business" in self._new:
            wanted["business"] = self._business
        one.new = self._converted(one, wanted, self._noun.new)

    def _to_edit(self, one: Planned, given: dict[str, Any], document: Document) -> None:
        one.target = document.id
        shown = self._noun.shown(document, self._business)
        changes = {}
        for name, value in given.items():
            if name in self._edit:
                changes[name] = value
                if isinstance(value, dict) and isinstance(was := shown.get(name), dict):
                    changes[name] = {**was, **value}
            elif name in self._fixed and cells.cell(value) != cells.cell(shown.get(name)):
                fixed = cells.cell(shown.get(name))[:60]
                one.fail(FieldError(pointer=f"/{name}", expected=fixed, got=cells.cell(value)[:60]))
        edit = self._converted(one, changes, self._noun.edit)
        if edit is None:
            return
        different = {
            name: value
            for name in changes
            if (value := getattr(edit, name)) is not msgspec.UNSET
            and msgspec.to_builtins(value) != shown.get(name)
        }
        if different:
            one.edit = self._noun.edit(**different)
            one.rev = self._revision(one, given)

    def _revision(self, one: Planned, given: Mapping[str, Any]) -> int:
        rev = str(given.get("rev") or "0")
        if rev.isascii() and rev.isdigit() and len(rev) < 10:
            return int(rev)
        one.fail(FieldError(pointer="/rev", expected="a revision", got=rev[:40]))
        return 0

    def _converted(self, one: Planned, given: dict[str, Any], kind: type[Any]) -> Any:
        try:
            return msgspec.convert(given, kind, strict=one.row.typed)
        except msgspec.ValidationError as error:
            one.fail(self._told(field_error(error)))
            return None

    def _told(self, error: FieldError) -> FieldError:
        """Say which values there are to choose from."""
        wrong = _NO_CHOICE.fullmatch(error.expected)
        known = cells.choices(self._hints.get(error.pointer[1:].replace("/", ".")))
        if wrong is None or not known:
            return error
        return FieldError(pointer=error.pointer, expected=f"one of {', '.join(known)}", got=wrong[1])

    async def _extend(self, one: Planned, given: Any, document: Any, number: int) -> list[Reference]:
        """Merge extension fields over those that are there; give what the values name."""
        layer = self._extensions.layer(getattr(document or one.new, "kind", ""))
        found = await self._extensions.newest(layer) if layer else None
        if found is None or not isinstance(given, dict):
            one.fail(
                FieldError(pointer="/ext", expected="a layer with a published model", got=str(layer or ""))
            )
            return []
        version, model = found
        by_key = {field.key: field for field in model.fields}
        read = given if one.row.typed else {key: _typed(by_key.get(key), text) for key, text in given.items()}
        was = await self._extensions.carried(document) if document else {}
        ext, errors = fitted(model, {**was, **read}, "/ext")
        if errors:
            one.fail(*errors)
            return []
        if document is not None and document.model and ext == was:
            return []
        one.ext, one.version = ext, version
        named = references(model.naming, ext)
        return [msgspec.structs.replace(ref, pointer=f"/{number}/ext{ref.pointer}") for ref in named]


def _typed(field: Field | None, text: str) -> Any:
    """Read the cell of an extension field; what can't be read stays a text, and is refused as one."""
    kind = field.schema.get("type") if field else None
    if kind not in NUMBERS or not isinstance(text, str):
        return text
    if kind == "array" and not text.startswith("["):
        return [part.strip() for part in text.split(cells.BETWEEN) if part.strip()]
    try:
        return msgspec.json.decode(text.lower() if kind == "boolean" else text)
    except msgspec.DecodeError:
        return text


def _pointer(field: str) -> str:
    return "/" + field.replace(".", "/")
