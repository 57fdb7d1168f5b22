"""What clients send by mistake or in bad faith: a clear problem, and nothing has happened."""

import struct
import zlib
from typing import Any

import pytest

from infra.mongo import Database
from infra.tokens import Tokens
from tests.web.api import Api, ok, problem
from tests.web.pictures import picture, png
from tests.web.shop import Shop, token_of
from workers.web.services import Services

JSON = {"content-type": "application/json"}


async def count(db: Database, shop: Shop) -> dict[str, int]:
    where = {"business": shop.business.id}
    return {name: await db.collection(name).count(where) for name in ("products", "programs", "audit")}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", JSON, (400, "malformed")),
        (b"", JSON, (422, "invalid")),
        (b"[]", JSON, (422, "invalid")),
        (b'{"title": "\xff"}', JSON, (400, "malformed")),
        (b'{"title": "\\ud800"}', JSON, (400, "malformed")),
        (b"[" * 100_000, JSON, (422, "invalid")),
        (b"title=x", {"content-type": "application/x-www-form-urlencoded"}, (415, "unsupported_type")),
        (b"{}", {"content-type": "text/plain"}, (415, "unsupported_type")),
        (b" " * (1 << 20) + b"{}", JSON, (413, "too_large")),
    ],
)
async def test_bodies_that_cannot_be_read(
    body: bytes, headers: dict[str, str], expected: tuple[int, str], api: Api, shop: Shop, services: Services
) -> None:
    before = await count(services.db, shop)
    answer = await api.as_(shop.manager.token).post("/v1/products", content=body, headers=headers)
    assert problem(answer) == expected
    assert await count(services.db, shop) == before


@pytest.mark.parametrize(
    ("change", "pointer", "expected"),
    [
        ({"surprise": 1}, "/surprise", "no such field"),
        ({"title": 5}, "/title", "str"),
        ({"title": ""}, "/title", "str of length >= 1"),
        ({"price": {"amount": -1}}, "/price/amount", "int >= 0"),
        ({"price": {"amount": 1.5}}, "/price/amount", "int"),
        ({"price": {"amount": 10**30}}, "/price/amount", "int <= 10000000000"),
        ({"price": {"amount": 1, "currency": "yuan"}}, "/price/currency", "str matching regex '^[A-Z]{3}$'"),
        ({"business": {"$ne": ""}}, "/business", "str"),
        ({"business": ["$ne"]}, "/business", "str"),
    ],
)
async def test_values_that_are_wrong_are_named(
    change: dict[str, Any], pointer: str, expected: str, api: Api, shop: Shop, services: Services
) -> None:
    before = await count(services.db, shop)
    new = {"business": shop.business.id, "title": "t", "price": {"amount": 1}, **change}
    answer = await api.as_(shop.manager.token).post("/v1/products", new)
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert answer.json()["errors"][0]["expected"] == expected
    assert await count(services.db, shop) == before


@pytest.mark.parametrize(
    "path",
    [
        "/v1/products?limit=0",
        "/v1/products?limit=101",
        "/v1/products?limit=many",
        "/v1/products?surprise=1",
        "/v1/programs?state=sleeping",
        "/v1/feed?tab=everything",
        "/v1/feed?tab=live&cursor=%24gt",
        "/v1/accounts?business=$where",
        "/v1/contents/cnt_1/timeline?from_ms=99999999999999999999",
    ],
)
async def test_queries_that_are_wrong(path: str, api: Api, shop: Shop) -> None:
    assert problem(await api.as_(shop.operator.token).get(path)) == (422, "invalid")


@pytest.mark.parametrize(
    "name", ["%24ne", "prg_1%00", "..%2F..%2Fsecret", "{%22$gt%22:%22%22}", "x" * 300, "%ff%fe", "%20"]
)
async def test_ids_that_are_none(name: str, api: Api, shop: Shop) -> None:
    for path in ("/v1/programs/{}", "/v1/contents/{}", "/v1/rooms/{}", "/v1/products/{}", "/o/{}"):
        answer = await api.as_(shop.operator.token).get(path.format(name))
        assert problem(answer) == (404, "not_found")


async def test_ids_of_another_business_are_not_found(api: Api, shop: Shop, services: Services) -> None:
    rival = api.as_(shop.rival.token)
    before = await count(services.db, shop)
    listed = ok(await rival.get("/v1/products"))["items"]
    assert listed == []
    assert problem(await rival.get(f"/v1/products?business={shop.business.id}")) == (404, "not_found")
    assert problem(await rival.post("/v1/programs", {"room": shop.room.id, "title": "t"}))[0] == 404
    smuggled = {"business": shop.other.id, "anchor": shop.anchor.id, "title": "t"}
    assert problem(await rival.post("/v1/rooms", smuggled)) == (422, "not_an_anchor")
    new = {"business": shop.other.id, "anchor": shop.rival.id, "title": "t"}
    cover = {"cover": f"pic/{shop.business.id}/{'0' * 32}.jpg"}
    assert problem(await rival.post("/v1/rooms", {**new, **cover})) == (422, "invalid")
    room = ok(await rival.post("/v1/rooms", new), 201)
    program = ok(await rival.post("/v1/programs", {"room": room["id"], "title": "t"}), 201)
    shelf = {"offers": [{"product": shop.cup.id}]}
    answer = await rival.put(f"/v1/programs/{program['id']}/shelf", shelf, rev=1)
    assert problem(answer) == (422, "product_unknown")
    assert await count(services.db, shop) == before


@pytest.mark.parametrize("kind", ["garbage", "other secret", "other purpose", "expired", "ended", "basic"])
async def test_wrong_tokens(kind: str, api: Api, shop: Shop, services: Services) -> None:
    account = shop.manager.id
    bearer = {
        "garbage": "Bearer nonsense",
        "other secret": f"Bearer {token_of(Tokens('another secret'), account, 'ses_1')}",
        "other purpose": f"Bearer {services.tokens.sign('ticket', {'sub': account, 'sid': 'ses_1'}, 60)}",
        "expired": f"Bearer {services.tokens.sign('session', {'sub': account, 'sid': 'ses_1'}, -1)}",
        "ended": f"Bearer {token_of(services.tokens, account, 'ses_of_nobody')}",
        "basic": "Basic YTpi",
    }[kind]
    for path in ("/v1/me", "/v1/feed"):
        answer = await api.get(path, headers={"authorization": bearer})
        assert problem(answer) == (401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_stale_edit_loses(api: Api, shop: Shop) -> None:
    manager, path = api.as_(shop.manager.token), f"/v1/products/{shop.cup.id}"
    assert problem(await manager.patch(path, {"title": "a"})) == (428, "precondition_required")
    edited = await manager.patch(path, {"title": "a"}, rev=1)
    assert edited.headers["etag"] == '"2"'
    assert problem(await manager.patch(path, {"title": "b"}, rev=1)) == (412, "precondition_failed")
    wrong = await manager.send("PATCH", path, json={"title": "b"}, headers={"if-match": "2"})
    assert problem(wrong) == (412, "precondition_failed")
    assert ok(await manager.get(path))["title"] == "a"


async def test_paths_and_methods_that_are_not_there(api: Api) -> None:
    assert problem(await api.get("/v1/nothing")) == (404, "not_found")
    answer = await api.delete("/v1/feed")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD"


async def test_problems_speak_the_callers_language(api: Api) -> None:
    chinese = await api.get("/v1/me", headers={"accept-language": "fr, zh;q=0.8, en;q=0.5"})
    english = await api.get("/v1/me", headers={"accept-language": "en-GB"})
    assert chinese.json()["title"] == "请先登录。"
    assert english.json()["title"] == "Please sign in first."


def bomb() -> bytes:
    """Make a PNG of 50 000 x 50 000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("image/jpeg", png(), (422, "type_mismatch")),
        ("image/png", picture("GIF"), (422, "not_a_picture")),
        ("image/png", b"<svg onload=alert(1)>", (422, "not_a_picture")),
        ("image/png", b"", (422, "not_a_picture")),
        ("image/png", png()[:-40], (422, "not_a_picture")),
        ("image/png", png(8, 8), (422, "picture_size")),
        ("image/png", bomb(), (422, "picture_size")),
        ("image/svg+xml", b"<svg/>", (415, "unsupported_type")),
        ("", png(), (415, "unsupported_type")),
        ("image/png", b"\x89PNG" + b"\0" * (10 << 20), (413, "too_large")),
    ],
)
async def test_pictures_that_lie(
    content_type: str, body: bytes, expected: tuple[int, str], api: Api, shop: Shop
) -> None:
    manager, path = api.as_(shop.manager.token), f"/v1/products/{shop.cup.id}"
    answer = await manager.post(f"{path}/picture", content=body, headers={"content-type": content_type})
    assert problem(answer) == expected
    assert ok(await manager.get(path))["pictures"] == []
