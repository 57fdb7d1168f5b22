"""What goes over the wire about drafts, reviews and revisions."""

from typing import Annotated, Any

import msgspec

from content.contents.views import Byline
from content.models.rules.told import pointer_of
from content.publishing.rules.readable import Readable
from content.publishing.rules.script import Op
from schemas.base import Ms, Value
from schemas.models import Layer
from schemas.problems import FieldError
from schemas.publishing import DraftState, Reason, Referred, Revision, RevisionOrigin, UseKind, Who

FaceBody = Annotated[
    dict[str, Any],
    msgspec.Meta(
        description="The editorial part of a document: base fields by name (GET /v1/forms/{layer}), "
        "empty ones left out, and `ext`"
    ),
]
MaybeAny = Any | msgspec.UnsetType


class DraftEdit(Value, frozen=True, kw_only=True):
    """The whole face of a draft; it may be unfinished."""

    face: FaceBody
    resolves: bool = False
    """The conflicts that were told are settled by this: what it says is meant."""


class SendBack(Value, frozen=True, kw_only=True):
    """Why a draft is sent back."""

    reason: Reason


class Publishing(Value, frozen=True, kw_only=True):
    """The wish to publish a draft: at once, or at a time."""

    at: Annotated[int, msgspec.Meta(ge=0, le=2**50, description="Epoch ms; null: now")] | None = None


class ConflictView(msgspec.Struct, frozen=True, kw_only=True):
    """A value that both the draft and somebody else changed; a side without a value has none there."""

    pointer: str
    base: MaybeAny = msgspec.UNSET
    """When the draft was begun."""
    mine: MaybeAny = msgspec.UNSET
    """In the draft."""
    theirs: MaybeAny = msgspec.UNSET
    """As published meanwhile."""


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """The working copy of a document; while nothing is worked on, it is what is published."""

    document: str
    business: str
    layer: Layer
    rev: int
    state: DraftState
    since: Ms
    face: FaceBody
    """What others published meanwhile is in it already, but for conflicts."""
    base: FaceBody
    """What was published when it was begun."""
    published: FaceBody
    """What is published now."""
    shown: bool
    """Whether what is published is seen by others than the business's own people."""
    model: str
    """Version that `ext` was written under; empty: none."""
    latest: str
    """Newest version; empty: none."""
    by: Byline | None
    """Its author, where that is not the business: a creator or a customer."""
    problems: list[FieldError]
    """What keeps it from being handed in and published, as far as it shows in the draft itself."""
    conflicts: list[ConflictView]
    authors: list[Who]
    submitted_by: Who | None
    reviewed_by: Who | None
    reason: str
    failure: str
    """Code of what kept it from being published at its time; empty: nothing."""
    publish_at: Ms | None
    number: int
    """Number of the newest revision; 0: none is kept yet."""
    updated_at: Ms


class ReviewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A draft on its way, in the queue."""

    document: str
    business: str
    layer: Layer
    title: str
    state: DraftState
    since: Ms
    rev: int
    authors: list[Who]
    submitted_by: Who | None
    reviewed_by: Who | None
    reason: str
    failure: str
    publish_at: Ms | None
    changed: list[str]
    """Names of the fields it changes."""
    by: Byline | None
    """Its author, where that is not the business: a creator or a customer."""


class RevisionView(msgspec.Struct, frozen=True, kw_only=True):
    """A revision in the list."""

    number: int
    title: str
    origin: RevisionOrigin
    by: Who | None
    approved_by: Who | None
    restored: int
    model: str
    created_at: Ms


class WholeRevision(RevisionView, frozen=True, kw_only=True):
    """A revision with what it held and referred to."""

    document: str
    layer: Layer
    face: FaceBody
    refers: list[Referred]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a field is called."""

    zh: str
    en: str


class PieceView(msgspec.Struct, frozen=True, kw_only=True):
    """A run of words: same and removed make the old text, same and added the new one."""

    op: Op
    text: str


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a list: same and removed make the old list, same and added the new one."""

    op: Op
    value: Any


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is not the same; a side without a value has none there."""

    pointer: str
    was_pointer: str
    """Where it stood before: elsewhere when its field was renamed."""
    labels: list[Label]
    """Of its field, after those of the groups that it is in."""
    type: str
    """Field type; empty: of no field that is known."""
    before: MaybeAny = msgspec.UNSET
    after: MaybeAny = msgspec.UNSET
    words: list[PieceView] = []
    """Of texts."""
    items: list[ItemView] = []
    """Of lists."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What changed from one revision to another."""

    document: str
    layer: Layer
    from_: Annotated[str, msgspec.Meta(description="`published`, `draft` or a number")] = msgspec.field(
        name="from"
    )
    to: str
    changes: list[ChangeView]
    names: dict[str, Label]
    """What values in it are called: things that are referred to by their titles, choices by their labels."""


class UseView(msgspec.Struct, frozen=True, kw_only=True):
    """A document that refers to what was asked for."""

    document: str
    layer: Layer
    title: str
    draft: bool
    """Its draft does."""
    pointers: list[str]
    """Where in it."""


Kind = UseKind


def show_revision(revision: Revision) -> RevisionView:
    """Show a revision in a list."""
    return RevisionView(**_of(revision, RevisionView))


def show_whole(revision: Revision) -> WholeRevision:
    """Show a revision with all it holds."""
    return WholeRevision(**_of(revision, WholeRevision))


def _of(revision: Revision, kind: type[RevisionView]) -> dict[str, Any]:
    return {name: getattr(revision, name) for name in kind.__struct_fields__}


def show_change(change: Readable) -> ChangeView:
    """Show a change."""
    return ChangeView(
        pointer=change.difference.pointer,
        was_pointer=pointer_of(change.was),
        labels=[Label(**one) for one in change.labels],
        type=change.type or "",
        before=change.difference.before,
        after=change.difference.after,
        words=[PieceView(op=one.op, text=one.text) for one in change.words],
        items=[ItemView(op=one.op, value=one.value) for one in change.items],
    )
