"""Drafts over HTTP: what is answered to whom."""

from typing import Any

import pytest

from tests.web.api import Api, ok, problem
from tests.web.shop import Shop

DEEP: dict[str, Any] = {}
for _ in range(20):
    DEEP = {"a": DEEP}


async def test_who_is_too_late_is_answered_with_the_draft_as_it_is(api: Api, shop: Shop) -> None:
    at = f"/v1/documents/{shop.room.id}/draft"
    manager, anchor = api.as_(shop.manager.token), api.as_(shop.anchor.token)
    seen = await manager.get(at)
    assert (seen.headers["etag"], ok(seen)["state"]) == ('"1"', "clean")
    face = ok(seen)["face"]
    ok(await anchor.put(at, {"face": {**face, "title": "她的"}}, rev=1))
    late = await manager.put(at, {"face": {**face, "title": "他的"}}, rev=1)
    assert problem(late) == (412, "precondition_failed")
    told = late.json()["data"]["draft"]
    assert (told["rev"], told["face"]["title"], told["authors"][0]["name"]) == (2, "她的", "anchor")
    ok(await manager.put(at, {"face": {**told["face"], "intro": "他的"}}, rev=told["rev"]))
    assert problem(await manager.put(at, {"face": face})) == (428, "precondition_required")


async def test_a_draft_becomes_a_revision_and_is_compared(api: Api, shop: Shop) -> None:
    at = f"/v1/documents/{shop.room.id}"
    manager = api.as_(shop.manager.token)
    ok(await manager.put(f"{at}/draft", {"face": {"title": "秋茶室"}}, rev=1))
    shown = ok(await manager.get(f"{at}/compare"))
    [title] = [one for one in shown["changes"] if one["pointer"] == "/title"]
    assert title["labels"] == [{"zh": "标题", "en": "Title"}]
    assert (title["before"], title["after"]) == ("小林的茶室", "秋茶室")
    done = ok(await manager.send("POST", f"{at}/publish", json={}, rev=2))
    assert (done["state"], done["number"]) == ("clean", 2)
    assert [one["number"] for one in ok(await manager.get(f"{at}/revisions"))["items"]] == [2, 1]
    assert ok(await manager.get(f"{at}/revisions/1"))["face"]["title"] == "小林的茶室"
    assert ok(await api.get(f"/v1/rooms/{shop.room.id}"))["title"] == "秋茶室"
    back = ok(await manager.send("POST", f"{at}/revisions/1/restore", rev=done["rev"]))
    assert (back["state"], back["face"]["title"]) == ("editing", "小林的茶室")


async def test_what_a_draft_can_not_be(api: Api, shop: Shop) -> None:
    at = f"/v1/documents/{shop.room.id}/draft"
    manager = api.as_(shop.manager.token)
    for face, pointer in (
        ({"title": {"$gt": ""}}, "/face/title/$gt"),
        ({"ext": DEEP}, "/face/ext" + "/a" * 7),
        ({"intro": "长" * 100_000}, "/face"),
    ):
        answer = await manager.put(at, {"face": face}, rev=1)
        assert problem(answer) == (422, "invalid")
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    unfinished = ok(await manager.put(at, {"face": {"title": 7, "nonsense": [1], "ext": []}}, rev=1))
    pointers = [one["pointer"] for one in unfinished["problems"]]
    assert {"/face/title", "/face/nonsense", "/face/ext"} >= set(pointers)
    refused = await manager.send("POST", f"/v1/documents/{shop.room.id}/publish", json={}, rev=2)
    assert problem(refused) == (422, "draft_not_sound")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/draft", 200),
        ("/compare?from=7&to=draft", 404),
        ("/compare?from=draft&to=x", 422),
        ("/revisions/0", 404),
        ("/revisions/x", 404),
        ("/revisions?cursor=x", 422),
    ],
)
async def test_what_is_not_there_is_not_found(api: Api, shop: Shop, path: str, status: int) -> None:
    at = f"/v1/documents/{shop.room.id}{path}"
    assert (await api.as_(shop.manager.token).get(at)).status_code == status
    assert (await api.as_(shop.rival.token).get(at)).status_code == 404
    assert (await api.get(at)).status_code == 401
