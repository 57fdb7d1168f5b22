"""Content models: what the extension fields of a business's rooms, programs and contents are and mean."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec

from schemas.base import Document, Ext, Ms, ShortText
from schemas.problems import FieldError


class Layer(StrEnum):
    """What a model is for; a business has one model for each."""

    ROOM = "room"
    PROGRAM = "program"
    TRAILER = "trailer"
    LIVE = "live"
    REPLAY = "replay"
    CLIP = "clip"
    ARTICLE = "article"
    PICTURE_SET = "picture_set"


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    RICH_TEXT = "rich_text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    URL = "url"
    IMAGE = "image"
    VIDEO = "video"
    FILE = "file"
    PRODUCT = "product"
    STORE = "store"
    TAG_CATEGORY = "tag_category"
    CREATOR = "creator"
    GEO_POINT = "geo_point"
    LIST = "list"
    GROUP = "group"


class ModelHead(Document, frozen=True, kw_only=True):
    """Which version of a layer's model is published; the draft is read by itself."""

    business: str
    layer: Layer
    latest: int = 0
    """Number of the newest published version; 0: none yet."""


class ContentModel(ModelHead, frozen=True, kw_only=True):
    """The model of a business's layer: its draft, and which version is published."""

    draft: str
    """The JSON Schema being worked on, as text."""
    ids: list[str] = []
    """Every field id ever published, so that none is given to another field."""


class ChangeKind(StrEnum):
    """What happened to a field between two versions."""

    ADDED = "added"
    RENAMED = "renamed"
    DELETED = "deleted"
    RETYPED = "retyped"
    NARROWED = "narrowed"
    WIDENED = "widened"
    REINDEXED = "reindexed"
    DESCRIBED = "described"


class Effect(StrEnum):
    """What a change means for documents that are there, from harmless to harmful."""

    COMPATIBLE = "compatible"
    NEEDS_MIGRATION = "needs_migration"
    BREAKS = "breaks"


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one field."""

    field: str
    """Id of the field, the same under every name."""
    kind: ChangeKind
    effect: Effect
    """The worst it can mean; the dry run tells what it does mean."""
    pointer: str
    """Where values of the field are (RFC 6901), in the new version; of a deleted field, in the old one."""
    was: str = ""
    now: str = ""


class ModelVersion(Document, frozen=True, kw_only=True):
    """A published version, never changed again. Its id is `<model>.<number>`."""

    model: str
    business: str
    layer: Layer
    number: int
    text: str
    """The JSON Schema, exactly as it was published."""
    changes: list[FieldChange] = []
    note: ShortText = ""
    by: str = ""
    by_name: str = ""


class Facets(Document, frozen=True, kw_only=True):
    """What a document can be found by: `id` is the document's."""

    business: str
    layer: Layer
    model: str
    """Version id."""
    fx: list[str]
    """A token for every set of equality fields with their values."""
    n0: Any = msgspec.UNSET
    n1: Any = msgspec.UNSET
    """Values of the fields with an order."""
    words: list[str] = []


class Extended(msgspec.Struct, frozen=True, kw_only=True):
    """Extension fields for a document to be made: checked, under the version `model`."""

    ext: Ext = {}
    model: str = ""


class MigrationState(StrEnum):
    """Where a migration is."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A document that does not fit the new version, and why."""

    document: str
    errors: list[FieldError]


class Migration(Document, frozen=True, kw_only=True):
    """The move of a model's documents to a version. Their old values are kept until `undo_until`."""

    business: str
    model: str
    layer: Layer
    version: str
    """Version id it leads to."""
    state: MigrationState = MigrationState.RUNNING
    cursor: str = ""
    """Id of the last document done."""
    total: int = 0
    moved: int = 0
    failed: int = 0
    kept: int = 0
    """When undone: documents that stayed as they are, having been edited since."""
    left_behind: list[LeftBehind] = []
    """The first of the documents that don't fit."""
    run: int = 1
    """Counts starts, resumptions and the undoing."""
    undo_until: Ms = 0


class DryRunState(StrEnum):
    """Where a dry run is."""

    RUNNING = "running"
    DONE = "done"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What came of moving documents in memory."""

    documents: int = 0
    unchanged: int = 0
    changed: int = 0
    """How many fit after a move."""
    failing: int = 0
    left_behind: list[LeftBehind] = []
    """The first of those that don't fit."""
    holding: dict[str, int] = {}
    """How many documents hold a value, by field id."""
    failing_at: dict[str, int] = {}
    """How many documents don't fit because of a field, by field id."""


class DryRun(Document, frozen=True, kw_only=True):
    """A draft tried on all documents of its layer, aside. Nothing but the counts is written."""

    business: str
    model: str
    layer: Layer
    text: str
    """The draft that is tried."""
    state: DryRunState = DryRunState.RUNNING
    total: int = 0
    cursor: str = ""
    """Id of the last document looked at."""
    counts: Counts


class Before(Document, frozen=True, kw_only=True):
    """What a document held before a migration. `id` is `<migration>:<document>`."""

    migration: str
    document: str
    ext: Ext
    model: str
    became: str
    """Digest of what the move made of `ext`: who still holds that was not edited since."""


FieldKey = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
