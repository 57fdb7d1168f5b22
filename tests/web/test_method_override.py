"""A mini-program can't send PATCH: a POST that says so is one, and nothing else is."""

import pytest

from tests.web.api import Api, ok, problem
from tests.web.shop import Shop

PATCH = {"x-http-method-override": "PATCH"}


async def test_a_post_that_says_patch_edits(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    made = ok(await manager.get(f"/v1/products/{shop.cup.id}"))
    path = f"/v1/products/{made['id']}"
    unseen = await manager.post(path, {"title": "茶壶"}, headers=PATCH)
    assert problem(unseen) == (428, "precondition_required")

    edited = ok(await manager.post(path, {"title": "茶壶"}, headers=PATCH, rev=made["rev"]))
    assert edited["title"] == "茶壶"
    assert ok(await manager.get(path))["title"] == "茶壶"


@pytest.mark.parametrize("header", [{}, {"x-http-method-override": "DELETE"}])
async def test_no_other_method_hides_in_a_post(api: Api, shop: Shop, header: dict[str, str]) -> None:
    answer = await api.as_(shop.manager.token).post("/v1/products/prd_x", {"title": "茶壶"}, headers=header)
    assert problem(answer) == (405, "method_not_allowed")
