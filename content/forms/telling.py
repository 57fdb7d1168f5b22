"""How a component tells its form: order, kinds, labels. What the limits are, the structs of its actions say.

    FORM = form(
        "store",
        {"name": field(T.TEXT, "名称", "Name"), "phone": field(F.PHONE, "电话", "Telephone")},
        new=NewStore,
        edit=StoreEdit,
        known=("business",),
    )

A field that none of the structs has, a choice that they don't know, a needed field that nobody asks for: each
is an error when the module is imported.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from content.forms.kinds import FIXED, LIMITS, AnyKind, fixed, stored
from content.forms.taken import Taken, taken
from content.models.rules.fields import Schema
from content.models.rules.metaschema import META_ID
from schemas.models import FieldType as T

FORM_ID = "urn:kaibo:schema:form:1"
Fields = Mapping[str, Schema]
Said = tuple[str, str]
"""Chinese, English."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form, and what takes what is written into it."""

    noun: str
    schema: Schema
    new: type[msgspec.Struct] | None
    edit: type[msgspec.Struct] | None
    beside: Mapping[str, type[msgspec.Struct]]
    """Fields that an action of their own takes."""


def field(
    kind: AnyKind,
    zh: str,
    en: str,
    *,
    choices: Mapping[str, Said] | None = None,
    means: Mapping[str, Said] | None = None,
    of: Schema | None = None,
    fields: Fields | None = None,
    **told: Any,
) -> Schema:
    """Tell a field.

    `means`: what each choice means. `of`: what a list holds. `fields`: what a group holds. `told` are
    keywords of JSON Schema, or words of the note: `help`, `placeholder`, `wrong` (said where the pattern does
    not fit), `unit`, `prefix`, `suggests`, `autofill`, `group`; of accounts `role`, of programs `coming`;
    `half` (two stand in a row), `rows` (a group on one line), `aside` (written on the document itself, in no
    draft), `needed`.
    """
    note: Schema = {"type": kind, "label": _said((zh, en))}
    for name, said_of in (("choices", choices), ("means", means)):
        if said_of:
            note[name] = {one: _said(text) for one, text in said_of.items()}
    keywords = {name: value for name, value in told.items() if name in _KEYWORDS}
    others = {name: value for name, value in told.items() if name not in _KEYWORDS}
    note |= {name: _said(one) if isinstance(one, tuple) else one for name, one in others.items()}
    if choices and kind is T.CHOICE:
        keywords["enum"] = list(choices)
    if of is not None:
        keywords["items"] = of
    if fields is not None:
        keywords["properties"] = dict(fields)
    return {**fixed(kind), **keywords, "kaibo": note}


_KEYWORDS = frozenset({"minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems"}) | {
    "uniqueItems",
    "default",
}


def item(
    kind: AnyKind,
    *,
    fields: Fields | None = None,
    choices: Mapping[str, Said] | None = None,
    **keywords: Any,
) -> Schema:
    """Tell what a list holds; choices of texts are suggestions."""
    made: Schema = {**fixed(kind), **keywords, "kaibo": {"type": kind}}
    if choices:
        made["kaibo"]["choices"] = {one: _said(text) for one, text in choices.items()}
    if fields is not None:
        made["properties"] = dict(fields)
    return made


def _said(text: Said) -> dict[str, str]:
    return dict(zip(("zh", "en"), text, strict=True))


def form(
    noun: str,
    fields: Fields,
    *,
    new: type[msgspec.Struct] | None = None,
    edit: type[msgspec.Struct] | None = None,
    beside: Mapping[str, type[msgspec.Struct]] | None = None,
    document: type[msgspec.Struct] | None = None,
    known: tuple[str, ...] = (),
    groups: Mapping[str, Said] | None = None,
) -> Form:
    """Make the form of what `new` and `edit` take.

    `document`: says what stands in fields that nobody wrote on, where `new` does not. `known`: what the
    screen knows without asking.
    """
    by = {"new": taken(new), "edit": taken(edit)}
    usual = {
        name: {"default": one["default"]}
        for name, one in taken(document).fields.items()
        if one.get("default")
    }
    own = {name: taken(struct).fields[name] for name, struct in (beside or {}).items()}
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for name, told in fields.items():
        found = by["new"].fields.get(name) or by["edit"].fields.get(name) or own.get(name)
        if found is None:
            raise ValueError(f"{noun}: nothing takes {name}")
        made = _limited(f"{noun}.{name}", name, told, {**usual.get(name, {}), **found})
        made["kaibo"] |= _given(name, by["new"], by["edit"], own)
        if made["kaibo"].pop("needed", False) or _is_needed(name, found, by["new"]):
            required.append(name)
        properties[name] = made
    if unasked := by["new"].required - properties.keys() - set(known):
        raise ValueError(f"{noun}: nobody asks for {sorted(unasked)}")
    schema: Schema = {
        "$schema": FORM_ID,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    if groups:
        schema["kaibo"] = {"groups": {name: _said(text) for name, text in groups.items()}}
    return Form(noun=noun, schema=schema, new=new, edit=edit, beside=beside or {})


def _is_needed(name: str, found: Schema, new: Taken) -> bool:
    """Tell whether nothing is no answer: the action can't do without it, or takes no empty one."""
    least = found.get("minLength", 0) or found.get("minItems", 0)
    return name in new.required or bool(least and "default" not in found)


def _given(name: str, new: Taken, edit: Taken, own: Fields) -> Schema:
    """Tell a field that is given once, when the document is made, from one that it has only later."""
    if name in own or (not edit.fields and name in new.fields):
        return {}
    if name not in edit.fields:
        return {"given": "once"}
    return {} if name in new.fields or not new.fields else {"given": "later"}


def _limited(place: str, name: str, told: Schema, found: Schema) -> Schema:
    """Take over the limits of what an action takes; a form may ask for less, never for more."""
    kind = told["kaibo"]["type"]
    if "type" in FIXED[kind] and FIXED[kind]["type"] == "array" and "additionalProperties" in found:
        found = found["additionalProperties"]  # by business: a form is of one
    made: Schema = {"kaibo": {"id": name, **told["kaibo"]}}
    made |= {word: found[word] for word in sorted(LIMITS.get(kind, frozenset())) if word in found}
    made |= {word: value for word, value in told.items() if word != "kaibo"}
    for word, narrower in _NARROWER.items():
        if word in told and word in found and not narrower(told[word], found[word]):
            raise ValueError(f"{place}: {word} {told[word]} where the action takes {found[word]}")
    if "enum" in told and set(told["enum"]) != set(found.get("enum", ())):
        raise ValueError(f"{place}: choices {told['enum']}, the action takes {found.get('enum')}")
    if found.get("default") and "default" not in made:
        made["default"] = found["default"]
    if "items" in told:
        made["items"] = _inner(place, told["items"], found["items"])
    if kind is T.GROUP:
        made |= _inner(place, told, found)
    return made


def _inner(place: str, told: Schema, found: Schema) -> Schema:
    """Take over the limits of what a list or a group holds."""
    kind = told["kaibo"]["type"]
    words = LIMITS.get(kind, frozenset())
    made = {**{word: found[word] for word in sorted(words) if word in found}, **told}
    if "properties" in told:
        made["properties"] = {
            key: _limited(f"{place}.{key}", key, one, found["properties"][key])
            for key, one in told["properties"].items()
        }
        made["required"] = [key for key in told["properties"] if key in found.get("required", ())]
    return made


_NARROWER = {
    "minLength": int.__ge__,
    "maxLength": int.__le__,
    "minimum": int.__ge__,
    "maximum": int.__le__,
    "minItems": int.__ge__,
    "maxItems": int.__le__,
}

_OF_MODELS = ("id", "type", "label", "help", "unit", "choices", "category", "personal")


def as_model(schema: Schema) -> Schema:
    """Give the part of a form that drafts hold, as a model: only types that businesses have too."""
    drafted = {
        name: _plain(one) for name, one in schema["properties"].items() if not one["kaibo"].get("aside")
    }
    return {
        **{word: value for word, value in schema.items() if word != "kaibo"},
        "$schema": META_ID,
        "properties": drafted,
        "required": [name for name in schema["required"] if name in drafted],
    }


def _plain(told: Schema) -> Schema:
    note = {word: told["kaibo"][word] for word in _OF_MODELS if word in told["kaibo"]}
    made = {**told, "kaibo": {**note, "type": stored(note["type"])}}
    if "items" in told and "kaibo" in told["items"]:
        made["items"] = _plain(told["items"])
    if "properties" in told and note["type"] == T.GROUP:
        made["properties"] = {name: _plain(one) for name, one in told["properties"].items()}
    return made
