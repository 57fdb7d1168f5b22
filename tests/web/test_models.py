"""Content models over HTTP, from a draft to a search."""

from typing import Any

from jsonschema_rs import Draft202012Validator

from content.models import migration as work
from tests.content.models.making import field, model
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from workers.web.services import Services

SCHEMA = model(
    {
        "gift": field("product", "gift"),
        "tier": field("choice", "tier", note={"filterable": True}),
        "about": field("rich_text", "about", note={"searchable": True}),
    }
)


async def nothing(_part: float) -> None:
    pass


async def published(api: Api, shop: Shop, schema: Any, layer: str = "room") -> Any:
    """The model of a layer, made if it is not there, with a version of this schema."""
    manager = api.as_(shop.manager.token)
    found = ok(await manager.get(f"/v1/models?business={shop.business.id}&layer={layer}"))["items"]
    if not found:
        new = {"business": shop.business.id, "layer": layer}
        found = [ok(await manager.post("/v1/models", new), 201)]
    at = f"/v1/models/{found[0]['id']}"
    saved = ok(await manager.put(f"{at}/draft", {"schema": schema}, rev=found[0]["rev"]))
    return ok(await manager.post(f"{at}/publish", {"rev": saved["rev"], "accept_breaking": True}), 201)


async def test_lists_tell_of_models_without_their_drafts(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    version = await published(api, shop, SCHEMA)
    [head] = ok(await manager.get(f"/v1/models?business={shop.business.id}&layer=room"))["items"]
    assert (head["id"], head["latest"]) == (version["model"], version["number"])
    assert head.keys() == {"id", "rev", "created_at", "updated_at", "business", "layer", "latest"}
    whole = ok(await manager.get(f"/v1/models/{head['id']}"))
    assert (whole["rev"], whole["draft"]) == (head["rev"], SCHEMA)


async def test_from_a_draft_to_a_search(api: Api, shop: Shop, services: Services) -> None:
    manager = api.as_(shop.manager.token)
    version = await published(api, shop, SCHEMA)
    at, room = f"/v1/models/{version['model']}", f"/v1/documents/{shop.room.id}/extension"

    answer = await manager.get(f"{at}/versions/1/schema")
    assert answer.headers["content-disposition"] == 'attachment; filename="room-1.schema.json"'
    assert ok(answer) == SCHEMA
    Draft202012Validator({key: one for key, one in ok(answer).items() if key != "$schema"})

    ext = {"gift": shop.cup.id, "tier": "红", "about": "<p onclick=x>手工茶器</p>"}
    shown = ok(await manager.put(room, {"ext": ext}, rev=1))
    assert shown["ext"] == {**ext, "about": "<p>手工茶器</p>"}
    assert ok(await api.get(f"/v1/rooms/{shop.room.id}"))["ext"] == shown["ext"]

    wanted = {"business": shop.business.id, "layer": "room", "equal": {"tier": ["红"]}, "words": "茶器"}
    [hit] = ok(await manager.post("/v1/library/search", wanted))["items"]
    assert (hit["document"], hit["ext"]) == (shop.room.id, shown["ext"])

    renamed = model({"grade": SCHEMA["properties"]["tier"]})
    await published(api, shop, renamed)
    begun = ok(await manager.post(f"{at}/migrations"), 201)
    await work.run(services.db, begun["id"], nothing)
    done = ok(await manager.get(f"/v1/migrations/{begun['id']}"))
    assert (done["state"], done["moved"]) == ("done", 1)
    assert ok(await manager.get(room))["ext"] == {"grade": "红"}
    undoing = ok(await manager.post(f"/v1/migrations/{begun['id']}/undo"))
    assert undoing["state"] == "undoing"
    await work.run(services.db, begun["id"], nothing)
    assert ok(await manager.get(room))["ext"] == shown["ext"]


async def test_the_problem_names_every_offending_value(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, SCHEMA)
    bad = {"ext": {"gift": shop.cup.id, "tier": "blue", "$where": "1"}}
    answer = await manager.put(f"/v1/documents/{shop.room.id}/extension", bad, rev=1)
    assert problem(answer) == (422, "values_do_not_fit")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/ext/$where"]
    bad = {"ext": {"gift": "prd_0", "tier": "红"}}
    answer = await manager.put(f"/v1/documents/{shop.room.id}/extension", bad, rev=1)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/ext/gift"]
    assert ok(await manager.get(f"/v1/documents/{shop.room.id}/extension"))["rev"] == 1


async def test_a_write_is_once_and_needs_the_revision_that_was_seen(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    new = {"business": shop.business.id, "layer": "clip"}
    first = await manager.post("/v1/models", new, key="models-once")
    again = await manager.post("/v1/models", new, key="models-once")
    assert ok(first, 201) == ok(again, 201)
    assert problem(await manager.post("/v1/models", new)) == (409, "model_exists")
    draft = f"/v1/models/{ok(first, 201)['id']}/draft"
    assert problem(await manager.put(draft, {"schema": SCHEMA})) == (428, "precondition_required")
    ok(await manager.put(draft, {"schema": SCHEMA}, rev=1))
    assert problem(await manager.put(draft, {"schema": SCHEMA}, rev=1)) == (412, "precondition_failed")


async def test_who_may_what(api: Api, shop: Shop) -> None:
    version = await published(api, shop, SCHEMA)
    at = f"/v1/models/{version['model']}"
    writes = [
        ("POST", "/v1/models", {"business": shop.business.id, "layer": "clip"}),
        ("PUT", f"{at}/draft", {"schema": SCHEMA}),
        ("POST", f"{at}/publish", {"rev": 1}),
        ("POST", f"{at}/migrations", None),
    ]
    for method, path, body in writes:
        for token, code in (
            (shop.anchor.token, 403),
            (shop.assistant.token, 403),
            (shop.rival.token, 404),
            (shop.viewer.token, 404),
            ("", 401),
        ):
            answer = await api.as_(token).send(method, path, json=body, rev=1)
            assert answer.status_code == code, (method, path, answer.text)
    extension = f"/v1/documents/{shop.room.id}/extension"
    assert problem(await api.as_(shop.assistant.token).put(extension, {"ext": {}}, rev=1))[0] == 403
    assert problem(await api.as_(shop.rival.token).get(extension))[0] == 404
    ok(await api.as_(shop.anchor.token).put(extension, {"ext": {}}, rev=1))


async def test_personal_data_is_for_its_own_people(api: Api, shop: Shop) -> None:
    phone = field("text", "phone", note={"personal": True})
    await published(api, shop, model({"phone": phone, "tier": field("choice", "tier")}))
    extension = f"/v1/documents/{shop.room.id}/extension"
    ok(await api.as_(shop.manager.token).put(extension, {"ext": {"phone": "138", "tier": "红"}}, rev=1))
    for reader in (api, api.as_(shop.viewer.token), api.as_(shop.rival.token)):
        answer = await reader.get(f"/v1/rooms/{shop.room.id}")
        assert ok(answer)["ext"] == {"tier": "红"}
    own = ok(await api.as_(shop.anchor.token).get(f"/v1/rooms/{shop.room.id}"))
    assert own["ext"] == {"phone": "138", "tier": "红"}


async def test_a_form_is_told_with_the_fields_of_the_business_to_its_own_people_only(
    api: Api, shop: Shop
) -> None:
    base = ok(await api.get("/v1/forms/room"))
    assert (base["model"], base["extension"]) == ("", None)
    assert base["base"]["properties"]["title"]["kaibo"]["label"] == {"zh": "标题", "en": "Title"}
    version = await published(api, shop, SCHEMA)
    path = f"/v1/forms/room?business={shop.business.id}"
    told = ok(await api.as_(shop.assistant.token).get(path))
    assert told == {**base, "model": version["id"], "extension": SCHEMA}
    assert problem(await api.as_(shop.rival.token).get(path)) == (404, "not_found")
    assert problem(await api.as_(shop.viewer.token).get(path)) == (404, "not_found")
    assert problem(await api.get(path)) == (401, "not_signed_in")
    assert problem(await api.get("/v1/forms/nothing")) == (404, "not_found")


async def test_a_form_that_is_kept_is_not_sent_again(api: Api) -> None:
    nouns = ok(await api.get("/v1/forms"))["nouns"]
    assert {"room", "creator", "business", "key", "tag"} <= set(nouns)
    first = await api.get("/v1/forms/creator")
    again = await api.get("/v1/forms/creator", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await api.get("/v1/forms/tag", headers={"if-none-match": first.headers["etag"]})
    assert ok(other)["noun"] == "tag"
