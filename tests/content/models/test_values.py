import copy
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from content.models.rules.check import check
from content.models.rules.compiled import Compiled, compiled
from content.models.rules.inline import encoded
from content.models.rules.richtext import clean
from content.models.rules.values import MAX_BYTES, fitted, references
from schemas.models import FieldType as T
from tests.content.models.making import QUICK, Schema, documents, field, model, models


def ready(schema: Schema) -> Compiled:
    assert check(schema) == []
    return compiled(encoded(schema))


def pointers(schema: Schema, given: Any) -> list[str]:
    return [one.pointer for one in fitted(ready(schema), given)[1]]


@QUICK
@given(st.data())
def test_a_document_that_fits_is_stored_as_it_came(data: st.DataObject) -> None:
    schema = data.draw(models())
    document = data.draw(documents(schema))
    stored, errors = fitted(ready(schema), document)
    assert errors == []
    assert stored == document
    assert fitted(ready(schema), stored) == (stored, [])


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of all simple values of a document."""
    if isinstance(value, dict):
        return [place for key, one in value.items() for place in places(one, (*path, key))]
    if isinstance(value, list):
        return [place for number, one in enumerate(value) for place in places(one, (*path, number))]
    return [path]


def put(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


@QUICK
@given(st.data())
def test_a_value_of_a_wrong_type_is_refused_where_it_is(data: st.DataObject) -> None:
    schema = data.draw(models())
    document = data.draw(documents(schema))
    inside = places(document)
    assume(inside)
    place = data.draw(st.sampled_from(inside))
    pointer = "".join(f"/{step}" for step in place)
    wrong = put(document, place, {"no": "such value"})
    found = pointers(schema, wrong)
    assert found
    assert all(one == pointer or one.startswith(f"{pointer}/") for one in found)


@QUICK
@given(st.data())
def test_an_unknown_field_is_refused_where_it_is(data: st.DataObject) -> None:
    schema = data.draw(models())
    document = data.draw(documents(schema))
    assert pointers(schema, {**document, "Unknown": 1}) == ["/Unknown"]


@QUICK
@given(st.data())
def test_a_missing_field_is_told_by_its_place(data: st.DataObject) -> None:
    schema = data.draw(models())
    assume(schema["required"])
    gone = data.draw(st.sampled_from(schema["required"]))
    document = {key: one for key, one in data.draw(documents(schema)).items() if key != gone}
    assert pointers(schema, document) == [f"/{gone}"]


SIZED = model(
    {
        "title": field("text", "title", maxLength=3, minLength=1, pattern="^[a-z]+$"),
        "count": field("integer", "count", minimum=1, maximum=9),
        "day": field("date", "day"),
        "at": field("time", "at"),
        "site": field("url", "site"),
        "colours": field("choices", "colours"),
        "numbers": field("list", "numbers"),
        "place": field("geo_point", "place"),
        "who": field("group", "who", properties={"age": field("integer", "age")}, required=["age"]),
    }
)


@pytest.mark.parametrize(
    ("given_values", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "abcd"}, "/title"),
        ({"title": "A"}, "/title"),
        ({"title": None}, "/title"),
        ({"count": 0}, "/count"),
        ({"count": 1.5}, "/count"),
        ({"count": True}, "/count"),
        ({"count": 1 << 60}, "/count"),
        ({"day": "2026-02-30"}, "/day"),
        ({"at": "24:00"}, "/at"),
        ({"site": "javascript:alert(1)"}, "/site"),
        ({"colours": ["红", "红"]}, "/colours"),
        ({"colours": ["pink"]}, "/colours/0"),
        ({"numbers": [1, 2, "3"]}, "/numbers/2"),
        ({"numbers": [1, 2, 3, 4, 5]}, "/numbers"),
        ({"place": {"lat": 91, "lon": 0}}, "/place/lat"),
        ({"place": {"lat": 1}}, "/place/lon"),
        ({"who": {}}, "/who/age"),
        ({"who": {"age": 1, "name": "x"}}, "/who/name"),
        ({"$where": "1"}, "/$where"),
        ({"who": {"age": {"$gt": 0}}}, "/who/age/$gt"),
        ({"a.b": 1}, "/a.b"),
    ],
)
def test_bad_values_are_told_by_their_place(given_values: Schema, pointer: str) -> None:
    assert pointers(SIZED, given_values) == [pointer]


def test_deep_and_huge_documents_are_refused_before_anything_looks_at_them() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = {"a": deep}
    assert pointers(SIZED, deep) == ["/a" * 8]
    assert pointers(SIZED, {"numbers": [0] * 100_000}) == ["/numbers"]
    long = model({f"t{n}": field("text", f"t{n}", maxLength=5_000) for n in range(20)})
    [error] = fitted(ready(long), {f"t{n}": "字" * 5_000 for n in range(20)})[1]
    assert (error.pointer, error.expected) == ("", f"at most {MAX_BYTES} bytes in all")


@pytest.mark.parametrize(
    ("dirty", "stored"),
    [
        ("<p onclick=steal()>hi</p>", "<p>hi</p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ("<img src=x onerror=alert(1)>", ""),
        ("<svg><style><img src=x></style></svg>", ""),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_rich_text_is_cleaned_wherever_it_stands(dirty: str, stored: str) -> None:
    rich = field("rich_text", "rich")
    held = field("rich_text", "held")
    row = {"type": "object", "properties": {"rich": {**held, "kaibo": {**held["kaibo"], "id": "row_rich"}}}}
    schema = model(
        {
            "rich": rich,
            "who": field("group", "who", properties={"rich": held}),
            "rows": field(
                "list", "rows", items={**row, "additionalProperties": False, "kaibo": {"type": "group"}}
            ),
        }
    )
    given_values = {"rich": dirty, "who": {"rich": dirty}, "rows": [{"rich": dirty}]}
    expected = {"rich": stored, "who": {"rich": stored}, "rows": [{"rich": stored}]}
    assert fitted(ready(schema), given_values) == (expected, [])


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_defaults_are_put_in_at_every_level() -> None:
    inner = field("integer", "age", default=18)
    schema = model(
        {
            "tier": field("choice", "tier", default="green"),
            "who": field("group", "who", properties={"age": inner}),
        }
    )
    assert fitted(ready(schema), {"who": {}})[0] == {"tier": "green", "who": {"age": 18}}
    assert fitted(ready(schema), {})[0] == {"tier": "green"}


def test_all_that_is_named_is_listed_with_its_place() -> None:
    item = {"type": "string", "pattern": "^prd_[0-9a-z]{1,40}$", "kaibo": {"type": "product"}}
    schema = model(
        {
            "gifts": field("list", "gifts", items=item),
            "tag": field("tag_category", "tag", note={"category": "cat_9"}),
            "who": field("group", "who", properties={"by": field("creator", "by")}),
        }
    )
    document = {"gifts": ["prd_a", "prd_b"], "tag": "tag_1", "who": {"by": "crt_1"}}
    assert fitted(ready(schema), document)[1] == []
    named = [
        (one.type, one.id, one.pointer, one.category) for one in references(ready(schema).fields, document)
    ]
    assert named == [
        (T.PRODUCT, "prd_a", "/gifts/0", ""),
        (T.PRODUCT, "prd_b", "/gifts/1", ""),
        (T.TAG_CATEGORY, "tag_1", "/tag", "cat_9"),
        (T.CREATOR, "crt_1", "/who/by", ""),
    ]


def test_a_pattern_that_explodes_elsewhere_is_quick_here() -> None:
    schema = model({"t": field("text", "t", maxLength=5_000, pattern="^(a+)+$")})
    assert pointers(schema, {"t": "a" * 4_999 + "b"}) == ["/t"]


def test_every_error_can_be_sent() -> None:
    errors = fitted(ready(SIZED), {"title": 5, "x": [], "colours": "no", "place": []})[1]
    assert msgspec.json.decode(msgspec.json.encode(errors))[0]["pointer"] == "/colours"
