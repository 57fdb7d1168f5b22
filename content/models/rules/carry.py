"""Values carried from one version to another: renamed, converted, dropped, each field by its id."""

from collections.abc import Callable, Mapping
from typing import Any

from content.models.rules.fields import MAX_INTEGER, Field
from content.models.rules.richtext import escaped, plain
from schemas.models import FieldType as T


class _Kept:
    """Says that a value stays as it is: the validator then tells why it does not fit."""


KEPT = _Kept()
Convert = Callable[[Any], Any]


def _whole(value: Any) -> Any:
    number = _number(value)
    return int(number) if number is not KEPT and float(number).is_integer() else KEPT


def _number(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return KEPT
    if not abs(number) <= MAX_INTEGER:
        return KEPT
    return int(text) if text.lstrip("+-").isascii() and text.lstrip("+-").isdigit() else number


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _listed(value: Any) -> Any:
    return [value]


def _only(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else KEPT


_STRINGS = (T.TEXT, T.CHOICE, T.DATE, T.TIME, T.URL)
CONVERSIONS: Mapping[tuple[T, T], Convert] = {
    **{(one, other): _same for one in _STRINGS for other in _STRINGS},
    **{(one, T.TEXT): _text for one in (T.INTEGER, T.NUMBER, T.BOOLEAN)},
    **{(one, T.INTEGER): _whole for one in (T.TEXT, T.CHOICE, T.NUMBER)},
    **{(one, T.NUMBER): _number for one in (T.TEXT, T.CHOICE, T.INTEGER)},
    **{(one, T.RICH_TEXT): lambda value: escaped(str(value)) for one in _STRINGS},
    (T.RICH_TEXT, T.TEXT): lambda value: plain(value),
    (T.CHOICE, T.CHOICES): _listed,
    (T.CHOICES, T.CHOICE): _only,
}
"""How a value of one type becomes one of another; whether it then fits is for the validator to say."""


def conversion(was: Field, now: Field) -> Convert | None:
    """Give the way from one field's type to another's; None: there is none."""
    if (was.type, was.item_type) == (now.type, now.item_type):
        return _same
    if now.type is T.LIST and was.type is now.item_type:
        return _listed
    if was.type is T.LIST and now.type is was.item_type:
        return _only
    return CONVERSIONS.get((was.type, now.type))


def convertible(was: Field, now: Field) -> bool:
    """Tell whether there is a way from one field's type to another's."""
    return conversion(was, now) is not None


def carry(values: Mapping[str, Any], old: tuple[Field, ...], new: tuple[Field, ...]) -> dict[str, Any]:
    """Give values of the old fields under the new: those of deleted fields and unknown ones are left out.

    Defaults are not put in here, and what comes out may not fit: `fitted` does and says that.
    """
    before = {field.id: field for field in old}
    carried: dict[str, Any] = {}
    for field in new:
        was = before.get(field.id)
        if was is not None and was.key in values:
            carried[field.key] = _one(values[was.key], was, field)
    return carried


def _one(value: Any, was: Field, now: Field) -> Any:
    convert = conversion(was, now)
    converted = KEPT if convert is None else convert(value)
    if converted is KEPT:
        return value
    if now.type is T.GROUP and isinstance(converted, dict):
        return carry(converted, was.fields, now.fields)
    if now.fields and isinstance(converted, list):
        return [carry(one, was.fields, now.fields) if isinstance(one, dict) else one for one in converted]
    return converted


def dropped(values: Mapping[str, Any], old: tuple[Field, ...], new: tuple[Field, ...]) -> list[str]:
    """List the ids of fields whose values are left out."""
    stay = {field.id for field in new}
    return [field.id for field in old if field.key in values and field.id not in stay]
