"""The library's lists and saved views over HTTP."""

from content.contents.actions import publish_from
from content.programs.actions import create_program
from content.programs.views import NewProgram
from schemas.accounts import SYSTEM
from schemas.content import ContentKind, Source
from tests.content.models.making import field, model
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from tests.web.test_models import published
from workers.web.services import Services

SCHEMA = model(
    {
        "tier": field("choice", "tier", note={"filterable": True, "listed": True}),
        "size": field("integer", "size", note={"filterable": True}),
    }
)


async def clips(services: Services, shop: Shop, count: int) -> list[str]:
    """Make clips of one program; gives their ids, the oldest first."""
    program = await create_program(services.db, SYSTEM, NewProgram(room=shop.room.id, title="茶会"))
    made = [
        await publish_from(
            services.db,
            program_id=program.id,
            kind=ContentKind.CLIP,
            title=f"片段 {place}",
            source=Source(mark=f"mrk_{place}"),
        )
        for place in range(count)
    ]
    return [one.id for one in made]


async def test_base_and_extension_fields_are_asked_for_together(
    api: Api, shop: Shop, services: Services
) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, SCHEMA, "clip")
    ids = await clips(services, shop, 4)
    for place, identifier in enumerate(ids):
        ext = {"tier": "红" if place < 3 else "green", "size": 10 - place}
        ok(await manager.put(f"/v1/documents/{identifier}/extension", {"ext": ext}, rev=1))
    ok(await manager.post(f"/v1/contents/{ids[1]}/withdraw"))

    wanted = {"business": shop.business.id, "noun": "contents", "kind": "clip"}
    red = {**wanted, "state": ["published"], "equal": {"tier": ["红"]}, "within": {"size": {"at_least": 1}}}
    page = ok(await manager.post("/v1/library/list", {**red, "limit": 1}))
    assert [row["id"] for row in page["items"]] == [ids[2]]
    rest = ok(await manager.post("/v1/library/list", {**red, "cursor": page["next_cursor"]}))
    assert ([row["id"] for row in rest["items"]], rest["next_cursor"]) == ([ids[0]], None)
    [row] = rest["items"]
    assert (row["layer"], row["program_title"], row["room_title"]) == ("clip", "茶会", shop.room.title)
    assert (row["ext"], row["state"]) == ({"tier": "红", "size": 10}, "published")

    found = ok(await manager.post("/v1/library/list", {**wanted, "words": "片段 3"}))["items"]
    assert [row["id"] for row in found] == [ids[3]]
    first = ok(await manager.post("/v1/library/list", {**wanted, "limit": 3}))
    second = ok(await manager.post("/v1/library/list", {**wanted, "cursor": first["next_cursor"]}))
    assert [row["id"] for row in first["items"] + second["items"]] == ids[::-1]
    named = ok(await manager.post("/v1/library/list", {**wanted, "ids": ids[:2]}))["items"]
    assert [row["id"] for row in named] == [ids[1], ids[0]]

    answer = await manager.post("/v1/library/list", {**red, "kind": None})
    assert (problem(answer), answer.json()["errors"][0]["pointer"]) == ((422, "invalid"), "/kind")


async def test_each_layer_tells_what_it_has(api: Api, shop: Shop, services: Services) -> None:
    await clips(services, shop, 1)
    manager, anchor = api.as_(shop.manager.token), shop.anchor
    of = {"business": shop.business.id}
    [room] = ok(await manager.post("/v1/library/list", {**of, "noun": "rooms"}))["items"]
    assert (room["layer"], room["title"], room["anchor"]) == ("room", shop.room.title, anchor.id)
    assert (room["anchor_name"], room["state"]) == (anchor.actor.name, "")
    mine = {**of, "noun": "programs", "anchor": anchor.id, "state": ["draft"]}
    [program] = ok(await manager.post("/v1/library/list", mine))["items"]
    assert (program["layer"], program["title"], program["room_title"]) == ("program", "茶会", shop.room.title)
    assert ok(await manager.post("/v1/library/list", {**mine, "anchor": "acc_0"}))["items"] == []
    assert program["draft"] == "clean"
    face = {"face": {"title": "春茶会"}}
    ok(await manager.put(f"/v1/documents/{program['id']}/draft", face, rev=1))
    [program] = ok(await manager.post("/v1/library/list", mine))["items"]
    assert (program["title"], program["draft"]) == ("茶会", "editing")
    rival = api.as_(shop.rival.token)
    assert problem(await rival.post("/v1/library/list", {**of, "noun": "rooms"})) == (404, "not_found")


async def test_a_view_is_ones_own_until_it_is_shared(api: Api, shop: Shop) -> None:
    manager, helper = api.as_(shop.manager.token), api.as_(shop.assistant.token)
    at = f"/v1/views?business={shop.business.id}&of=contents"
    new = {
        "business": shop.business.id,
        "of": "contents",
        "name": "本周回放",
        "query": {"kind": "replay", "x-tier": "红"},
        "columns": ["title", "x-tier"],
    }
    view = ok(await manager.post("/v1/views", new), 201)
    assert [one["name"] for one in ok(await manager.get(at))["items"]] == ["本周回放"]
    assert ok(await helper.get(at))["items"] == []
    assert problem(await helper.delete(f"/v1/views/{view['id']}")) == (404, "not_found")

    body = {name: view[name] for name in ("name", "query", "columns")} | {"shared": True}
    shared = ok(await manager.put(f"/v1/views/{view['id']}", body, rev=view["rev"]))
    assert ok(await helper.get(at))["items"] == [shared]
    taken = await helper.put(f"/v1/views/{view['id']}", {**body, "name": "我的"}, rev=shared["rev"])
    assert problem(taken) == (403, "not_allowed")
    assert problem(await helper.delete(f"/v1/views/{view['id']}")) == (403, "not_allowed")
    late = await manager.put(f"/v1/views/{view['id']}", body, rev=view["rev"])
    assert problem(late) == (412, "precondition_failed")
    assert (await manager.delete(f"/v1/views/{view['id']}")).status_code == 204
    assert ok(await helper.get(at))["items"] == []
    assert problem(await manager.delete(f"/v1/views/{view['id']}")) == (404, "not_found")


async def test_nobody_keeps_views_without_end(api: Api, shop: Shop, services: Services) -> None:
    helper = api.as_(shop.assistant.token)
    own = {"business": shop.business.id, "owner": shop.assistant.id}
    docs = [{"_id": f"viw_{place}", **own} for place in range(100)]
    await services.db.collection("saved_views").insert_many(docs)
    new = {"business": shop.business.id, "of": "rooms", "name": "一个太多"}
    assert problem(await helper.post("/v1/views", new)) == (409, "too_many_views")
    assert await services.db.collection("saved_views").count(own) == 100


async def test_nothing_smuggled_into_a_list_breaks_it(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    await published(api, shop, SCHEMA, "clip")
    of = {"business": shop.business.id, "noun": "contents"}
    clips = {**of, "kind": "clip"}
    for odd in (
        {**of, "words": "a\0b"},
        {**of, "words": "(" * 60},
        {**of, "ids": ["\0", "$where"]},
        {**of, "cursor": "\0"},
        {**of, "state": ["\0"], "room": "$ne"},
        {**clips, "equal": {"tier": ["\0", 1e300, True]}},
        {**clips, "equal": {"nope": ["a"]}},
        {**clips, "within": {"tier": {"at_least": 1}}},
        {**clips, "sort": "size", "cursor": "W251bGwsMV0"},
        {**clips, "sort": "size", "cursor": "~~"},
    ):
        answer = await manager.post("/v1/library/list", odd)
        assert answer.status_code == 200 or problem(answer) == (422, "invalid"), (odd, answer.text)
    new = {"business": shop.business.id, "of": "contents", "name": "n", "query": {"a$b": "1"}}
    assert problem(await manager.post("/v1/views", new)) == (422, "invalid")
