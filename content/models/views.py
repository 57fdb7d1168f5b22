"""What goes over the wire about models and the values under them."""

from typing import Annotated, Any

import msgspec

from schemas.base import Ms, ShortText, Value
from schemas.models import (
    ContentModel,
    Counts,
    DryRun,
    DryRunState,
    Effect,
    FieldChange,
    FieldKey,
    Layer,
    ModelVersion,
)
from schemas.problems import FieldError

Schema = Annotated[
    dict[str, Any], msgspec.Meta(description="A JSON Schema (docs/schemas/content-model.json)")
]
Values = Annotated[dict[str, Any], msgspec.Meta(description="Extension fields")]


class NewModel(Value, frozen=True, kw_only=True):
    """A model to be begun."""

    business: str
    layer: Layer


class NewDraft(Value, frozen=True, kw_only=True):
    """What is to be the draft. Local `$ref`s are written out; fields without an id are given one."""

    schema: Schema


class ModelView(msgspec.Struct, frozen=True, kw_only=True):
    """A model with its draft."""

    id: str
    rev: int
    business: str
    layer: Layer
    latest: int
    draft: Schema
    updated_at: Ms


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """A published version."""

    id: str
    model: str
    business: str
    layer: Layer
    number: int
    schema: Schema
    changes: list[FieldChange]
    note: str
    by_name: str
    created_at: Ms


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a draft before it is saved. No document is looked at."""

    problems: list[FieldError]
    """What keeps it from being published."""
    changes: list[FieldChange] = []
    """What it changes of the newest version, each with the worst it can mean."""


class Rehearsal(Counts, frozen=True, kw_only=True):
    """What publishing the draft would do to the documents that are there. Nothing is written."""

    problems: list[FieldError]
    """What keeps the draft from being published."""
    changes: list[FieldChange] = []
    effect: Effect = Effect.COMPATIBLE
    """What it means for the documents that were looked at."""
    complete: bool = True
    """Whether these are all; if not, a dry run looks at the others."""
    dry_run: str = ""
    """The dry run of this draft that is under way, or whose counts these are."""


class DryRunView(msgspec.Struct, frozen=True, kw_only=True):
    """How far a dry run is, and what it found so far."""

    id: str
    model: str
    state: DryRunState
    total: int
    effect: Effect
    counts: Counts
    updated_at: Ms


class Publication(Value, frozen=True, kw_only=True):
    """The wish to publish a draft."""

    rev: Annotated[int, msgspec.Meta(ge=1, description="Revision of the model that was checked")]
    note: ShortText = ""
    accept_breaking: bool = False
    """Publish although documents don't fit: they stay under their version until they are edited."""


class ExtensionEdit(Value, frozen=True, kw_only=True):
    """All extension fields of a document; those left out are taken away or get their default."""

    ext: Values


class ExtensionView(msgspec.Struct, frozen=True, kw_only=True):
    """The extension fields of a document, and how they stand to the newest version."""

    document: str
    rev: int
    layer: Layer
    ext: Values
    model: str
    """Version they were written under; empty: none."""
    latest: str
    """Newest version; empty: none."""
    carried: Values = {}
    """The same under the newest version: renamed, converted, defaults put in."""
    errors: list[FieldError] = []
    """What of that does not fit the newest version."""
    changes: list[FieldChange] = []
    """What became of the fields since: renamed, deleted, retyped."""
    unknown: list[str] = []
    """Names that its own version does not know."""


Wanted = Annotated[list[str | int | float | bool], msgspec.Meta(min_length=1, max_length=10)]


class Span(Value, frozen=True, kw_only=True):
    """A range of values, both ends included; an end left out is open."""

    at_least: str | int | float | None = None
    at_most: str | int | float | None = None


class Search(Value, frozen=True, kw_only=True):
    """Which documents of a layer are wanted."""

    business: str
    layer: Layer
    equal: Annotated[dict[FieldKey, Wanted], msgspec.Meta(max_length=4)] = {}
    """For each field the values it may have; of several choices, one of them is enough."""
    within: Annotated[dict[FieldKey, Span], msgspec.Meta(max_length=1)] = {}
    """A range of one field, the one the list is sorted by."""
    sort: Annotated[str, msgspec.Meta(pattern="^(-?[a-z][a-z0-9_]{0,39})?$")] = ""
    """A field with an order, `-` before it: falling; empty: newest first."""
    words: Annotated[str, msgspec.Meta(max_length=60)] = ""
    cursor: Annotated[str, msgspec.Meta(max_length=400)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was found."""

    document: str
    layer: Layer
    title: str
    cover: str
    model: str
    ext: Values
    updated_at: Ms


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a result."""

    items: list[Hit]
    next_cursor: str | None = None
    behind: bool = False
    """Some documents are not yet moved to the newest version and can't be found by its fields."""


def show_model(model: ContentModel) -> ModelView:
    """Show a model."""
    return ModelView(
        id=model.id,
        rev=model.rev,
        business=model.business,
        layer=model.layer,
        latest=model.latest,
        draft=msgspec.json.decode(model.draft),
        updated_at=model.updated_at,
    )


def show_version(version: ModelVersion) -> VersionView:
    """Show a version."""
    return VersionView(
        id=version.id,
        model=version.model,
        business=version.business,
        layer=version.layer,
        number=version.number,
        schema=msgspec.json.decode(version.text),
        changes=version.changes,
        note=version.note,
        by_name=version.by_name,
        created_at=version.created_at,
    )


def show_dry_run(run: DryRun) -> DryRunView:
    """Show a dry run."""
    return DryRunView(
        id=run.id,
        model=run.model,
        state=run.state,
        total=run.total,
        effect=meant(run.counts),
        counts=run.counts,
        updated_at=run.updated_at,
    )


def meant(counts: Counts) -> Effect:
    """Say what publishing means for the documents that are there: each change may mean worse for others."""
    if counts.failing:
        return Effect.BREAKS
    if counts.changed:
        return Effect.NEEDS_MIGRATION
    return Effect.COMPATIBLE
