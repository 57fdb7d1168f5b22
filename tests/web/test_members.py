"""Members over HTTP: invited, added, changed, removed; a business keeps an operator."""

import asyncio
from typing import Any

import httpx
import msgspec

from content.accounts.store import accounts
from content.members.rules import LASTS_MS
from content.members.store import invitations
from schemas.accounts import Role
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop, key_of, person
from workers.web.services import Services


async def invited(api: Api, shop: Shop, *roles: str) -> dict[str, Any]:
    new = {"business": shop.business.id, "roles": list(roles), "note": "小周"}
    made: dict[str, Any] = ok(await api.as_(shop.manager.token).post("/v1/invitations", new), 201)
    return made


async def accept(api: Api, token: str, **more: Any) -> httpx.Response:
    return await api.post("/v1/invitations/accept", {"token": token, **more})


async def members(api: Api, shop: Shop, **query: str) -> dict[str, dict[str, Any]]:
    asked = {"business": shop.business.id, "limit": "100", **query}
    page = ok(await api.as_(shop.manager.token).get("/v1/members", params=asked))
    return {one["id"]: one for one in page["items"]}


async def test_a_link_makes_a_new_account_a_member_once(api: Api, shop: Shop, services: Services) -> None:
    made = await invited(api, shop, "editor", "reviewer")
    token = made["token"]
    assert token not in str(await services.db.collection("invitations").find({}))
    offer = ok(await api.post("/v1/invitations/look", {"token": token}))
    assert (offer["business_name"], offer["roles"]) == (shop.business.name, ["editor", "reviewer"])

    new = {"login": f"zhou-{shop.business.id}", "name": "小周", "password": "long enough"}
    joined = await accept(api, token, person=new)
    session = ok(joined)["session"]
    assert session["token"] in joined.headers["set-cookie"]
    api.client.cookies.clear()
    me = ok(await api.as_(session["token"]).get("/v1/me"))
    assert me["roles"] == {shop.business.id: ["editor", "reviewer"]}
    assert (await members(api, shop))[me["id"]]["login"] == new["login"]

    for again in (await accept(api, token, person={**new, "login": "another"}), await accept(api, token)):
        assert problem(again) in ((401, "not_signed_in"), (410, "invitation_over"))
    listed = ok(await api.as_(shop.manager.token).get(f"/v1/invitations?business={shop.business.id}"))
    assert [(one["state"], one["accepted_by_name"]) for one in listed["items"]] == [("accepted", "小周")]
    assert "token" not in listed["items"][0]


async def test_an_existing_account_joins_and_keeps_what_it_has(api: Api, shop: Shop) -> None:
    token = (await invited(api, shop, "reviewer"))["token"]
    rival = api.as_(shop.rival.token)
    joined = ok(await accept(rival, token))
    assert joined["session"] is None
    assert joined["account"]["roles"][shop.business.id] == ["reviewer"]
    assert joined["account"]["roles"][shop.other.id] == ["business_operator", "anchor"]
    ok(await rival.get(f"/v1/rooms?business={shop.business.id}"))


async def test_two_who_open_one_link_at_once_one_joins(api: Api, shop: Shop) -> None:
    token = (await invited(api, shop, "editor"))["token"]
    both = (api.as_(shop.viewer.token), api.as_(shop.rival.token))
    answers = await asyncio.gather(*(accept(one, token) for one in both))
    assert sorted(one.status_code for one in answers) == [200, 410]
    joined = [one for one in (shop.viewer.id, shop.rival.id) if one in await members(api, shop)]
    assert len(joined) == 1


async def test_a_link_ends_when_revoked_expired_or_its_maker_is_gone(
    api: Api, shop: Shop, services: Services
) -> None:
    viewer, manager = api.as_(shop.viewer.token), api.as_(shop.manager.token)
    revoked, expired, orphaned = [await invited(api, shop, "editor") for _ in range(3)]
    for _ in range(2):
        gone = ok(await manager.post(f"/v1/invitations/{revoked['invitation']['id']}/revoke"))
        assert gone["state"] == "revoked"
    past = {"$inc": {"expires_at": -LASTS_MS}}
    where = {"_id": expired["invitation"]["id"]}
    await services.db.collection(invitations.name).update_one(where, past)
    for made in (revoked, expired):
        assert problem(await accept(viewer, made["token"])) == (410, "invitation_over")
        assert problem(await api.post("/v1/invitations/look", {"token": made["token"]}))[0] == 410
    assert problem(await accept(viewer, "kbi_nothing-like-it")) == (404, "invitation_unknown")

    path = f"/v1/accounts/{shop.manager.id}/roles/{shop.business.id}"
    second = await person(services, "second", {shop.business.id: [Role.BUSINESS_OPERATOR]})
    ok(await api.as_(second.token).put(path, {"roles": ["anchor"]}, rev=1))
    assert problem(await accept(viewer, orphaned["token"])) == (410, "invitation_over")
    assert shop.viewer.id not in await members(Api(api.client), _as_kept_by(shop, second.token))


def _as_kept_by(shop: Shop, token: str) -> Shop:
    return msgspec.structs.replace(shop, manager=msgspec.structs.replace(shop.manager, token=token))


async def test_nobody_gives_what_is_not_hers(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    here, there = shop.business.id, shop.other.id
    for roles, business, expected in (
        (["operator"], here, (422, "invalid")),
        (["service"], here, (422, "invalid")),
        ([], here, (422, "invalid")),
        (["editor"], there, (404, "not_found")),
    ):
        new = {"business": business, "roles": roles}
        assert problem(await manager.post("/v1/invitations", new)) == expected, roles
        newcomer = {**new, "login": shop.viewer.login}
        assert problem(await manager.post("/v1/members", newcomer)) == expected, roles
    assert shop.viewer.id not in await members(api, shop)


async def test_an_account_is_added_by_its_login(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    new = {"business": shop.business.id, "login": f"  {shop.viewer.login.upper()} ", "roles": ["supplier"]}
    added = ok(await manager.post("/v1/members", new), 201)
    assert (added["id"], added["roles"]) == (shop.viewer.id, ["supplier"])
    assert problem(await manager.post("/v1/members", new)) == (409, "already_a_member")
    nobody = {**new, "login": "nobody at all"}
    assert problem(await manager.post("/v1/members", nobody)) == (422, "login_unknown")
    suppliers = await members(api, shop, role="supplier")
    assert set(suppliers) == {shop.viewer.id, shop.supplier.id}
    found = set(await members(api, shop, q=shop.viewer.login[:8]))
    assert shop.viewer.id in found
    assert shop.manager.id not in found


async def test_editors_see_who_is_a_member_but_no_logins(api: Api, shop: Shop) -> None:
    page = ok(await api.as_(shop.editor.token).get(f"/v1/members?business={shop.business.id}"))
    assert {one["login"] for one in page["items"]} == {""}
    by_login = await api.as_(shop.editor.token).get(
        f"/v1/members?business={shop.business.id}&q={shop.manager.login}"
    )
    assert ok(by_login)["items"] == []


async def test_who_is_removed_may_nothing_at_once(api: Api, shop: Shop, services: Services) -> None:
    manager, assistant = api.as_(shop.manager.token), api.as_(shop.assistant.token)
    ok(await assistant.get(f"/v1/rooms?business={shop.business.id}"))
    ok(await manager.delete(f"/v1/members/{shop.business.id}/{shop.assistant.id}"), 204)
    gone = await assistant.get(f"/v1/rooms?business={shop.business.id}")
    assert problem(gone) == (404, "not_found")
    assert shop.assistant.id not in await members(api, shop)
    assert (await accounts.get(services.db, shop.assistant.id)).businesses == []
    again = await manager.delete(f"/v1/members/{shop.business.id}/{shop.assistant.id}")
    assert problem(again) == (404, "not_found")


async def test_everybody_may_leave_but_the_last_operator(api: Api, shop: Shop, services: Services) -> None:
    here = shop.business.id
    ok(await api.as_(shop.editor.token).delete(f"/v1/members/{here}/{shop.editor.id}"), 204)
    manager, operator = api.as_(shop.manager.token), api.as_(shop.operator.token)
    last = (409, "last_operator")
    assert problem(await manager.delete(f"/v1/members/{here}/{shop.manager.id}")) == last
    assert problem(await operator.delete(f"/v1/members/{here}/{shop.manager.id}")) == last
    path = f"/v1/accounts/{shop.manager.id}/roles/{here}"
    assert problem(await operator.put(path, {"roles": ["anchor"]}, rev=1)) == last
    locked = await person(services, "locked", {here: [Role.BUSINESS_OPERATOR]})
    ok(await operator.post(f"/v1/accounts/{locked.id}/disable"))
    assert problem(await manager.delete(f"/v1/members/{here}/{shop.manager.id}")) == last
    ok(await operator.post(f"/v1/accounts/{locked.id}/enable"))
    ok(await manager.delete(f"/v1/members/{here}/{shop.manager.id}"), 204)


async def test_two_operators_who_remove_each_other_leave_one(
    api: Api, shop: Shop, services: Services
) -> None:
    here = shop.business.id
    second = await person(services, "second", {here: [Role.BUSINESS_OPERATOR]})
    answers = await asyncio.gather(
        api.as_(shop.manager.token).delete(f"/v1/members/{here}/{second.id}"),
        api.as_(second.token).delete(f"/v1/members/{here}/{shop.manager.id}"),
    )
    assert sorted(one.status_code for one in answers)[0] == 204
    left = [await accounts.get(services.db, one) for one in (shop.manager.id, second.id)]
    assert sum(Role.BUSINESS_OPERATOR in one.roles.get(here, ()) for one in left) == 1


async def test_a_key_joins_nothing(api: Api, shop: Shop, services: Services) -> None:
    token = (await invited(api, shop, "editor"))["token"]
    key = await key_of(services, shop.operator, {shop.business.id: ["rooms.read"]})
    assert problem(await accept(api.as_(key), token)) == (403, "not_allowed")
    assert problem(await accept(api, token)) == (401, "not_signed_in")


async def test_a_supplier_sees_her_own_and_nothing_else(api: Api, shop: Shop, services: Services) -> None:
    here, supplier = shop.business.id, api.as_(shop.supplier.token)
    new = {"business": here, "title": "杯", "price": {"amount": 100}}
    assert problem(await supplier.post("/v1/products", new)) == (404, "not_found")
    hers = ok(await supplier.post("/v1/products", {**new, "supplier": shop.supplier.id}), 201)
    for path in ("/v1/products", f"/v1/products?business={here}"):
        assert [one["id"] for one in ok(await supplier.get(path))["items"]] == [hers["id"]]
    assert problem(await supplier.get(f"/v1/products/{shop.cup.id}")) == (404, "not_found")
    taken = await supplier.patch(f"/v1/products/{hers['id']}", {"supplier": ""}, rev=1)
    assert problem(taken) == (404, "not_found")
    nobody = {"supplier": shop.viewer.id}
    wrong = await api.as_(shop.manager.token).patch(f"/v1/products/{hers['id']}", nobody, rev=1)
    assert problem(wrong) == (422, "not_a_supplier")

    manager = api.as_(shop.manager.token)
    drafts = [
        ok(await manager.post("/v1/programs", {"room": shop.room.id, "title": title}), 201)
        for title in ("with", "without")
    ]
    for program, product in zip(drafts, (hers["id"], shop.cup.id), strict=True):
        shelf = {"offers": [{"product": product}]}
        ok(await manager.put(f"/v1/programs/{program['id']}/shelf", shelf, rev=1))
    for path in ("/v1/programs", f"/v1/programs?business={here}"):
        assert [one["title"] for one in ok(await supplier.get(path))["items"]] == ["with"]
    ok(await supplier.get(f"/v1/programs/{drafts[0]['id']}"))
    assert problem(await supplier.get(f"/v1/programs/{drafts[1]['id']}")) == (404, "not_found")
    ok(await manager.delete(f"/v1/members/{here}/{shop.supplier.id}"), 204)
    assert problem(await supplier.get(f"/v1/products/{hers['id']}")) == (404, "not_found")
    assert ok(await supplier.get("/v1/programs"))["items"] == []


async def test_an_export_is_for_who_may_read_what_is_in_it(api: Api, shop: Shop) -> None:
    wanted = {"business": shop.business.id, "noun": "members"}
    editor, manager = api.as_(shop.editor.token), api.as_(shop.manager.token)
    assert problem(await editor.post("/v1/exports", wanted)) == (403, "not_allowed")
    export = ok(await manager.post("/v1/exports", wanted), 201)["id"]
    ok(await manager.get(f"/v1/exports/{export}"))
    for path in (f"/v1/exports/{export}", f"/v1/exports/{export}/file"):
        assert problem(await editor.get(path)) == (403, "not_allowed")
