"""Every action over HTTP × every role × own, other and no business, from the list of actions itself."""

import re

from content.authority import GRANTS
from infra.http import Access, Endpoint
from tests.content.test_authority import HOLDERS
from tests.web.api import Api, problem
from tests.web.rows import ALSO, ANYWHERE, MAY_BE_MISSING, OWN, things_of
from tests.web.scene import Scene
from tests.web.shop import key_of
from tests.web.test_authorisation import HIDDEN, PEOPLE, REQUESTS, everything, send
from workers.web.routes import endpoints
from workers.web.services import Services


def row_of(endpoint: Endpoint, tried: dict[tuple[str, str], str]) -> str:
    """Give the grant whose row in `REQUESTS` calls an endpoint."""
    pattern = re.compile(re.sub(r"{[^}]+}", "[^/]+", endpoint.path))
    found = [
        name
        for (method, path), name in tried.items()
        if method == endpoint.method and pattern.fullmatch(path)
    ]
    return found[0] if found else ""


async def test_no_action_is_forgotten(scene: Scene) -> None:
    calls = {name: make(scene) for name, make in REQUESTS.items()}
    tried = {(method, path.partition("?")[0]): name for name, (method, path, _) in calls.items()}
    closed = {one.name: one for one in endpoints(None) if one.access is not Access.PUBLIC}
    missing = {
        name
        for name, one in closed.items()
        if name not in OWN | ALSO.keys() | ANYWHERE.keys() and not row_of(one, tried)
    }
    assert not missing, "each needs a row: see tests/web/rows.py"
    assert closed.keys() >= {*OWN, *ALSO}
    for name, row in ALSO.items():
        path = re.sub(r"{[^}]+}", "x", row.path.partition("?")[0])
        assert row_of(closed[name], {(row.method, path): name}), name


async def test_who_may_not_is_told_so_by_every_action_and_changes_nothing(
    api: Api,
    scene: Scene,
    services: Services,
) -> None:
    """Own business, another's (rival) and none (viewer); keys of other scopes, and guests."""
    things = await things_of(services, scene)
    nothing = api.as_(await key_of(services, scene.shop.operator, {scene.shop.business.id: []}))
    before = await everything(services.db, scene.shop.business.created_at)
    for action, row in ALSO.items():
        call, holders = row.call(things), HOLDERS[row.grant]
        for who in (who for who, letter in PEOPLE.items() if letter not in holders):
            answer = await send(api.as_(getattr(scene.shop, who).token), call)
            hidden = who in HIDDEN and holders
            assert problem(answer) == ((404, "not_found") if hidden else (403, "not_allowed")), (action, who)
        assert problem(await send(nothing, call)) == (403, "not_allowed"), action
        assert problem(await send(api, call)) == (401, "not_signed_in"), action
    assert await everything(services.db, scene.shop.business.created_at) == before


async def test_who_may_is_let_in_by_every_action(
    api: Api,
    scene: Scene,
    services: Services,
) -> None:
    """Each role that holds the grant, and a key of just that scope; it may be too late for the thing."""
    things = await things_of(services, scene)
    for action, row in ALSO.items():
        allowed = [who for who, letter in PEOPLE.items() if letter in HOLDERS[row.grant]] or ["operator"]
        tokens = {who: getattr(scene.shop, who).token for who in allowed}
        if not GRANTS[row.grant].people_only:
            scopes = {scene.shop.business.id: [row.grant, *row.also]}
            tokens["key"] = await key_of(services, scene.shop.operator, scopes)
        for who, token in tokens.items():
            answer = await send(api.as_(token), row.call(things))
            status, missing = answer.status_code, action in MAY_BE_MISSING
            assert status not in (401, 403, *(() if missing else (404,))), (action, who, answer.text)
            assert status < 300 or missing or row.method != "GET", (action, who, answer.text)


async def test_what_is_of_no_business_is_for_the_staff_of_any(api: Api, scene: Scene) -> None:
    for path in ANYWHERE.values():
        for who in PEOPLE:
            answer = await api.as_(getattr(scene.shop, who).token).get(path)
            expected = 403 if who in ("supplier", "viewer") else 200
            assert answer.status_code == expected, (path, who)


async def test_a_key_does_nothing_for_itself(api: Api, scene: Scene, services: Services) -> None:
    """What everybody does for herself is for people; without a scope lists are empty."""
    key = api.as_(await key_of(services, scene.shop.operator, {scene.shop.business.id: []}))
    for one in endpoints(None):
        if one.access is Access.PERSON:
            path = re.sub(r"{[^}]+}", "x", one.path)
            answer = await key.send(one.method, path, json={}, rev=1)
            assert problem(answer) == (403, "not_allowed"), one.name
    for path in ("businesses", "rooms", "programs", "contents", "products", "stores", "creators", "jobs"):
        assert (await key.get(f"/v1/{path}")).json()["items"] == [], path
