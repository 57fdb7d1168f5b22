"""API keys over HTTP: what one may, for how long, and how it ends."""

from typing import Any

import pytest

from content.authority import GRANTS
from content.keys.pace import A_SECOND, BURST, Pace
from content.keys.store import keys
from schemas.accounts import Role
from schemas.problems import CommonRefusal, Refused
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop, key_of, person
from workers.web.services import Services


async def made(api: Api, shop: Shop, *scopes: str, **more: Any) -> dict[str, Any]:
    new = {"name": "收银台", "scopes": {shop.business.id: list(scopes)}, **more}
    answer: dict[str, Any] = ok(await api.as_(shop.manager.token).post("/v1/keys", new), 201)
    return answer


async def states(api: Api, shop: Shop) -> dict[str, str]:
    page = ok(await api.as_(shop.operator.token).get(f"/v1/keys?business={shop.business.id}"))
    return {one["id"]: one["state"] for one in page["items"]}


async def test_a_key_acts_within_its_scopes_and_the_trail_names_it(
    api: Api, shop: Shop, services: Services
) -> None:
    new = await made(api, shop, "products.read", "products.create")
    assert new["secret"].startswith("kb_")
    stored = await services.db.collection(keys.name).find_one({"_id": new["key"]["id"]})
    assert stored is not None
    assert new["secret"] not in str(stored)
    till = api.as_(new["secret"])
    product = {"business": shop.business.id, "title": "盏", "price": {"amount": 1}}
    sold = ok(await till.post("/v1/products", product), 201)
    assert problem(await till.patch(f"/v1/products/{sold['id']}", {"title": "碗"}, rev=1)) == (
        403,
        "not_allowed",
    )
    assert problem(await till.post("/v1/products", {**product, "business": shop.other.id})) == (
        404,
        "not_found",
    )
    entry = await services.db.collection("audit").find_one({"target": sold["id"]})
    assert entry is not None
    assert (entry["actor"], entry["actor_name"]) == (new["key"]["account"], "收银台")
    me = ok(await till.get("/v1/me"))
    assert me["roles"] == {shop.business.id: ["service"]}
    listed = ok(await api.as_(shop.manager.token).get(f"/v1/keys?business={shop.business.id}"))
    assert listed["items"][0]["last_used_at"] > 0
    assert "secret" not in listed["items"][0]
    assert "hash" not in listed["items"][0]


async def test_a_key_never_may_more_than_its_maker(api: Api, shop: Shop, services: Services) -> None:
    here, manager = shop.business.id, api.as_(shop.manager.token)
    for scope, expected in (
        ("programs.erase", (403, "scope_not_yours")),
        ("members.invite", (422, "scope_unknown")),
        ("keys.create", (422, "scope_unknown")),
        ("accounts.set_roles", (422, "scope_unknown")),
        ("no.such", (422, "scope_unknown")),
        ("$where", (422, "invalid")),
    ):
        new = {"name": "n", "scopes": {here: [scope]}}
        assert problem(await manager.post("/v1/keys", new)) == expected, scope
    elsewhere = {"name": "n", "scopes": {shop.other.id: ["rooms.read"]}}
    assert problem(await manager.post("/v1/keys", elsewhere)) == (404, "not_found")
    wrong: list[dict[str, list[str]]] = [{}, {here: []}, {"*": ["rooms.read"]}]
    for nothing in wrong:
        assert problem(await manager.post("/v1/keys", {"name": "n", "scopes": nothing})) == (422, "invalid")

    new_key = await made(api, shop, "rooms.read", "rooms.edit")
    till = api.as_(new_key["secret"])
    ok(await till.get(f"/v1/rooms?business={here}"))
    second = await person(services, "second", {here: [Role.BUSINESS_OPERATOR]})
    path = f"/v1/accounts/{shop.manager.id}/roles/{here}"
    ok(await api.as_(second.token).put(path, {"roles": ["anchor"]}, rev=1))
    assert problem(await till.get(f"/v1/rooms?business={here}")) == (403, "not_allowed")
    edit = await till.patch(f"/v1/rooms/{shop.room.id}", {"title": "t"}, rev=1)
    assert problem(edit) == (403, "not_allowed")
    assert await states(api, shop) == {new_key["key"]["id"]: "weakened"}

    renewed = ok(await api.as_(second.token).post(f"/v1/keys/{new_key['key']['id']}/renew"))
    assert problem(await till.get("/v1/me")) == (401, "not_signed_in")
    ok(await api.as_(renewed["secret"]).get(f"/v1/rooms?business={here}"))
    assert await states(api, shop) == {new_key["key"]["id"]: "good"}


async def test_a_key_ends_when_revoked_expired_or_its_account_is_locked(
    api: Api, shop: Shop, services: Services
) -> None:
    revoked, expired, locked = [await made(api, shop, "rooms.read") for _ in range(3)]
    for one in (revoked, expired, locked):
        ok(await api.as_(one["secret"]).get("/v1/me"))
    manager, operator = api.as_(shop.manager.token), api.as_(shop.operator.token)
    ok(await manager.post(f"/v1/keys/{revoked['key']['id']}/revoke"))
    past = {"$set": {"expires_at": 1}}
    await services.db.collection(keys.name).update_one({"_id": expired["key"]["id"]}, past)
    ok(await operator.post(f"/v1/accounts/{locked['key']['account']}/disable"))
    for one in (revoked, expired, locked):
        assert problem(await api.as_(one["secret"]).get("/v1/me")) == (401, "not_signed_in")
        public = await api.as_(one["secret"]).get("/v1/feed?tab=live")
        assert problem(public) == (401, "not_signed_in")
    told = await states(api, shop)
    assert (told[revoked["key"]["id"]], told[expired["key"]["id"]]) == ("revoked", "expired")
    again = await manager.post(f"/v1/keys/{revoked['key']['id']}/renew")
    assert problem(again) == (409, "wrong_state")
    assert problem(await api.as_("kb_nothing").get("/v1/me")) == (401, "not_signed_in")


async def test_a_second_key_of_one_account_goes_on_when_the_first_ends(api: Api, shop: Shop) -> None:
    first = await made(api, shop, "rooms.read")
    account = first["key"]["account"]
    second = await made(api, shop, "rooms.read", account=account)
    assert second["key"]["account"] == account
    await made(api, shop, "rooms.read")
    hers = ok(
        await api.as_(shop.manager.token).get(f"/v1/keys?business={shop.business.id}&account={account}")
    )
    assert [one["id"] for one in hers["items"]] == [second["key"]["id"], first["key"]["id"]]
    ok(await api.as_(shop.manager.token).post(f"/v1/keys/{first['key']['id']}/revoke"))
    ok(await api.as_(second["secret"]).get("/v1/rooms"))
    stolen = {"name": "n", "scopes": {shop.other.id: ["rooms.read"]}, "account": account}
    assert problem(await api.as_(shop.rival.token).post("/v1/keys", stolen)) == (404, "not_found")


async def test_a_key_shows_each_business_its_own_scopes(api: Api, shop: Shop) -> None:
    both = {shop.business.id: ["rooms.read"], shop.other.id: ["orders.read"]}
    ok(await api.as_(shop.operator.token).post("/v1/keys", {"name": "n", "scopes": both}), 201)
    for whose, business in ((shop.manager, shop.business), (shop.rival, shop.other)):
        page = ok(await api.as_(whose.token).get(f"/v1/keys?business={business.id}"))
        assert page["items"][0]["scopes"] == {business.id: both[business.id]}
        assert page["items"][0]["elsewhere"] == 1


async def test_scopes_on_offer_are_those_that_can_be_given(api: Api, shop: Shop) -> None:
    offered = ok(await api.as_(shop.manager.token).get(f"/v1/scopes?business={shop.business.id}"))["scopes"]
    assert "rooms.read" in offered
    assert "programs.erase" not in offered
    assert not any(GRANTS[name].people_only for name in offered)
    ok(
        await api.as_(shop.manager.token).post(
            "/v1/keys", {"name": "all", "scopes": {shop.business.id: offered}}
        ),
        201,
    )


async def test_no_service_account_is_a_member_or_gets_roles(api: Api, shop: Shop) -> None:
    account = (await made(api, shop, "rooms.read"))["key"]["account"]
    manager, here = api.as_(shop.manager.token), shop.business.id
    listed = ok(await manager.get(f"/v1/members?business={here}&limit=100"))
    assert account not in {one["id"] for one in listed["items"]}
    raised = await manager.put(f"/v1/accounts/{account}/roles/{here}", {"roles": ["anchor"]}, rev=1)
    assert problem(raised) == (404, "not_found")
    assert problem(await manager.delete(f"/v1/members/{here}/{account}")) == (404, "not_found")


async def test_in_a_room_a_key_is_a_guest(api: Api, shop: Shop, services: Services) -> None:
    manager = api.as_(shop.manager.token)
    soon = {"room": shop.room.id, "title": "t", "starts_at": shop.business.created_at + 3_600_000}
    program = ok(await manager.post("/v1/programs", soon), 201)
    key = await key_of(services, shop.operator, {shop.business.id: ["programs.read"]})
    wanted = {"client": "client-1"}
    ticket = ok(await api.as_(key).post(f"/v1/programs/{program['id']}/ticket", wanted))
    assert ticket["role"] == "guest"


def test_a_key_has_a_pace() -> None:
    pace = Pace()
    for _ in range(int(BURST)):
        pace.step("acc_1", now=1.0)
    with pytest.raises(Refused) as refused:
        pace.step("acc_1", now=1.0)
    assert refused.value.code is CommonRefusal.TOO_MANY
    assert refused.value.data["retry_after"] == pytest.approx(1 / A_SECOND)
    pace.step("acc_2", now=1.0)
    pace.step("acc_1", now=1.0 + 1 / A_SECOND)
    with pytest.raises(Refused):
        pace.step("acc_1", now=1.0 + 1 / A_SECOND)
