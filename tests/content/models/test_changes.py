from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.models.rules.carry import carry, dropped
from content.models.rules.changes import changes, worst
from content.models.rules.compiled import compiled
from content.models.rules.fields import fields_of
from content.models.rules.inline import encoded
from content.models.rules.values import fitted
from schemas.models import ChangeKind as K
from schemas.models import Effect
from tests.content.models.making import LABEL, QUICK, Schema, documents, field, model, models

V = Effect
FILTERED = {"filterable": True}


def one(kind: str, identifier: str = "it", **said: Any) -> Schema:
    return field(kind, identifier, **said)


def told(old: Schema, new: Schema) -> list[tuple[K, V, str]]:
    return [(change.kind, change.effect, change.pointer) for change in changes(old, new)]


ONE = model({"size": one("integer")})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (ONE, ONE, []),
        (ONE, model({**ONE["properties"], "b": one("boolean", "b")}), [(K.ADDED, V.COMPATIBLE, "/b")]),
        (
            ONE,
            model({**ONE["properties"], "b": one("boolean", "b", note=FILTERED)}),
            [(K.ADDED, V.NEEDS_MIGRATION, "/b")],
        ),
        (ONE, model({**ONE["properties"], "b": one("boolean", "b")}, ["b"]), [(K.ADDED, V.BREAKS, "/b")]),
        (
            ONE,
            model({**ONE["properties"], "b": one("boolean", "b", default=False)}, ["b"]),
            [(K.ADDED, V.NEEDS_MIGRATION, "/b")],
        ),
        (ONE, model({"width": one("integer")}), [(K.RENAMED, V.NEEDS_MIGRATION, "/width")]),
        (ONE, model({}), [(K.DELETED, V.NEEDS_MIGRATION, "/size")]),
        (ONE, model({"size": one("text")}), [(K.RETYPED, V.NEEDS_MIGRATION, "/size")]),
        (ONE, model({"size": one("geo_point")}), [(K.RETYPED, V.BREAKS, "/size")]),
        (ONE, model({"size": one("integer", maximum=9)}), [(K.NARROWED, V.BREAKS, "/size")]),
        (model({"size": one("integer", maximum=9)}), ONE, [(K.WIDENED, V.COMPATIBLE, "/size")]),
        (ONE, model(ONE["properties"], ["size"]), [(K.NARROWED, V.BREAKS, "/size")]),
        (ONE, model({"size": one("integer", note=FILTERED)}), [(K.REINDEXED, V.NEEDS_MIGRATION, "/size")]),
        (
            ONE,
            model({"size": one("integer", note={"help": LABEL})}),
            [(K.DESCRIBED, V.COMPATIBLE, "/size")],
        ),
        (
            model({"it": one("choice", enum=["a", "b"])}),
            model({"it": one("choice", enum=["b", "c"])}),
            [(K.NARROWED, V.BREAKS, "/it")],
        ),
        (
            model({"it": one("choice", enum=["a"])}),
            model({"it": one("choice", enum=["a", "c"])}),
            [(K.WIDENED, V.COMPATIBLE, "/it")],
        ),
        (
            model({"who": one("group", "who", properties={"age": one("integer", "age")})}),
            model({"who": one("group", "who", properties={"years": one("integer", "age")})}),
            [(K.RENAMED, V.NEEDS_MIGRATION, "/who/years")],
        ),
        (
            model({"it": one("list", items={"type": "integer", "kaibo": {"type": "integer"}}, maxItems=2)}),
            model(
                {
                    "it": one(
                        "list",
                        items={"type": "integer", "maximum": 3, "kaibo": {"type": "integer"}},
                        maxItems=2,
                    )
                }
            ),
            [(K.NARROWED, V.BREAKS, "/it")],
        ),
    ],
)
def test_every_change_is_told_with_what_it_means(old: Schema, new: Schema, expected: list[Any]) -> None:
    assert told(old, new) == expected


def test_the_worst_change_decides() -> None:
    assert worst([]) is V.COMPATIBLE
    assert worst([V.COMPATIBLE, V.BREAKS, V.NEEDS_MIGRATION]) is V.BREAKS


def test_a_first_version_changes_nothing_that_is_there() -> None:
    assert {change.kind for change in changes(None, ONE)} == {K.ADDED}


@QUICK
@given(st.data())
def test_a_version_without_changes_leaves_every_document_as_it_is(data: st.DataObject) -> None:
    schema = data.draw(models())
    document = data.draw(documents(schema))
    assert changes(schema, schema) == []
    again = carry(document, fields_of(schema), fields_of(schema))
    assert msgspec.json.encode(again) == msgspec.json.encode(document)


@QUICK
@given(st.data())
def test_what_is_renamed_there_and_back_again_is_the_same(data: st.DataObject) -> None:
    schema = data.draw(models())
    document = data.draw(documents(schema))
    there = {**schema, "properties": {f"n{n}": each for n, each in enumerate(schema["properties"].values())}}
    old, new = fields_of(schema), fields_of(there)
    moved = carry(document, old, new)
    assert len(moved) == len(document)
    assert msgspec.json.encode(carry(moved, new, old)) == msgspec.json.encode(document)


@QUICK
@given(st.data())
def test_what_changes_call_compatible_fits_without_a_move(data: st.DataObject) -> None:
    old, new = data.draw(models()), data.draw(models())
    document = data.draw(documents(old))
    found = changes(old, new)
    if worst([change.effect for change in found]) is V.COMPATIBLE:
        assert fitted(compiled(encoded(new)), document)[1] == []


@pytest.mark.parametrize(
    ("was", "now", "value", "becomes"),
    [
        ("integer", "number", 3, 3),
        ("number", "integer", 3.0, 3),
        ("number", "integer", 3.5, 3.5),
        ("text", "integer", " 42 ", 42),
        ("text", "integer", "4e1", 40),
        ("text", "integer", "many", "many"),
        ("text", "number", "1.5", 1.5),
        ("text", "number", "nan", "nan"),
        ("integer", "text", 3, "3"),
        ("boolean", "text", True, "true"),
        ("text", "rich_text", "a < b", "a &lt; b"),
        ("rich_text", "text", "<p>a</p><p>b</p>", "a b"),
        ("text", "date", "2026-01-02", "2026-01-02"),
        ("choice", "choices", "红", ["红"]),
        ("choices", "choice", ["红"], "红"),
        ("choices", "choice", ["红", "green"], ["红", "green"]),
        ("integer", "list", 3, [3]),
        ("list", "integer", [3], 3),
        ("boolean", "geo_point", True, True),
    ],
)
def test_values_are_converted_where_nothing_is_lost(was: str, now: str, value: Any, becomes: Any) -> None:
    old, new = (fields_of(model({"it": one(kind)})) for kind in (was, now))
    carried = carry({"it": value}, old, new)
    assert carried == {"it": becomes}
    assert type(carried["it"]) is type(becomes)


def test_fields_in_groups_and_rows_are_carried_by_their_ids() -> None:
    def rows(key: str, inner: str) -> Schema:
        row = {
            "type": "object",
            "additionalProperties": False,
            "properties": {inner: one("text", "row_name")},
        }
        return one("list", "rows", items={**row, "kaibo": {"type": "group"}}) | {}

    old = model({"rows": rows("rows", "name"), "gone": one("boolean", "gone")})
    new = model({"people": rows("people", "title")})
    document = {"rows": [{"name": "a"}, {"name": "b"}], "gone": True, "unknown": 1}
    assert carry(document, fields_of(old), fields_of(new)) == {"people": [{"title": "a"}, {"title": "b"}]}
    assert dropped(document, fields_of(old), fields_of(new)) == ["gone"]
