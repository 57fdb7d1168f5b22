"""What the fields of forms are: the types that businesses have for their own, and a few more."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from content.models.rules.fields import KINDS, Schema
from schemas.models import FieldType as T


class FormKind(StrEnum):
    """Kinds that only our own forms have."""

    MOMENT = "moment"
    """A date and its time, epoch milliseconds."""
    MONEY = "money"
    AMOUNT = "amount"
    """Money as a bare number of minor units, where its currency is known."""
    ACCOUNT = "account"
    """Somebody of the business; `role`: only who has it."""
    ROOM = "room"
    PROGRAM = "program"
    BUSINESS = "business"
    CATEGORY = "category"
    """A tag category itself, where `tag_category` is a tag in one."""
    PHONE = "phone"
    PASSWORD = "password"
    STARS = "stars"
    ROLES = "roles"
    """What somebody is in the business."""
    CAST = "cast"
    """Who is what in one room."""
    SCOPES = "scopes"
    """What an API key may do in the business."""


F = FormKind
AnyKind = T | FormKind

_REFERENCE = {"type": "string"}
FIXED: Mapping[AnyKind, Schema] = {
    **{kind: dict(one.fixed) for kind, one in KINDS.items()},
    F.MOMENT: {"type": "integer"},
    F.MONEY: {"type": "object"},
    F.AMOUNT: {"type": "integer"},
    F.ACCOUNT: _REFERENCE,
    F.ROOM: _REFERENCE,
    F.PROGRAM: _REFERENCE,
    F.BUSINESS: _REFERENCE,
    F.CATEGORY: _REFERENCE,
    F.PHONE: {"type": "string"},
    F.PASSWORD: {"type": "string"},
    F.STARS: {"type": "integer"},
    F.ROLES: {"type": "array", "uniqueItems": True},
    F.CAST: {"type": "array"},
    F.SCOPES: {"type": "array", "uniqueItems": True},
}
"""Keywords that follow from a kind."""

_TEXT = frozenset({"minLength", "maxLength", "pattern"})
_NUMBER = frozenset({"minimum", "maximum"})
_MANY = frozenset({"minItems", "maxItems"})
LIMITS: Mapping[AnyKind, frozenset[str]] = {
    **{kind: frozenset(one.limits) & (_TEXT | _NUMBER | _MANY) for kind, one in KINDS.items()},
    T.GEO_POINT: frozenset({"properties", "required"}),
    F.MOMENT: _NUMBER,
    F.MONEY: frozenset({"properties", "required"}),
    F.AMOUNT: _NUMBER,
    F.PHONE: _TEXT,
    F.PASSWORD: _TEXT,
    F.STARS: _NUMBER,
    F.ROLES: _MANY,
    F.CAST: _MANY,
    F.SCOPES: _MANY,
}
"""Keywords that a form takes over from what the action takes. What is chosen and not typed has none."""


def stored(kind: str) -> T:
    """Give the type of models that a kind's values are of, for what only knows those."""
    return T.INTEGER if kind in (F.MOMENT, F.STARS, F.AMOUNT) else T(kind)


def fixed(kind: AnyKind) -> dict[str, Any]:
    """Give the keywords that follow from a kind."""
    return dict(FIXED[kind])
