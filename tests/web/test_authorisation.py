"""Every grant over HTTP: who may does it; who may not is told so, and nothing has happened."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from content.authority import GRANTS
from infra.clock import now_ms
from infra.mongo import Database
from schemas.ids import new_id
from tests.content.models.making import model
from tests.content.test_authority import HOLDERS
from tests.web.api import Api, problem
from tests.web.pictures import png
from tests.web.scene import NOTE, TIER, Call, Scene, json
from tests.web.shop import fresh_slug, key_of
from workers.web.services import Services

WATCHED = (
    "accounts",
    "api_keys",
    "audit",
    "businesses",
    "contents",
    "creators",
    "drafts",
    "facets",
    "files",
    "invitations",
    "jobs",
    "ledger_entries",
    "migrations",
    "model_versions",
    "model_dry_runs",
    "models",
    "orders",
    "stores",
    "outbox",
    "products",
    "programs",
    "revisions",
    "rooms",
    "saved_views",
    "stock_moves",
    "tag_categories",
    "tags",
)


PERSON = {"name": "new", "password": "12345678"}
REQUESTS: dict[str, Callable[[Scene], Call]] = {
    "accounts.create": lambda s: (
        "POST",
        "/v1/accounts",
        json({**PERSON, "login": new_id("new"), "roles": {s.shop.business.id: ["anchor"]}}),
    ),
    "accounts.set_roles": lambda s: (
        "PUT",
        f"/v1/accounts/{s.shop.viewer.id}/roles/{s.shop.business.id}",
        json({"roles": ["assistant"]}, 1),
    ),
    "accounts.list": lambda s: ("GET", f"/v1/accounts?business={s.shop.business.id}", {}),
    "accounts.disable": lambda s: ("POST", f"/v1/accounts/{s.shop.viewer.id}/disable", {}),
    "members.read": lambda s: ("GET", f"/v1/members?business={s.shop.business.id}", {}),
    "members.add": lambda s: (
        "POST",
        "/v1/members",
        json({"business": s.shop.business.id, "login": s.shop.rival.login, "roles": ["editor"]}),
    ),
    "members.remove": lambda s: (
        "DELETE",
        f"/v1/members/{s.shop.business.id}/{s.leaver}",
        {},
    ),
    "members.invite": lambda s: (
        "POST",
        "/v1/invitations",
        json({"business": s.shop.business.id, "roles": ["editor"]}),
    ),
    "keys.read": lambda s: ("GET", f"/v1/keys?business={s.shop.business.id}", {}),
    "keys.create": lambda s: (
        "POST",
        "/v1/keys",
        json({"name": "n", "scopes": {s.shop.business.id: ["rooms.read"]}}),
    ),
    "keys.revoke": lambda s: ("POST", f"/v1/keys/{s.key}/revoke", {}),
    "businesses.create": lambda _: (
        "POST",
        "/v1/businesses",
        json({"name": "n", "slug": fresh_slug()}),
    ),
    "businesses.edit": lambda s: ("PATCH", f"/v1/businesses/{s.shop.business.id}", json({"name": "n"}, 1)),
    "businesses.read": lambda s: ("GET", f"/v1/businesses/{s.shop.business.id}", {}),
    "creators.admit": lambda s: (
        "POST",
        "/v1/creators",
        json({"business": s.shop.business.id, "name": "n"}),
    ),
    "creators.read": lambda s: ("GET", f"/v1/creators/{s.creator}", {}),
    "creators.edit": lambda s: ("PATCH", f"/v1/creators/{s.creator}", json({"name": "n"}, 1)),
    "creators.review": lambda s: (
        "POST",
        f"/v1/creators/{s.creator}/review",
        json({"verdict": "suspend", "reason": "r"}),
    ),
    "rooms.create": lambda s: (
        "POST",
        "/v1/rooms",
        json({"business": s.shop.business.id, "anchor": s.shop.anchor.id, "title": "t"}),
    ),
    "rooms.edit": lambda s: ("PATCH", f"/v1/rooms/{s.shop.room.id}", json({"title": "t"}, 1)),
    "rooms.push": lambda s: ("POST", f"/v1/rooms/{s.shop.room.id}/push", {}),
    "rooms.cast": lambda s: (
        "PATCH",
        f"/v1/rooms/{s.shop.room.id}",
        json({"roles": [{"account": s.shop.assistant.id, "role": "assistant"}]}, 1),
    ),
    "rooms.read": lambda s: ("GET", f"/v1/rooms?business={s.shop.business.id}", {}),
    "programs.create": lambda s: ("POST", "/v1/programs", json({"room": s.shop.room.id, "title": "t"})),
    "programs.edit": lambda s: ("PATCH", f"/v1/programs/{s.draft.id}", json({"title": "t"}, 1)),
    "programs.read": lambda s: ("GET", f"/v1/programs/{s.draft.id}", {}),
    "programs.schedule": lambda s: (
        "POST",
        f"/v1/programs/{s.draft.id}/schedule",
        json({"starts_at": now_ms() + 60_000}),
    ),
    "programs.open": lambda s: ("POST", f"/v1/programs/{s.draft.id}/open", {}),
    "programs.end": lambda s: ("POST", f"/v1/programs/{s.live.id}/end", {}),
    "programs.cancel": lambda s: ("POST", f"/v1/programs/{s.ready.id}/cancel", {}),
    "programs.push": lambda s: ("POST", f"/v1/programs/{s.ready.id}/push", {}),
    "programs.erase": lambda s: ("DELETE", f"/v1/programs/{s.over.id}", {}),
    "programs.shelve": lambda s: (
        "PUT",
        f"/v1/programs/{s.draft.id}/shelf",
        json({"offers": [{"product": s.shop.cup.id}]}, 1),
    ),
    "contents.create": lambda s: (
        "POST",
        "/v1/contents",
        json({"business": s.shop.business.id, "kind": "article", "title": "t"}),
    ),
    "contents.read": lambda s: ("GET", f"/v1/contents/{s.withdrawn.id}", {}),
    "contents.edit": lambda s: ("PATCH", f"/v1/contents/{s.clip.id}", json({"title": "t"}, 1)),
    "contents.withdraw": lambda s: ("POST", f"/v1/contents/{s.clip.id}/withdraw", {}),
    "contents.publish": lambda s: ("POST", f"/v1/contents/{s.withdrawn.id}/publish", {}),
    "models.create": lambda s: (
        "POST",
        "/v1/models",
        json({"business": s.shop.business.id, "layer": "clip"}),
    ),
    "models.read": lambda s: ("GET", f"/v1/models/{s.model.id}", {}),
    "models.edit": lambda s: (
        "PUT",
        f"/v1/models/{s.model.id}/draft",
        json({"schema": model(TIER | NOTE)}, s.model.rev),
    ),
    "models.rehearse": lambda s: ("POST", f"/v1/models/{s.model.id}/dry-runs", {}),
    "models.publish": lambda s: ("POST", f"/v1/models/{s.model.id}/publish", json({"rev": s.model.rev})),
    "models.migrate": lambda s: ("POST", f"/v1/models/{s.model.id}/migrations", {}),
    "extensions.write": lambda s: (
        "PUT",
        f"/v1/documents/{s.shop.room.id}/extension",
        json({"ext": {"tier": "green"}}, 1),
    ),
    "drafts.read": lambda s: ("GET", f"/v1/documents/{s.shop.room.id}/draft", {}),
    "drafts.edit": lambda s: (
        "PUT",
        f"/v1/documents/{s.shop.room.id}/draft",
        json({"face": {"title": "t"}}, 1),
    ),
    "drafts.submit": lambda s: ("POST", f"/v1/documents/{s.draft.id}/submit", {"rev": s.edited.rev}),
    "drafts.review": lambda s: ("POST", f"/v1/documents/{s.ready.id}/approve", {"rev": s.submitted.rev}),
    "drafts.publish": lambda s: (
        "POST",
        f"/v1/documents/{s.draft.id}/publish",
        json({}, s.edited.rev),
    ),
    "uses.read": lambda s: (
        "GET",
        f"/v1/uses?business={s.shop.business.id}&kind=product&id={s.shop.cup.id}",
        {},
    ),
    "library.search": lambda s: (
        "POST",
        "/v1/library/search",
        json({"business": s.shop.business.id, "layer": "room", "equal": {"tier": ["green"]}}),
    ),
    "views.read": lambda s: ("GET", f"/v1/views?business={s.shop.business.id}&of=contents", {}),
    "views.save": lambda s: (
        "POST",
        "/v1/views",
        json({"business": s.shop.business.id, "of": "contents", "name": "n"}),
    ),
    "views.share": lambda s: (
        "POST",
        "/v1/views",
        json({"business": s.shop.business.id, "of": "contents", "name": "n", "shared": True}),
    ),
    "tags.read": lambda s: ("GET", f"/v1/tag-categories?business={s.shop.business.id}", {}),
    "tags.edit": lambda s: (
        "POST",
        "/v1/tag-categories",
        json({"business": s.shop.business.id, "name": "n"}),
    ),
    "tags.give": lambda s: ("PUT", f"/v1/documents/{s.shop.room.id}/tags", json({"tags": []}, 1)),
    "files.read": lambda s: ("GET", f"/v1/files?business={s.shop.business.id}", {}),
    "files.upload": lambda s: (
        "POST",
        f"/v1/files?business={s.shop.business.id}&name=a.txt",
        {"content": new_id("a").encode(), "headers": {"content-type": "text/plain"}},
    ),
    "pictures.upload": lambda s: (
        "POST",
        f"/v1/pictures?business={s.shop.business.id}",
        {"content": png(), "headers": {"content-type": "image/png"}},
    ),
    "products.create": lambda s: (
        "POST",
        "/v1/products",
        json(
            {
                "business": s.shop.business.id,
                "supplier": s.shop.supplier.id,
                "title": "t",
                "price": {"amount": 1},
            }
        ),
    ),
    "products.edit": lambda s: ("PATCH", f"/v1/products/{s.shop.cup.id}", json({"title": "t"}, 1)),
    "products.delete": lambda s: ("DELETE", f"/v1/products/{s.shop.cup.id}", {}),
    "products.read": lambda s: ("GET", f"/v1/products/{s.shop.cup.id}", {}),
    "stock.set": lambda s: ("POST", f"/v1/products/{s.shop.cup.id}/stock/receive", json({"quantity": 1})),
    "stock.read": lambda s: ("GET", f"/v1/products/{s.shop.pot.id}/stock", {}),
    "stores.create": lambda s: (
        "POST",
        "/v1/stores",
        json({"business": s.shop.business.id, "name": "n", "address": "a"}),
    ),
    "stores.edit": lambda s: ("PATCH", f"/v1/stores/{s.store}", json({"active": False}, 1)),
    "stores.read": lambda s: ("GET", f"/v1/stores/{s.store}", {}),
    "orders.read": lambda s: ("GET", f"/v1/orders/{s.paid.id}", {}),
    "orders.fulfil": lambda s: ("POST", f"/v1/orders/{s.paid.id}/fulfil", json({"step": "ship"})),
    "orders.refund": lambda s: ("POST", f"/v1/orders/{s.paid.id}/refund", {}),
    "orders.cancel": lambda s: ("POST", f"/v1/orders/{s.unpaid.id}/cancel", {}),
    "budgets.grant": lambda s: (
        "POST",
        f"/v1/budgets/{s.shop.business.id}/grant",
        json({"credit": {"amount": 100}}),
    ),
    "budgets.read": lambda s: ("GET", f"/v1/budgets/{s.shop.business.id}", {}),
    "audit.read": lambda s: ("GET", f"/v1/audit?business={s.shop.business.id}", {}),
    "bulk.import": lambda s: (
        "POST",
        f"/v1/imports?business={s.shop.business.id}&noun=products&name=a.csv",
        {"content": b"title,price.amount\nt,1\n", "headers": {"content-type": "text/csv"}},
    ),
    "bulk.export": lambda s: ("POST", "/v1/exports", json({"business": s.shop.business.id, "noun": "rooms"})),
    "bulk.read": lambda s: ("GET", f"/v1/imports?business={s.shop.business.id}", {}),
    "jobs.read": lambda s: ("GET", f"/v1/jobs/{s.job}", {}),
    "jobs.retry": lambda s: ("POST", f"/v1/jobs/{s.job}/retry", {}),
}
ASKS_BY_POST = {"library.search"}
"""Changes nothing, though its method is not GET."""
ASKS_FOR_NO_CHANGE = {"creators.edit", "tags.give", "drafts.edit"}
"""Edits that leave the document as it is (a draft lies beside it): there is no before and after to tell."""
PEOPLE = {
    "manager": "m",
    "reviewer": "r",
    "editor": "e",
    "anchor": "a",
    "assistant": "s",
    "supplier": "u",
    "viewer": "-",
    "rival": "-",
}
HIDDEN = ("supplier", "viewer", "rival")
"""They don't learn that there is what they may not see."""


def test_every_grant_is_tried() -> None:
    without_route = {"accounts.set_password"}
    assert set(REQUESTS) == set(GRANTS) - without_route


async def everything(db: Database, since: int) -> dict[str, list[dict[str, Any]]]:
    """Give all that was made since then."""
    where = {"$or": [{"created_at": {"$gte": since}}, {"at": {"$gte": since}}]}
    return {name: await db.collection(name).find(where, sort=[("_id", 1)]) for name in WATCHED}


async def send(api: Api, call: Call) -> httpx.Response:
    method, path, options = call
    return await api.send(method, path, **options)


@pytest.mark.parametrize("name", REQUESTS)
async def test_who_may_does_it_and_who_may_not_changes_nothing(
    name: str, api: Api, scene: Scene, services: Services
) -> None:
    allowed = [who for who, letter in PEOPLE.items() if letter in HOLDERS[name]]
    refused = [who for who in PEOPLE if who not in allowed]
    others = [one.name for one in GRANTS.values() if one.name != name and not one.people_only]
    key = await key_of(services, scene.shop.operator, {scene.shop.business.id: others})
    before = await everything(services.db, scene.shop.business.created_at)
    for who in refused:
        answer = await send(api.as_(getattr(scene.shop, who).token), REQUESTS[name](scene))
        hidden = who in HIDDEN and HOLDERS[name]
        assert problem(answer) == ((404, "not_found") if hidden else (403, "not_allowed")), who
    guest = await send(api, REQUESTS[name](scene))
    assert problem(guest)[0] in (401, 404)
    assert problem(await send(api.as_(key), REQUESTS[name](scene)))[1] in ("not_allowed", "not_found")
    assert await everything(services.db, scene.shop.business.created_at) == before

    able = getattr(scene.shop, allowed[-1] if allowed else "operator")
    done = await send(api.as_(able.token), REQUESTS[name](scene))
    assert done.status_code < 300, done.text
    changes = REQUESTS[name](scene)[0] != "GET" and name not in ASKS_BY_POST
    after = await everything(services.db, scene.shop.business.created_at)
    assert (after != before) is changes
    if changes:
        entries = [one for one in after["audit"] if one not in before["audit"]]
        assert [(one["action"], one["actor"]) for one in entries] == [(name, able.id)]
        assert entries[0]["request"] == done.headers["x-request-id"]
        if REQUESTS[name](scene)[0] in ("PATCH", "PUT", "DELETE") and name not in ASKS_FOR_NO_CHANGE:
            assert entries[0]["before"] or entries[0]["after"] or entries[0]["also"], "what changed is told"


async def test_every_edit_needs_the_revision_it_was_based_on(
    api: Api, scene: Scene, services: Services
) -> None:
    operator = api.as_(scene.shop.operator.token)
    edits = {name: make(scene) for name, make in REQUESTS.items() if make(scene)[2].get("rev")}
    assert len(edits) > 10
    before = await everything(services.db, scene.shop.business.created_at)
    for name, (method, path, options) in edits.items():
        bare = {key: value for key, value in options.items() if key != "rev"}
        assert problem(await operator.send(method, path, **bare)) == (428, "precondition_required"), name
        stale = await operator.send(method, path, **bare, rev=9)
        assert problem(stale) == (412, "precondition_failed"), name
    assert await everything(services.db, scene.shop.business.created_at) == before
