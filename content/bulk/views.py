"""What goes over the wire about bulk."""

from typing import Annotated, Any

import msgspec

from content.bulk.rules import MAX_COLUMNS, MAX_IDS
from content.bulk.rules.labels import Column
from content.library.views import Listing
from schemas.base import Ms, Value
from schemas.bulk import Export, ExportState, FileFormat, Import, ImportState, NounName, Sheet
from schemas.problems import FieldError

BusinessId = Annotated[str, msgspec.Meta(pattern=r"^(\*|biz_[0-9a-z]{1,40})$")]
Condition = Annotated[str, msgspec.Meta(max_length=200)]


class ImportView(msgspec.Struct, frozen=True, kw_only=True):
    """An import and how far it is."""

    id: str
    rev: int
    business: str
    noun: NounName
    name: str
    bytes: int
    sheet: Sheet
    mapping: dict[str, str]
    by_name: str
    state: ImportState
    cursor: int
    """Rows that are imported; before it runs, that are checked."""
    created: int
    updated: int
    unchanged: int
    failed: int
    reason: str
    created_at: Ms
    started_at: Ms | None
    finished_at: Ms | None
    gone: bool = False
    """The file was kept long enough: nothing more can be done with it."""


class Mapping(Value, frozen=True, kw_only=True):
    """Column of the file to field; an empty field leaves the column out."""

    mapping: Annotated[
        dict[Annotated[str, msgspec.Meta(max_length=200)], Annotated[str, msgspec.Meta(max_length=200)]],
        msgspec.Meta(max_length=MAX_COLUMNS),
    ]


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row and what it would become."""

    row: int
    becomes: str
    """`created`, `updated`, `unchanged` or `failed`."""
    values: dict[str, Any]
    code: str = ""
    errors: list[FieldError] = []


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What rows would become: they were carried out, and taken back."""

    rows: int
    """How many were tried: the first ones, or all once they are checked."""
    total: int
    created: int
    updated: int
    unchanged: int
    failed: int
    columns: list[Column]
    """The fields a column can lead to."""
    first: list[PreviewRow]
    """The first rows, and the first of those that would fail."""


class NewExport(Value, frozen=True, kw_only=True):
    """What is to be exported: all of a noun, what a list shows, or chosen documents."""

    business: BusinessId
    noun: NounName
    format: FileFormat = FileFormat.CSV
    bom: bool = True
    """CSV: begin with a byte order mark, so that Excel reads it as UTF-8."""
    where: Annotated[dict[str, Condition], msgspec.Meta(max_length=10)] = {}
    """Conditions of the list, as `q`, `state`, `kind`; those of a search of the trail."""
    ids: Annotated[list[Annotated[str, msgspec.Meta(max_length=60)]], msgspec.Meta(max_length=MAX_IDS)] = []
    listing: Listing | None = None
    """The list of the library as it is asked for: its conditions then stand for `where`."""


class ExportView(msgspec.Struct, frozen=True, kw_only=True):
    """An export and how far it is."""

    id: str
    rev: int
    business: str
    noun: NounName
    format: FileFormat
    by_name: str
    state: ExportState
    reason: str
    total: int
    """How many rows there were when it began; 0: nobody knows before the end."""
    rows: int
    """Rows that are written."""
    bytes: int
    sha256: str
    created_at: Ms
    finished_at: Ms | None
    expires_at: Ms | None


def show_import(one: Import) -> ImportView:
    """Show an import."""
    return ImportView(**_same(ImportView, one), gone=not one.file)


def show_export(one: Export) -> ExportView:
    """Show an export."""
    return ExportView(**_same(ExportView, one))


def _same(view: type[msgspec.Struct], one: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(one, name) for name in view.__struct_fields__ if hasattr(one, name)}
