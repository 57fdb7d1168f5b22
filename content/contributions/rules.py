"""Pure decisions about contributions: what may be filled in, how much is taken, where one is on its way."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from content.forms.layers import base_of
from content.models.rules.compiled import Compiled, compiled
from content.models.rules.fields import Field, Schema
from content.models.rules.richtext import plain
from content.models.rules.values import fitted
from schemas.content import Content, ContentKind, ContentState
from schemas.models import FieldType as T
from schemas.models import Layer
from schemas.problems import CommonRefusal, FieldError, Refusal, RefusalCode
from schemas.publishing import Draft, DraftState

CONTRIBUTE = "contents.contribute"
"""What the audit calls what creators and customers hand in: anybody may, so it is no grant."""
TAKE_BACK = "contents.take_back"
"""And that they take back what is theirs."""
MAX_WAITING = 20
"""How much one contributor may have waiting in a business."""
MAX_A_DAY = 40
"""How often she may hand in there in a day, the same thing again among it."""

KINDS = (ContentKind.ARTICLE, ContentKind.PICTURE_SET)
WRITTEN = ("title", "intro", "body", "cover", "pictures")
"""The base fields that a contributor fills in; all else is the business's to say."""
_NEEDED: Mapping[ContentKind, str] = {ContentKind.ARTICLE: "body", ContentKind.PICTURE_SET: "pictures"}
"""What a kind is nothing without."""
_PLAIN = frozenset(
    {T.TEXT, T.RICH_TEXT, T.INTEGER, T.NUMBER, T.BOOLEAN, T.DATE, T.TIME, T.CHOICE, T.CHOICES, T.URL, T.IMAGE}
)


class ContributionRefusal(RefusalCode):
    """Why something is not handed in, or not shown."""

    NOT_TAKEN = "contributions_not_taken"
    SUSPENDED = "contributor_suspended"
    TOO_MANY_WAITING = "too_many_waiting"
    TOO_MANY_TODAY = "too_many_contributions"
    TAKEN_BACK = "taken_back"


class ContributionState(StrEnum):
    """Where a contribution is, as its author is told."""

    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """She took it back."""
    TAKEN_DOWN = "taken_down"
    """The business did."""


S = DraftState
_WORKED_ON = frozenset({S.EDITING, S.APPROVED, S.SCHEDULED})
"""States of a draft in which the business's people have it in hand."""


def state_of(content: Content, draft: Draft | None) -> ContributionState:
    """Tell where a contribution is."""
    if content.state is ContentState.PUBLISHED:
        return ContributionState.PUBLISHED
    if content.state is ContentState.WITHDRAWN:
        return ContributionState.WITHDRAWN if content.taken_back else ContributionState.TAKEN_DOWN
    sent_back = draft is not None and draft.state is S.SENT_BACK
    return ContributionState.SENT_BACK if sent_back else ContributionState.IN_REVIEW


def check_again(content: Content, draft: Draft | None) -> Refusal | None:
    """Refuse to take again what is shown, was taken down, or is just being worked on by the business."""
    state = state_of(content, draft)
    busy = draft is not None and draft.state in _WORKED_ON
    if state in (ContributionState.SENT_BACK, ContributionState.WITHDRAWN):
        return None
    if state is ContributionState.IN_REVIEW and not busy:
        return None
    expected = "a contribution that nobody works on and that is not shown"
    got = draft.state if busy and draft is not None else state
    return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": got})


def check_showable(content: Content) -> Refusal | None:
    """Refuse to show what its author took back."""
    return Refusal(ContributionRefusal.TAKEN_BACK) if content.taken_back else None


def can_fill(field: Field) -> bool:
    """Tell whether a contributor can fill a field in: what she can type, choose or photograph.

    What names things of the business (products, stores, tags, creators, files) its own people put in.
    """
    if field.type is T.LIST:
        return field.item_type is T.IMAGE or _captioned(field)
    return field.type in _PLAIN


def _captioned(field: Field) -> bool:
    """Tell whether a list holds pictures, each with at most a text beside it."""
    held = sorted(inner.type for inner in field.fields)
    return field.item_type is T.GROUP and held in ([T.IMAGE], [T.IMAGE, T.TEXT])


def is_offered(extension: Compiled | None) -> bool:
    """Tell whether a layer is offered: nothing is required of it that a contributor can't fill in."""
    return extension is None or all(can_fill(one) for one in extension.fields if one.required)


def base_form(kind: ContentKind) -> Schema:
    """Give the base fields that a contributor fills in, as a model of their own."""
    whole = base_of(Layer(kind))
    fields = {name: schema for name, schema in whole["properties"].items() if name in WRITTEN}
    return {**whole, "properties": fields, "required": [*whole["required"], _NEEDED[kind]]}


def check_needed(kind: ContentKind, fields: Mapping[str, Any]) -> FieldError | None:
    """Tell what a contribution is nothing without."""
    name = _NEEDED[kind]
    there = plain(fields[name]) if name == "body" else fields[name]
    return None if there else FieldError(pointer=f"/{name}", expected="a value")


def extension_form(extension: Compiled) -> tuple[Schema, list[Field]]:
    """Give the fields of a business's model that a contributor fills in, and those that are left to it."""
    hers = [one.key for one in extension.fields if can_fill(one)]
    schema = extension.schema
    form = {
        **schema,
        "properties": {key: schema["properties"][key] for key in hers},
        "required": [key for key in schema.get("required", ()) if key in hers],
    }
    return form, [one for one in extension.fields if one.key not in hers]


def fitted_extension(
    extension: Compiled | None, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldError]]:
    """Give a contributor's values as they are kept, and what is wrong with them."""
    if extension is None:
        return {}, [FieldError(pointer=f"/ext/{name}", expected="no such field") for name in list(given)[:9]]
    form, _ = extension_form(extension)
    return fitted(compiled(msgspec.json.encode(form).decode()), given, "/ext")


def with_others(
    extension: Compiled | None, hers: Mapping[str, Any], there: Mapping[str, Any]
) -> dict[str, Any]:
    """Put beside a contributor's values what the business's people filled in."""
    left = [] if extension is None else [one.key for one in extension.fields if not can_fill(one)]
    return {**hers, **{key: there[key] for key in left if key in there}}


def check_pace(waiting: int, today: int) -> Refusal | None:
    """Refuse what is too much."""
    if waiting >= MAX_WAITING:
        return Refusal(ContributionRefusal.TOO_MANY_WAITING, {"limit": MAX_WAITING})
    if today >= MAX_A_DAY:
        return Refusal(ContributionRefusal.TOO_MANY_TODAY, {"limit": MAX_A_DAY})
    return None


def images_in(extension: Compiled | None, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Give the pictures that extension fields name, each with its pointer."""
    for field in extension.fields if extension is not None else ():
        value = values.get(field.key)
        pointer = f"/ext/{field.key}"
        if field.type is T.IMAGE and isinstance(value, str):
            yield pointer, value
        elif field.type is T.LIST and isinstance(value, list):
            keys = [inner.key for inner in field.fields if inner.type is T.IMAGE]
            for place, one in enumerate(value):
                if isinstance(one, str) and field.item_type is T.IMAGE:
                    yield f"{pointer}/{place}", one
                elif isinstance(one, dict) and keys:
                    yield f"{pointer}/{place}/{keys[0]}", str(one.get(keys[0], ""))
