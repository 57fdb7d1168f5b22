import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

from content.models.rules.check import check
from content.models.rules.fields import KINDS
from content.models.rules.inline import completed, encoded, inline, with_ids
from content.models.rules.metaschema import metaschema, validator
from schemas.models import FieldType as T
from schemas.problems import FieldError
from tests.content.models.making import LABEL, QUICK, Schema, field, model, models, note_of

FILE = Path(__file__).parents[3] / "docs" / "schemas" / "content-model.json"


def where(schema: Schema) -> list[str]:
    return [one.pointer for one in check(schema)]


def test_the_meta_schema_in_the_docs_is_the_one_that_is_used() -> None:
    assert json.loads(FILE.read_text("utf-8")) == json.loads(msgspec.json.encode(metaschema()))


def test_every_type_and_flag_is_in_the_docs() -> None:
    page = (FILE.parents[1] / "content-models.md").read_text("utf-8")
    note = metaschema()["$defs"]["field"]["properties"]["kaibo"]["properties"]
    assert [name for name in [*T, *note] if f"`{name}`" not in page and f"kaibo.{name}" not in page] == []


@pytest.mark.parametrize("kind", T)
def test_every_type_is_sound_with_the_least_it_needs(kind: T) -> None:
    schema = model({"it": field(kind, "it", note=note_of(kind))}, ["it"])
    assert check(schema) == []
    validator(schema)


@QUICK
@given(models())
def test_a_model_is_the_same_after_export_and_import(schema: Schema) -> None:
    assert check(schema) == []
    text = encoded(schema)
    again = inline(msgspec.json.decode(text))
    assert not isinstance(again, FieldError)
    assert encoded(with_ids(again, frozenset())) == text


def changed(schema: Schema, path: str, value: Any) -> Schema:
    made = copy.deepcopy(schema)
    *steps, last = path.strip("/").split("/")
    at = made
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return made


GOOD = model(
    {
        "title": field("text", "title", note={"searchable": True}),
        "tier": field("choice", "tier", note={"filterable": True, "choices": {"红": LABEL}}),
        "size": field("integer", "size", minimum=1, maximum=9, default=3),
        "tags": field("list", "tags", items={"type": "string", "maxLength": 9, "kaibo": {"type": "text"}}),
        "who": field("group", "who", properties={"age": field("integer", "age")}, required=["age"]),
    },
    ["title"],
)


def test_the_example_is_sound() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        ("/$schema", "http://json-schema.org/draft-07/schema#", "/$schema"),
        ("/additionalProperties", True, "/additionalProperties"),
        ("/allOf", [{"$ref": "#"}], "/allOf"),
        ("/properties/Title", GOOD["properties"]["title"], "/properties/Title"),
        ("/properties/title/kaibo", ..., "/properties/title/kaibo"),
        ("/properties/title/kaibo/label", {"zh": "标题"}, "/properties/title/kaibo/label/en"),
        ("/properties/title/kaibo/type", "essay", "/properties/title/kaibo/type"),
        ("/properties/title/kaibo/colour", "red", "/properties/title/kaibo/colour"),
        ("/properties/title/maxLength", ..., "/properties/title/maxLength"),
        ("/properties/title/maxLength", 99_999, "/properties/title/maxLength"),
        ("/properties/title/minLength", 99, "/properties/title/minLength"),
        ("/properties/title/minimum", 1, "/properties/title/minimum"),
        ("/properties/title/$ref", "#", "/properties/title/$ref"),
        ("/properties/title/pattern", "(", "/properties/title/pattern"),
        ("/properties/title/pattern", "(?=a)b", "/properties/title/pattern"),
        ("/properties/title/pattern", "(a{500}){500}", "/properties/title/pattern"),
        ("/properties/size/minimum", 99, "/properties/size/minimum"),
        ("/properties/size/default", 99, "/properties/size/default"),
        ("/properties/size/kaibo/searchable", True, "/properties/size/kaibo/searchable"),
        ("/properties/size/kaibo/id", "tier", "/properties/size/kaibo/id"),
        ("/properties/tier/enum", [], "/properties/tier/enum"),
        ("/properties/tier/enum", ["green"], "/properties/tier/kaibo/choices/红"),
        ("/properties/tier/kaibo/personal", True, "/properties/tier/kaibo/filterable"),
        ("/properties/tags/items/kaibo/type", "list", "/properties/tags/items/kaibo/type"),
        ("/properties/tags/items/maxLength", ..., "/properties/tags/items/maxLength"),
        ("/properties/who/default", {"age": 1}, "/properties/who/default"),
        ("/properties/who/required", ["age", "name"], "/properties/who/required/1"),
        ("/properties/who/properties/age/kaibo/id", "size", "/properties/who/properties/age/kaibo/id"),
        ("/required", ["title", "nobody"], "/required/1"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(path: str, value: Any, pointer: str) -> None:
    assert where(changed(GOOD, path, value)) == [pointer]


def test_too_many_fields_and_levels_are_refused() -> None:
    wide = model({f"f{n}": field("boolean", f"f{n}") for n in range(101)})
    assert where(wide) == ["/properties"]
    deep = field("boolean", "bottom")
    for level in range(4):
        deep = field("group", f"g{level}", properties={f"in{level}": deep})
    [pointer] = where(model({"top": deep}))
    assert pointer == "/properties/top/properties/in3/properties/in2/properties/in1"
    endless: Schema = {}
    for _ in range(3_000):
        endless = {"properties": endless}
    assert len(where(endless)) == 1


def test_only_so_many_fields_are_filtered_by() -> None:
    equal = {f"b{n}": field("boolean", f"b{n}", note={"filterable": True}) for n in range(5)}
    assert where(model(equal)) == ["/properties/b4/kaibo/filterable"]
    ranged = {f"n{n}": field("number", f"n{n}", note={"filterable": True}) for n in range(3)}
    assert where(model(ranged)) == ["/properties/n2/kaibo/filterable"]
    several = {f"c{n}": field("choices", f"c{n}", note={"filterable": True}) for n in range(4)}
    assert where(model(several)) == ["/properties/c0/maxItems"]
    held = field("group", "who", properties={"b": field("boolean", "b", note={"filterable": True})})
    assert where(model({"who": held})) == ["/properties/who/properties/b/kaibo/filterable"]


REFERRING: Schema = {
    "$defs": {"label": {"zh": "名", "en": "Name"}, "name": field("text", "unused", maxLength=9)},
    **model({"name": {"$ref": "#/$defs/name", "kaibo": {"id": "name"}}}),
}


def test_references_inside_an_import_are_written_out() -> None:
    assert inline(REFERRING) == model({"name": field("text", "name", maxLength=9)})


@pytest.mark.parametrize(
    ("defs", "pointer"),
    [
        ({"a": {"$ref": "#/$defs/a"}}, "/properties/x/$ref"),
        ({"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "/properties/x/$ref"),
        ({"a": {"properties": {"y": {"$ref": "#/$defs/a"}}}}, "/properties/x/properties/y/$ref"),
        ({"a": {"$ref": "https://example.com/schema.json"}}, "/properties/x/$ref"),
        ({"a": {"$ref": "#/$defs/nowhere"}}, "/properties/x/$ref"),
    ],
)
def test_an_import_that_loops_or_leads_outside_is_refused(defs: Schema, pointer: str) -> None:
    refused = inline({"$defs": defs, "properties": {"x": {"$ref": "#/$defs/a"}}})
    assert isinstance(refused, FieldError)
    assert refused.pointer == pointer


def test_an_import_that_doubles_at_every_step_is_refused() -> None:
    defs: Schema = {
        f"d{n}": {"a": {"$ref": f"#/$defs/d{n + 1}"}, "b": {"$ref": f"#/$defs/d{n + 1}"}} for n in range(20)
    }
    refused = inline({"$defs": {**defs, "d20": {"type": "string"}}, "x": {"$ref": "#/$defs/d0"}})
    assert isinstance(refused, FieldError)
    chain: Schema = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(5_000)}
    refused = inline({"$defs": {**chain, "d5000": {}}, "x": {"$ref": "#/$defs/d0"}})
    assert isinstance(refused, FieldError)


def test_fields_without_an_id_get_one_that_no_other_has_or_had() -> None:
    nameless = model(
        {
            "size": {"type": "integer", "kaibo": {"type": "integer", "label": LABEL}},
            "b": field("boolean", "size_2"),
        }
    )
    named = with_ids(nameless, frozenset({"size"}))
    assert named["properties"]["size"]["kaibo"]["id"] == "size_3"
    assert check(named) == []


@pytest.mark.parametrize("kind", T)
def test_what_follows_from_a_type_may_be_left_out(kind: T) -> None:
    whole = model({"it": field(kind, "it", note=note_of(kind))})
    left_out = copy.deepcopy(whole)
    for name in KINDS[kind].fixed:
        left_out["properties"]["it"].pop(name)
    if kind is T.CHOICES:
        left_out["properties"]["it"]["items"].pop("type")
    assert check(left_out) != []
    assert completed(left_out) == whole
    assert encoded(completed(whole)) == encoded(whole)


def test_what_is_no_model_at_all_is_completed_to_nothing_worse() -> None:
    odd: list[Any] = [
        {"kaibo": 1},
        {"kaibo": {"type": []}},
        {"kaibo": {"type": "choices"}, "items": 1},
        {"x": [{}]},
    ]
    for one in odd:
        assert check(completed(one)) != []
