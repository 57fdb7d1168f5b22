"""Files over HTTP: what is taken, what is refused, who may see them."""

import httpx
import pytest

from content.files.rules import DOCX, PDF
from tests.content.files import packages
from tests.content.files.packages import package
from tests.content.models.making import field, model
from tests.web.api import Api, ok, problem
from tests.web.pictures import png
from tests.web.shop import Shop
from tests.web.test_models import published


async def upload(api: Api, shop: Shop, body: bytes, kind: str, *, query: str = "") -> httpx.Response:
    path = f"/v1/files?business={shop.business.id}&name=%E6%89%8B%E5%86%8C.pdf{query}"
    return await api.send("POST", path, content=body, headers={"content-type": kind})


async def test_the_same_bytes_are_the_same_file_and_a_value_names_it(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    first = ok(await upload(manager, shop, packages.PDF, PDF), 201)
    again = ok(await upload(manager, shop, packages.PDF, PDF), 201)
    assert (first["id"], first["name"], first["size"]) == (again["id"], "手册.pdf", len(packages.PDF))
    assert (await api.get(f"/o/{first['key']}")).status_code == 302

    await published(api, shop, model({"manual": field("file", "manual")}))
    extension = f"/v1/documents/{shop.room.id}/extension"
    ok(await manager.put(extension, {"ext": {"manual": first["key"]}}, rev=1))
    stranger = {"ext": {"manual": f"file/{shop.business.id}/nothing.pdf"}}
    answer = await manager.put(extension, stranger, rev=2)
    assert problem(answer) == (422, "values_do_not_fit")
    assert answer.json()["errors"][0]["pointer"] == "/ext/manual"


async def test_a_file_for_ones_own_people_is_shown_to_no_others(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    file = ok(await upload(manager, shop, packages.PDF, PDF, query="&open=false"), 201)
    shown = {
        who: (await api.as_(token).get(f"/o/{file['key']}")).status_code
        for who, token in {
            "manager": shop.manager.token,
            "anchor": shop.anchor.token,
            "rival": shop.rival.token,
            "viewer": shop.viewer.token,
            "guest": "",
        }.items()
    }
    assert shown == {"manager": 302, "anchor": 302, "rival": 404, "viewer": 404, "guest": 404}


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (png(), "image/png", (415, "unsupported_type")),
        (png(), PDF, (422, "file_unsafe")),
        (packages.PDF, DOCX, (422, "file_not_as_said")),
        (package(), PDF, (422, "file_not_as_said")),
        (package("readme.txt"), "application/zip", (415, "unsupported_type")),
        (package("readme.txt"), DOCX, (422, "file_unsafe")),
        (package(parts={"bomb": b"\0" * (4 << 20)}), DOCX, (422, "file_unsafe")),
        (b"<script>alert(1)</script>", "text/html", (415, "unsupported_type")),
        (b"", PDF, (422, "file_unsafe")),
    ],
    ids=[
        "picture",
        "picture as pdf",
        "pdf as docx",
        "docx as pdf",
        "zip",
        "zip as docx",
        "bomb",
        "html",
        "none",
    ],
)
async def test_what_is_not_taken_is_refused_and_not_kept(
    body: bytes, kind: str, code: tuple[int, str], api: Api, shop: Shop
) -> None:
    manager = api.as_(shop.manager.token)
    assert problem(await upload(manager, shop, body, kind)) == code
    assert ok(await manager.get(f"/v1/files?business={shop.business.id}"))["items"] == []


@pytest.mark.parametrize("name", ["", "a%2Fb.pdf", "a%00.pdf", "a" * 121])
async def test_names_that_are_no_names(name: str, api: Api, shop: Shop) -> None:
    path = f"/v1/files?business={shop.business.id}&name={name}"
    manager = api.as_(shop.manager.token)
    answer = await manager.send("POST", path, content=packages.PDF, headers={"content-type": PDF})
    assert problem(answer) == (422, "invalid")
