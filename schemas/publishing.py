"""Drafts beside published documents, the revisions that were published, and what refers to what."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec

from schemas.base import SECRET, Document, Ms
from schemas.models import Layer

Face = dict[str, Any]
"""The editorial part of a document: its base fields by name, those that are empty left out, and `ext`."""
Reason = Annotated[str, msgspec.Meta(max_length=500)]


class DraftState(StrEnum):
    """Where a draft is on its way to being published."""

    CLEAN = "clean"
    """Nothing is worked on: the draft is what is published."""
    EDITING = "editing"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    SCHEDULED = "scheduled"


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, by the name she had when she did it."""

    id: str
    name: str


class Draft(Document, frozen=True, kw_only=True):
    """The working copy of a document; its id is `drf_<document>`.

    Once made it stays, for its `rev` must never come twice: it also counts what is published.
    """

    document: str
    business: str
    layer: Layer
    title: str
    state: DraftState = DraftState.CLEAN
    since: Ms = 0
    """When it came into this state."""
    face: Annotated[Face, SECRET] = {}
    """The trail keeps the names of what was changed; the values, when they are published."""
    model: str = ""
    """Version of the content model that the extension fields were written under."""
    base: Annotated[Face, SECRET] = {}
    """What was published when it was begun."""
    authors: list[Who] = []
    """Everybody who wrote on it since it was begun."""
    submitted_by: Who | None = None
    reviewed_by: Who | None = None
    """Who approved it, or sent it back."""
    reason: str = ""
    """Why it was sent back, in the reviewer's words."""
    failure: str = ""
    """Code of what kept it from being published at its time."""
    publish_at: Ms | None = None
    scheduled_by: Who | None = None
    restored: int = 0
    """Number of the revision it was made from; 0: of none."""


class RevisionOrigin(StrEnum):
    """How a revision came to be."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    EDITED = "edited"
    """Edited in place, without a draft."""
    FOUND = "found"
    """What was there before the first change that was kept, or was changed by a process of ours."""


class Referred(msgspec.Struct, frozen=True, kw_only=True):
    """Something a revision refers to, and at which of its versions."""

    kind: str
    id: str
    pointer: str
    version: int = 0
    """Its revision when this was published; 0: it never changes."""


class Revision(Document, frozen=True, kw_only=True):
    """A snapshot of what was published, never changed again. Its id is `<document>.<number>`."""

    document: str
    business: str
    layer: Layer
    number: int
    title: str
    face: Face
    model: str = ""
    refers: list[Referred] = []
    origin: RevisionOrigin
    by: Who | None = None
    approved_by: Who | None = None
    restored: int = 0
    """Number of the revision that it was made from; 0: of none."""


class UseKind(StrEnum):
    """What can be asked for where it is used."""

    PRODUCT = "product"
    TAG = "tag"
    CREATOR = "creator"
    PICTURE = "picture"
    FILE = "file"
    CONTENT = "content"
    STORE = "store"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One reference: to what, and where in the document it stands."""

    ref: str
    """Kind and id with a space between."""
    pointer: str


class Uses(Document, frozen=True, kw_only=True):
    """All that a document refers to; `id` is the document's, or its draft's (`<document>~draft`)."""

    document: str
    business: str
    layer: Layer
    title: str
    draft: bool = False
    refs: list[str] = []
    """Each reference once: what the index finds it by."""
    uses: list[Use] = []
