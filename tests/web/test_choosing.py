"""Variants, stores and address books over HTTP, with what goes wrong there."""

from typing import Any

import pytest

from commerce.products.actions import SoldProducts
from content.programs.actions import create_program, open_program, set_shelf, stream_started
from content.programs.views import NewProgram, ShelfLine
from schemas.accounts import SYSTEM
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from tests.web.test_main_job import stream_of
from workers.web.services import Services

OPTIONS = [{"name": "颜色", "values": ["白", "青"]}]
PARCEL = {
    "type": "courier",
    "address": {"name": "阿明", "phone": "13800000000", "street": "文三路 1 号"},
}


@pytest.fixture
async def show(services: Services, shop: Shop) -> str:
    """A program on air with the cup on its shelf."""
    db = services.db
    program = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="live"))
    await set_shelf(db, SoldProducts(db), SYSTEM, program.id, [ShelfLine(product=shop.cup.id)])
    await open_program(db, services.tokens, SYSTEM, program.id)
    await stream_started(db, program.id, stream_of(program.id, shop.business.id))
    return program.id


async def _cups(api: Api, shop: Shop) -> dict[str, Any]:
    """Let the cup come in white and, at five yuan more, in green, of which there is one."""
    manager = api.as_(shop.manager.token)
    lines = [{"values": ["白"], "code": "C-W"}, {"values": ["青"], "surcharge": 500}]
    body = {"options": OPTIONS, "skus": lines}
    product = ok(await manager.put(f"/v1/products/{shop.cup.id}/skus", body, shop.cup.rev))
    green = {"sku": product["skus"][1]["id"], "quantity": 1}
    ok(await manager.post(f"/v1/products/{shop.cup.id}/stock/receive", green), 201)
    return dict(product)


def _order(show: str, shop: Shop, sku: str, amount: int, **rest: Any) -> dict[str, Any]:
    line = {"product": shop.cup.id, "sku": sku, "price": {"amount": amount}}
    return {"program": show, "lines": [{**line, **rest}], "delivery": PARCEL}


async def test_variants_are_set_over_the_revision_one_has_seen_and_once_per_key(api: Api, shop: Shop) -> None:
    manager, path = api.as_(shop.manager.token), f"/v1/products/{shop.cup.id}/skus"
    body = {"options": OPTIONS, "skus": [{"values": ["白"]}]}
    assert problem(await manager.put(path, body)) == (428, "precondition_required")
    first = await manager.send("PUT", path, json=body, rev=1, key="k-skus")
    again = await manager.send("PUT", path, json=body, rev=1, key="k-skus")
    assert ok(first)["skus"] == ok(again)["skus"]
    assert problem(await manager.put(path, body, 1)) == (412, "precondition_failed")
    for other in (shop.rival, shop.viewer):
        assert problem(await api.as_(other.token).put(path, body, 2)) == (404, "not_found")


async def test_a_variant_with_stock_is_not_removed_and_says_how_to_go_on(api: Api, shop: Shop) -> None:
    product = await _cups(api, shop)
    manager, path = api.as_(shop.manager.token), f"/v1/products/{shop.cup.id}/skus"
    white = {"id": product["skus"][0]["id"], "values": ["白"]}
    refused = await manager.put(path, {"options": OPTIONS, "skus": [white]}, product["rev"])
    assert problem(refused) == (409, "sku_in_use")
    assert "青" in refused.json()["title"]
    assert problem(await manager.delete(f"/v1/products/{shop.cup.id}")) == (409, "in_stock")
    green = {"id": product["skus"][1]["id"], "values": ["青"], "retired": True}
    ok(await manager.put(path, {"options": OPTIONS, "skus": [green]}, product["rev"]))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"options": OPTIONS}, "/skus"),
        ({"options": OPTIONS, "skus": [{"values": ["红"]}]}, "/skus/0/values/0"),
        ({"options": OPTIONS, "skus": [{"values": ["白"], "surcharge": -1}]}, "/skus/0/surcharge"),
        ({"options": OPTIONS, "skus": [{"values": ["白"], "id": "../etc"}]}, "/skus/0/id"),
        ({"options": OPTIONS, "skus": [{"values": ["白"], "price": 3}]}, "/skus/0"),
        ({"options": [{"name": "", "values": ["白"]}], "skus": []}, "/options/0/name"),
    ],
)
async def test_a_matrix_that_can_not_be_read_says_where(
    api: Api, shop: Shop, body: dict[str, Any], pointer: str
) -> None:
    answer = await api.as_(shop.manager.token).put(f"/v1/products/{shop.cup.id}/skus", body, 1)
    assert problem(answer) == (422, "invalid")
    told = answer.json()
    assert (told.get("errors") or [told["data"]])[0]["pointer"].startswith(pointer)


async def test_a_guest_sees_what_can_be_chosen_and_a_viewer_orders_it(
    api: Api, shop: Shop, show: str
) -> None:
    await _cups(api, shop)
    choice = ok(await api.get(f"/v1/programs/{show}/products/{shop.cup.id}"))
    white, green = choice["skus"]
    assert (white["left"], green["left"], green["price"]["amount"]) == (0, 1, 4400)
    assert problem(await api.get(f"/v1/programs/{show}/products/{shop.pot.id}")) == (404, "not_found")
    viewer = api.as_(shop.viewer.token)
    for sku, amount, expected in (
        ("", 3900, (422, "sku_unknown")),
        (f"sku_{shop.pot.id[4:]}", 3900, (422, "sku_unknown")),
        (green["id"], 3900, (409, "price_changed")),
        (white["id"], 3900, (409, "stock_short")),
    ):
        assert problem(await viewer.post("/v1/orders", _order(show, shop, sku, amount))) == expected
    for quantity in (0, 100):
        refused = await viewer.post("/v1/orders", _order(show, shop, green["id"], 4400, quantity=quantity))
        assert problem(refused) == (422, "invalid")
    too_many = await viewer.post("/v1/orders", _order(show, shop, green["id"], 4400, quantity=2))
    assert (problem(too_many), too_many.json()["data"]["left"]) == ((409, "stock_short"), 1)
    assert ok(await viewer.get("/v1/orders"))["items"] == []
    order = ok(await viewer.post("/v1/orders", _order(show, shop, green["id"], 4400)), 201)
    assert (order["lines"][0]["sku_title"], order["amount"]["amount"]) == ("青", 4400)


async def test_an_order_is_collected_at_a_store_of_the_show(api: Api, shop: Shop, show: str) -> None:
    product = await _cups(api, shop)
    manager, viewer = api.as_(shop.manager.token), api.as_(shop.viewer.token)
    new = {"business": shop.business.id, "name": "湖滨店", "address": "湖滨路 7 号"}
    store = ok(await manager.post("/v1/stores", new), 201)
    assert [one["name"] for one in ok(await api.get(f"/v1/programs/{show}/stores"))["items"]] == ["湖滨店"]
    wish = _order(show, shop, product["skus"][1]["id"], 4400)
    collect = {"type": "pick_up", "name": "阿明", "phone": "13800000000"}
    for wanted in ("", "sto_none"):
        refused = await viewer.post("/v1/orders", {**wish, "delivery": {**collect, "store": wanted}})
        assert problem(refused) == (422, "store_unknown")
    order = ok(await viewer.post("/v1/orders", {**wish, "delivery": {**collect, "store": store["id"]}}), 201)
    assert (order["store"]["name"], order["pick_up_code"]) == ("湖滨店", "")
    ok(await manager.patch(f"/v1/stores/{store['id']}", {"active": False}, store["rev"]))
    refused = await viewer.post("/v1/orders", {**wish, "delivery": {**collect, "store": store["id"]}})
    assert problem(refused) == (409, "store_closed")
    assert ok(await api.get(f"/v1/programs/{show}/stores"))["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"phone": "call me"}, "/phone"),
        ({"point": {"lat": 91, "lon": 0}}, "/point/lat"),
        ({"open": True}, ""),
    ],
)
async def test_a_store_that_can_not_be_is_refused(
    api: Api, shop: Shop, change: dict[str, Any], pointer: str
) -> None:
    body = {"business": shop.business.id, "name": "n", "address": "a", **change}
    answer = await api.as_(shop.manager.token).post("/v1/stores", body)
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


async def test_everybody_keeps_her_own_addresses(api: Api, shop: Shop) -> None:
    viewer, other = api.as_(shop.viewer.token), api.as_(shop.rival.token)
    assert problem(await api.get("/v1/addresses")) == (401, "not_signed_in")
    body = {"address": PARCEL["address"]}
    home = ok(await viewer.send("POST", "/v1/addresses", json=body, key="k-home"), 201)
    assert ok(await viewer.send("POST", "/v1/addresses", json=body, key="k-home"), 201)["id"] == home["id"]
    assert home["usual"] is True
    path = f"/v1/addresses/{home['id']}"
    assert problem(await viewer.patch(path, {"usual": True})) == (428, "precondition_required")
    assert problem(await other.patch(path, {"usual": True}, 1)) == (404, "not_found")
    assert problem(await other.delete(path)) == (404, "not_found")
    wrong = {"address": {**PARCEL["address"], "phone": "12"}}  # type: ignore[dict-item]
    assert problem(await viewer.patch(path, wrong, 1)) == (422, "invalid")
    assert [one["id"] for one in ok(await viewer.get("/v1/addresses"))["items"]] == [home["id"]]
    assert (await viewer.delete(path)).status_code == 204
    assert ok(await viewer.get("/v1/addresses"))["items"] == []
