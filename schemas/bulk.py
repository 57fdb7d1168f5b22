"""Bulk: many documents of one noun in or out, as CSV or JSON lines."""

from enum import StrEnum
from typing import Annotated

import msgspec

from schemas.base import Document, Ms
from schemas.problems import FieldError


class NounName(StrEnum):
    """What can be imported and exported; orders, businesses and the trail only exported."""

    ROOMS = "rooms"
    PROGRAMS = "programs"
    CONTENTS = "contents"
    PRODUCTS = "products"
    CREATORS = "creators"
    TAGS = "tags"
    MEMBERS = "members"
    MODELS = "models"
    STORES = "stores"
    ORDERS = "orders"
    BUSINESSES = "businesses"
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
    CHECKING = "checking"
    """All rows are carried out and taken back, to tell what they would become."""
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


class Import(Document, frozen=True, kw_only=True):
    """An uploaded file on its way into documents. A batch of rows and `cursor` are one transaction.

    `cursor` and the counts tell of a check until the import runs, and of the import from then on.
    """

    business: str
    noun: NounName
    name: str
    """Of the file, as its sender calls it."""
    file: str
    """Object key; empty: it was kept long enough."""
    bytes: int
    sheet: Sheet
    mapping: dict[str, str] = {}
    """Column to field; a column that leads to no field is left out."""
    by: str
    """Who brought the file, and then who started it last: the rows are written with her rights."""
    by_name: str
    key: str = ""
    """The API key that was used for it."""
    state: ImportState = ImportState.READY
    run: int = 0
    """Counts checks, starts and resumptions."""
    tries: int = 0
    """Counts how often the rows were begun anew: the errors of each try are named by it."""
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
    """A row that could not be taken, and why. `id` is `<import>.<try>:<row>`."""

    row: int
    """1-based, the header not counted."""
    code: str
    errors: list[FieldError] = []
    values: str = "{}"
    """The row as it came, as JSON: its names and numbers may be such as no database takes."""


class ExportState(StrEnum):
    """Where an export is."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class Export(Document, frozen=True, kw_only=True):
    """Documents on their way into a file, which is kept for some days.

    They are written in parts, each an object of its own, put together at the end. A part's name, `cursor` and
    `rows` are written at once.
    """

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
    reason: str = ""
    """Why it failed."""
    run: int = 0
    """Counts resumptions."""
    header: list[str] = []
    """The columns, the same in every part; empty: nothing is written yet."""
    last: str = ""
    """The last document there was when it began."""
    cursor: str | None = ""
    """Behind which document the next part begins; None: all are written."""
    parts: list[str] = []
    """Object keys of the parts, in order."""
    total: int = 0
    """How many rows there were when it began; 0: nobody knows before the end."""
    rows: int = 0
    file: str = ""
    bytes: int = 0
    sha256: str = ""
    finished_at: Ms | None = None
    expires_at: Ms | None = None


class ExternalKey(Document, frozen=True, kw_only=True):
    """What another system calls a document of ours. `id` is `<business>:<noun>:<key>`."""

    document: str
