"""What is sent to models in bad faith over HTTP: a clear problem with its place, and nothing is kept."""

import time
from typing import Any

import pytest

from tests.content.models.making import field, model
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from tests.web.test_models import published

AT_ONCE_S = 2.0
"""Far above what any of these takes; an exploding pattern would take hours."""


def nested(levels: int, leaf: Any = 1) -> Any:
    for _ in range(levels):
        leaf = {"a": leaf}
    return leaf


def text(**limits: Any) -> dict[str, Any]:
    return model({"it": {**field("text", "it"), **limits}})


def looping(**defs: Any) -> dict[str, Any]:
    return {**model({"it": {"$ref": "#/$defs/a"}}), "$defs": defs}


DOUBLING = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        (looping(a={"$ref": "#/$defs/a"}), "/schema/properties/it/$ref"),
        (looping(a={"$ref": "#/$defs/b"}, b={"$ref": "#/$defs/a"}), "/schema/properties/it/$ref"),
        (looping(a={"items": {"$ref": "#"}}), "/schema/properties/it/items/$ref"),
        ({**model({"it": {"$ref": "https://example.com/s.json"}})}, "/schema/properties/it/$ref"),
        ({**model({"it": {"$ref": "file:///etc/passwd"}})}, "/schema/properties/it/$ref"),
        (nested(40), "/schema" + "/a" * 24),
    ],
    ids=["itself", "each other", "whole", "web", "disk", "deep"],
)
async def test_schemas_that_loop_lead_outside_or_are_deep_are_not_even_kept(
    schema: Any, pointer: str, api: Api, shop: Shop
) -> None:
    manager = api.as_(shop.manager.token)
    made = ok(await manager.post("/v1/models", {"business": shop.business.id, "layer": "room"}), 201)
    at = f"/v1/models/{made['id']}"
    answer = await manager.put(f"{at}/draft", {"schema": schema}, rev=1)
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert problem(await manager.post(f"{at}/check", {"schema": schema})) == (422, "invalid")
    assert ok(await manager.get(at)) == made


async def test_a_schema_that_doubles_at_every_step_is_refused_at_once(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    made = ok(await manager.post("/v1/models", {"business": shop.business.id, "layer": "room"}), 201)
    schema = {**model({"it": {"$ref": "#/$defs/d0"}}), "$defs": {**DOUBLING, "d40": {}}}
    started = time.monotonic()
    answer = await manager.post(f"/v1/models/{made['id']}/check", {"schema": schema})
    assert problem(answer) == (422, "invalid")
    assert time.monotonic() - started < AT_ONCE_S


async def test_a_pattern_that_explodes_elsewhere_is_quick_and_a_huge_one_refused(
    api: Api, shop: Shop
) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, text(pattern="^(a+)+$", maxLength=5_000))
    extension = f"/v1/documents/{shop.room.id}/extension"
    started = time.monotonic()
    answer = await manager.put(extension, {"ext": {"it": "a" * 4_999 + "!"}}, rev=1)
    assert problem(answer) == (422, "values_do_not_fit")
    [made] = ok(await manager.get(f"/v1/models?business={shop.business.id}"))["items"]
    for pattern in ("(a{500}){500}", "(?=a)b", "(a)\\1", "("):
        checked = ok(await manager.post(f"/v1/models/{made['id']}/check", {"schema": text(pattern=pattern)}))
        assert [one["pointer"] for one in checked["problems"]] == ["/properties/it/pattern"]
    assert time.monotonic() - started < AT_ONCE_S


@pytest.mark.parametrize(
    ("ext", "pointer"),
    [
        ({"$where": "sleep(9999)"}, "/ext/$where"),
        ({"it": {"$ne": ""}}, "/ext/it/$ne"),
        ({"a.b": 1}, "/ext/a.b"),
        ({"it\0": 1}, "/ext/it\0"),
        ({"it": nested(20)}, "/ext/it" + "/a" * 7),
        ({"it": list(range(6_000))}, "/ext/it"),
        ({"it": "x" * 41}, "/ext/it"),
        ({"it": 10**400}, "/ext/it"),
        ({"nobody": 1}, "/ext/nobody"),
    ],
    ids=["operator", "inner operator", "dots", "zero", "deep", "huge", "long", "large number", "unknown"],
)
async def test_values_that_smuggle_or_overflow_are_told_by_their_place(
    ext: Any, pointer: str, api: Api, shop: Shop
) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, text())
    extension = f"/v1/documents/{shop.room.id}/extension"
    answer = await manager.put(extension, {"ext": ext}, rev=1)
    assert problem(answer)[0] == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert ok(await manager.get(extension))["rev"] == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"equal": {"it": [{"$ne": ""}]}}, "/equal"),
        ({"equal": {"$where": ["1"]}}, "/equal"),
        ({"equal": {"it": ["a"] * 11}}, "/equal"),
        ({"within": {"it": {"at_least": {"$gt": ""}}}}, "/within"),
        ({"sort": "$natural"}, "/sort"),
        ({"business": {"$gt": ""}}, "/business"),
        ({"cursor": {"$gt": ""}}, "/cursor"),
        ({"words": ["$regex"]}, "/words"),
    ],
)
async def test_searches_take_no_operators(change: Any, pointer: str, api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, model({"it": field("text", "it", note={"filterable": True})}))
    wanted = {"business": shop.business.id, "layer": "room", **change}
    answer = await manager.post("/v1/library/search", wanted)
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


@pytest.mark.parametrize(
    "dirty",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="background:url(//evil)" onclick="x()">x</p>',
        "<iframe srcdoc='<script>1</script>'></iframe>",
        "<math><mtext></table></math><img src onerror=alert(1)>",
    ],
)
async def test_rich_text_that_runs_is_cleaned_before_it_is_kept(dirty: str, api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, model({"it": field("rich_text", "it")}))
    kept = ok(await manager.put(f"/v1/documents/{shop.room.id}/extension", {"ext": {"it": dirty}}, rev=1))
    html = kept["ext"]["it"].lower()
    assert not any(
        bad in html for bad in ("<script", "onerror", "onclick", "javascript:", "<iframe", "<svg", "style")
    )
