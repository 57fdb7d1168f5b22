"""Models and documents made at random, and by hand."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from content.models.rules.metaschema import META_ID
from schemas.models import FieldType as T

QUICK = settings(max_examples=40)
"""Each example makes and checks a whole model."""
Schema = dict[str, Any]
LABEL = {"zh": "字段", "en": "Field"}
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
CHOICES = ["红", "green", "b l u e"]


def field(kind: T | str, identifier: str, *, note: Schema | None = None, **limits: Any) -> Schema:
    """A field of a type, with the least it needs."""
    return {
        **plain_schema(T(kind)),
        **limits,
        "kaibo": {"id": identifier, "type": str(kind), "label": LABEL, **(note or {})},
    }


def model(properties: Schema, required: list[str] | None = None) -> Schema:
    return {
        "$schema": META_ID,
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
    }


def plain_schema(kind: T) -> Schema:
    from content.models.rules.fields import KINDS

    least: dict[T, Schema] = {
        T.TEXT: {"maxLength": 40},
        T.RICH_TEXT: {"maxLength": 400},
        T.CHOICE: {"enum": CHOICES},
        T.CHOICES: {"items": {"type": "string", "enum": CHOICES}, "maxItems": 3},
        T.LIST: {"items": {"type": "integer", "kaibo": {"type": "integer"}}, "maxItems": 4},
        T.GROUP: {"properties": {}, "required": []},
    }
    return {**KINDS[kind].fixed, **least.get(kind, {})}


def note_of(kind: T) -> Schema:
    return {"category": "cat_1"} if kind is T.TAG_CATEGORY else {}


LEAVES = [kind for kind in T if kind not in (T.LIST, T.GROUP)]


@st.composite
def fields(draw: st.DrawFn, prefix: str = "", depth: int = 2) -> Schema:
    """Between one and five fields; groups and lists hold fields in their turn."""
    made: Schema = {}
    for number, key in enumerate(draw(st.lists(KEYS, min_size=1, max_size=5, unique=True))):
        kind = draw(st.sampled_from(list(T) if depth else LEAVES))
        identifier = f"{prefix}{number}" if prefix else f"f{number}"
        note = note_of(kind)
        if kind is T.GROUP:
            inner = draw(fields(f"{identifier}_", depth - 1))
            need = draw(st.lists(st.sampled_from(sorted(inner)), unique=True))
            made[key] = field(kind, identifier, properties=inner, required=need)
        elif kind is T.LIST:
            held = draw(st.sampled_from([T.TEXT, T.NUMBER, T.DATE, T.CHOICE, T.PRODUCT, T.GEO_POINT]))
            made[key] = field(kind, identifier, items={**plain_schema(held), "kaibo": {"type": str(held)}})
        else:
            made[key] = field(kind, identifier, note=note)
    return made


@st.composite
def models(draw: st.DrawFn) -> Schema:
    properties = draw(fields())
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True))
    return model(properties, required)


IDENTIFIERS = {T.PRODUCT: "prd", T.STORE: "sto", T.TAG_CATEGORY: "tag", T.CREATOR: "crt", T.VIDEO: "cnt"}


def values(schema: Schema) -> st.SearchStrategy[Any]:
    """Values that fit a field or an item."""
    kind = T(schema["kaibo"]["type"])
    if kind in IDENTIFIERS:
        return st.from_regex(f"{IDENTIFIERS[kind]}_[0-9a-z]{{1,20}}", fullmatch=True)
    if kind is T.GROUP:
        return documents(schema)
    simple: dict[T, st.SearchStrategy[Any]] = {
        T.TEXT: TEXTS,
        T.RICH_TEXT: st.sampled_from(["<p>好</p>", "plain", "<ul><li>a <b>b</b></li></ul>", ""]),
        T.INTEGER: st.integers(-(1 << 53) + 1, (1 << 53) - 1),
        T.NUMBER: st.floats(-1e9, 1e9, allow_nan=False),
        T.BOOLEAN: st.booleans(),
        T.DATE: st.dates().map(str),
        T.TIME: st.from_regex(r"([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True),
        T.CHOICE: st.sampled_from(CHOICES),
        T.CHOICES: st.lists(st.sampled_from(CHOICES), max_size=3, unique=True),
        T.URL: st.from_regex(r"https://[a-z]{1,9}\.example/[a-z]{0,9}", fullmatch=True),
        T.IMAGE: st.from_regex(r"pic/biz_[a-z]{3}/[a-z0-9]{8}\.jpg", fullmatch=True),
        T.FILE: st.from_regex(r"file/[a-z]{3}/[a-z0-9]{8}\.pdf", fullmatch=True),
        T.GEO_POINT: st.fixed_dictionaries({"lat": st.floats(-90, 90), "lon": st.floats(-180, 180)}),
    }
    if kind is T.LIST:
        return st.lists(values(schema["items"]), max_size=schema["maxItems"])
    return simple[kind]


@st.composite
def documents(draw: st.DrawFn, schema: Schema) -> Schema:
    """Values that fit a model or a group: the required fields and some of the others."""
    made: Schema = {}
    for key, one in schema["properties"].items():
        if key in schema.get("required", []) or draw(st.booleans()):
            made[key] = draw(values(one))
    return made
