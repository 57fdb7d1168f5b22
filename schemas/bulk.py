"""Bulk: many documents of one noun in or out, as CSV or JSON lines."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import Document, Ms
from schemas.problems import FieldError


class NounName(StrEnum):
    """What can be imported and exported; the trail only exported."""

    ROOMS = "rooms"
    PROGRAMS = "programs"
    CONTENTS = "contents"
    PRODUCTS = "products"
    CREATORS = "creators"
    TAGS = "tags"
    MEMBERS = "members"
    MODELS = "models"
    AUDIT = "audit"


class FileFormat(StrEnum):
    """How documents are written down."""

    CSV = "csv"
    JSONL = "jsonl"


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about an uploaded file."""

    format: FileFormat
    encoding: str
    delimiter: str = ""
    gzipped: bool = False
    columns: list[str]
    """The header of a CSV file; the names that the first lines of JSON lines use."""
    rows: int


class ImportState(StrEnum):
    """Where an import is."""

    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


class Import(Document, frozen=True, kw_only=True):
    """An uploaded file on its way into documents. A batch of rows and `cursor` are one transaction."""

    business: str
    noun: NounName
    name: str
    """Of the file, as its sender calls it."""
    file: str
    """Object key."""
    bytes: int
    sheet: Sheet
    mapping: dict[str, str] = {}
    """Column to field; a column that leads to no field is left out."""
    by: str
    by_name: str
    scopes: dict[str, list[str]] | None = None
    """Of the API key it was begun with."""
    state: ImportState = ImportState.READY
    run: int = 0
    """Counts starts and resumptions."""
    cursor: int = 0
    """Rows that are done."""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    reason: str = ""
    """Why it failed as a whole."""
    started_at: Ms | None = None
    finished_at: Ms | None = None


class RowError(Document, frozen=True, kw_only=True):
    """A row that could not be taken, and why. `id` is `<import>:<row>`."""

    row: int
    """1-based, the header not counted."""
    code: str
    errors: list[FieldError] = []
    values: str = "{}"
    """The row as it came, as JSON: its names and numbers may be such as no database takes."""


class ExportState(StrEnum):
    """Where an export is."""

    RUNNING = "running"
    DONE = "done"
    EXPIRED = "expired"


class Export(Document, frozen=True, kw_only=True):
    """Documents on their way into a file, which is kept for some days."""

    business: str
    noun: NounName
    format: FileFormat
    bom: bool = False
    """Begin with a byte order mark: Excel then reads UTF-8 as UTF-8."""
    where: dict[str, Annotated[str, msgspec.Meta(max_length=200)]] = {}
    """The conditions of the list it was asked from."""
    ids: list[str] = []
    listing: str = ""
    """The list of the library it was asked from, as JSON."""
    by: str
    by_name: str
    state: ExportState = ExportState.RUNNING
    total: int = 0
    rows: int = 0
    file: str = ""
    bytes: int = 0
    sha256: str = ""
    finished_at: Ms | None = None
    expires_at: Ms | None = None


class ExternalKey(Document, frozen=True, kw_only=True):
    """What another system calls a document of ours. `id` is `<business>:<noun>:<key>`."""

    document: str
