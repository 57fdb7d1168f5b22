"""What protects people in browsers: cookies only from our own pages, headers, other origins."""

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient

from content.accounts.actions import create_account
from content.accounts.views import NewAccount
from schemas.accounts import SYSTEM
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop, fresh_slug
from workers.web.app import create_app
from workers.web.pages import content_security_policy
from workers.web.services import Services

OWN = "http://kaibo.test"
FOREIGN = "http://evil.test"
FRIEND = "https://shop.friend.test"


async def signed_in(api: Api, services: Services) -> str:
    login = fresh_slug()
    await create_account(services.db, SYSTEM, NewAccount(login=login, name="n", password="12345678"))
    answer = await api.post("/v1/sessions", {"login": login, "password": "12345678"}, headers={"origin": OWN})
    session = ok(answer, 201)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    api.client.cookies.clear()
    return f"kaibo_session={session['token']}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": OWN}, 204),
        ({"sec-fetch-site": "same-origin"}, 204),
        ({"origin": FOREIGN}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({}, 403),
    ],
)
async def test_a_cookie_writes_only_from_our_own_pages(
    headers: dict[str, str], status: int, api: Api, services: Services
) -> None:
    cookie = {"cookie": await signed_in(api, services)}
    assert (await api.get("/v1/me", headers=cookie)).status_code == 200
    answer = await api.client.delete("/v1/sessions", headers={**cookie, **headers})
    assert answer.status_code == status
    still = (await api.get("/v1/me", headers=cookie)).status_code
    assert still == (401 if status == 204 else 200)


async def test_signing_in_for_somebody_from_a_foreign_page_is_refused(api: Api) -> None:
    answer = await api.post("/v1/sessions", {"login": "a", "password": "b"}, headers={"origin": FOREIGN})
    assert problem(answer) == (403, "not_allowed")


async def test_a_stale_cookie_still_reads_what_is_public(api: Api) -> None:
    stale = {"cookie": "kaibo_session=stale"}
    assert ok(await api.get("/v1/feed", headers=stale))["items"] is not None
    assert problem(await api.get("/v1/me", headers=stale)) == (401, "not_signed_in")


async def test_only_configured_origins_may_read(services: Services, shop: Shop) -> None:
    settings = msgspec.structs.replace(services.settings, allowed_origins=FRIEND)
    app = create_app(msgspec.structs.replace(services, settings=settings))
    async with AsyncClient(transport=ASGITransport(app), base_url=OWN) as client:
        for origin, allowed in ((FRIEND, True), (FOREIGN, False)):
            answer = await client.get("/v1/config", headers={"origin": origin})
            told = answer.headers.get("access-control-allow-origin")
            assert told == (origin if allowed else None)
            asked = {"origin": origin, "access-control-request-method": "POST"}
            preflight = await client.options("/v1/products", headers=asked)
            assert ("access-control-allow-headers" in preflight.headers) is allowed
            token = {"authorization": f"Bearer {shop.manager.token}", "origin": origin}
            written = await client.post(f"/v1/rooms/{shop.room.id}", headers=token)
            assert written.status_code == 405  # a bearer is no cookie: the page had to be given it


async def test_every_answer_carries_the_fences_and_its_request_id(api: Api) -> None:
    for path in ("/v1/config", "/v1/nothing", "/healthz"):
        headers = (await api.get(path, headers={"x-request-id": "my-request-1"})).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-request-id"] == "my-request-1"
    assert (
        (await api.get("/v1/config", headers={"x-request-id": "<script>"}))
        .headers["x-request-id"]
        .startswith("req_")
    )


def test_a_page_may_run_its_own_inline_script_and_no_other() -> None:
    page = b'<script src="/a.js"></script><script>alert(1)</script>'
    policy = content_security_policy(page)
    assert "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in policy
    assert "frame-ancestors 'none'" in policy
