"""Who sees which room, program and content, where, how long: asked from everywhere it could leak."""

from typing import Any

import msgspec
import pytest

from content.contents.actions import publish_from
from content.creators.actions import admit_creator
from content.creators.views import NewCreator
from content.programs.actions import admit_publish, create_program, end_program, keys_opening, open_program
from content.programs.sight import part_of
from content.programs.store import programs
from content.programs.views import NewProgram
from infra.clock import now_ms
from infra.tokens import digest
from schemas.accounts import SYSTEM, Actor, Role
from schemas.content import Content, ContentKind, Program, RecordingPolicy, Source, Visibility
from schemas.orders import NewOrder, NewOrderLine
from schemas.problems import Refused
from tests.commerce.shop import COURIER
from tests.web.api import Api, ok, problem
from tests.web.shop import Person, Shop, person
from tests.web.test_feed import live
from workers.web.services import Services

MINI = {"kaibo-channel": "mini"}


class Show(msgspec.Struct, frozen=True):
    program: Program
    replay: Content
    clip: Content


@pytest.fixture
async def show(services: Services, shop: Shop) -> Show:
    """A show on air, as if it had left its replay and a clip already."""
    program = await live(services, shop, "春茶", 1000)

    async def made(kind: ContentKind, media: str) -> Content:
        return await publish_from(
            services.db,
            program_id=program.id,
            kind=kind,
            title="春茶",
            media=media,
            source=Source(recordings=["rec_1"]),
            products=[shop.cup.id],
        )

    replay = await made(ContentKind.REPLAY, "")
    clip = await made(ContentKind.CLIP, f"clip/{program.id}/1.mp4")
    return Show(program, replay, clip)


async def set_(services: Services, show: Show, **fields: Any) -> None:
    await services.db.collection("programs").update_one({"_id": show.program.id}, {"$set": fields})


def reads(show: Show) -> list[tuple[str, str]]:
    """All that leads to a show and what is left of it, for who knows its address."""
    program = f"/v1/programs/{show.program.id}"
    replay, clip = f"/v1/contents/{show.replay.id}", f"/v1/contents/{show.clip.id}"
    told = [program, f"{program}/play", f"{program}/contents", f"{program}/rains", f"{program}/stores"]
    kept = [replay, f"{replay}/play", f"{replay}/timeline", clip, f"{clip}/play", f"/o/{show.clip.media}"]
    return [("GET", path) for path in (*told, *kept)] + [("POST", f"{program}/ticket")]


async def answers(api: Api, show: Show, **headers: Any) -> set[int]:
    body = {"client": "client-1"}
    return {
        (await api.send(method, path, json=body if method == "POST" else None, **headers)).status_code
        for method, path in reads(show)
    }


async def listed(api: Api, shop: Shop, **headers: Any) -> tuple[int, int, int]:
    """How many the feed of what is on air, that of replays, and the list of a product's contents show."""
    business = f"business={shop.business.id}"
    paths = (
        f"/v1/feed?tab=live&{business}",
        f"/v1/feed?tab=replays&{business}",
        f"/v1/contents?product={shop.cup.id}",
    )
    on_air, replays, of_product = [len(ok(await api.get(path, **headers))["items"]) for path in paths]
    return on_air, replays, of_product


async def test_a_public_show_is_listed_and_open(api: Api, shop: Shop, show: Show) -> None:
    assert await listed(api, shop) == (1, 1, 2)
    assert await answers(api, show) <= {200, 302}


async def test_an_unlisted_show_is_open_to_who_has_its_address(
    api: Api, shop: Shop, show: Show, services: Services
) -> None:
    await set_(services, show, visibility=Visibility.UNLISTED)
    assert await listed(api, shop) == (0, 0, 0)
    assert await answers(api, show) <= {200, 302}


@pytest.mark.parametrize("closed", [{"visibility": Visibility.PRIVATE}, {"rehearsal": True}])
async def test_a_closed_show_is_for_members_only(
    api: Api, shop: Shop, show: Show, services: Services, closed: dict[str, Any]
) -> None:
    await set_(services, show, **closed)
    assert await listed(api, shop) == (0, 0, 0)
    for stranger in (api, api.as_(shop.viewer.token), api.as_(shop.rival.token)):
        assert await answers(stranger, show) == {404}
    guest_of_house = await person(services, "guest", {shop.business.id: [Role.VIEWER]})
    for member in (shop.manager, shop.assistant, guest_of_house):
        assert await answers(api.as_(member.token), show) <= {200, 302}
    line = NewOrderLine(product=shop.cup.id, price=shop.cup.price)
    order = msgspec.to_builtins(NewOrder(program=show.program.id, lines=[line], delivery=COURIER))
    refused = problem(await api.as_(shop.viewer.token).post("/v1/orders", order))
    assert refused == (409, "program_not_selling")
    refused = problem(await api.as_(shop.assistant.token).post("/v1/orders", order))
    assert refused == (409, "not_on_sale")


async def test_a_show_is_there_in_its_channels_only(
    api: Api, shop: Shop, show: Show, services: Services
) -> None:
    await set_(services, show, channels=["mini"])
    assert await listed(api, shop) == (0, 0, 0)
    assert await listed(api, shop, headers=MINI) == (1, 1, 2)
    pictures = {302}  # asked for by players, which name no channel
    assert await answers(api, show) == {404} | pictures
    assert await answers(api, show, headers=MINI) <= {200, 302}


async def test_a_content_may_be_seen_by_fewer_than_its_show(
    api: Api, shop: Shop, show: Show, services: Services
) -> None:
    manager = api.as_(shop.manager.token)
    path = f"/v1/contents/{show.clip.id}"
    ok(await manager.patch(path, {"visibility": "private"}, rev=1))
    assert (await api.get(path)).status_code == 404
    assert (await api.get(f"/o/{show.clip.media}")).status_code == 404
    assert await listed(api, shop) == (1, 1, 1)
    ok(await manager.patch(path, {"visibility": "public", "expires_at": now_ms() - 1}, rev=2))
    assert (await api.get(path)).status_code == 404
    assert await listed(api, shop) == (1, 1, 1)
    ok(await manager.patch(path, {"expires_at": now_ms() + 60_000}, rev=3))
    assert await listed(api, shop) == (1, 1, 2)


async def test_where_a_past_show_is_shown_can_be_changed_and_nothing_else(
    api: Api, shop: Shop, show: Show, services: Services
) -> None:
    await end_program(services.db, show.program.id, "ended_by_anchor", SYSTEM)
    manager, path = api.as_(shop.manager.token), f"/v1/programs/{show.program.id}"
    rev = ok(await manager.get(path))["rev"]
    assert problem(await manager.patch(path, {"title": "t"}, rev=rev))[0] == 409
    ok(await manager.patch(path, {"visibility": "private"}, rev=rev))
    assert await listed(api, shop) == (0, 0, 0)


async def test_an_address_leads_to_the_live_or_next_show(api: Api, shop: Shop, services: Services) -> None:
    manager, path = api.as_(shop.manager.token), f"/v1/rooms/{shop.room.id}"
    address = f"tea-{shop.room.id[-8:]}"
    ok(await manager.patch(path, {"address": address}, rev=1))
    assert problem(await manager.patch(path, {"address": "another"}, rev=2)) == (409, "address_fixed")
    taken = {"business": shop.business.id, "anchor": shop.anchor.id, "title": "t", "address": address}
    assert problem(await manager.post("/v1/rooms", taken)) == (409, "address_taken")
    door = f"/r/{address}"
    assert (await api.get(door)).headers["location"] == "/#/"

    async def planned(minutes: int, **fields: Any) -> Program:
        start = now_ms() + minutes * 60_000
        new = NewProgram(room=shop.room.id, title=f"in {minutes}", starts_at=start, **fields)
        return await create_program(services.db, SYSTEM, new)

    await planned(1, rehearsal=True)
    await planned(2, visibility=Visibility.UNLISTED)
    closed = await planned(3, visibility=Visibility.PRIVATE)
    later, sooner = await planned(9), await planned(5)
    assert (await api.get(door)).headers["location"].endswith(f"?id={sooner.id}")
    assert ok(await manager.get(f"{path}/show"))["program"] == closed.id
    await open_program(services.db, services.tokens, SYSTEM, later.id)
    on_air = await live(services, shop, "now", 1000)
    assert (await api.get(f"/r/{shop.room.id}")).headers["location"].endswith(f"?id={on_air.id}")
    assert (await api.get("/r/nobody-is-here")).status_code == 404


async def test_a_permanent_key_opens_what_is_open_in_the_room(
    api: Api, shop: Shop, services: Services
) -> None:
    anchor, path = api.as_(shop.anchor.token), f"/v1/rooms/{shop.room.id}/push"
    assert ok(await anchor.get(path))["key"] == ""
    key = ok(await anchor.post(path))["key"]
    assert ok(await anchor.get(path))["key"] == key
    seen = ok(await api.get(f"/v1/rooms/{shop.room.id}"))
    assert not {"key_hash", "key_sealed"} & seen.keys()
    assert key not in str(await services.db.collection("rooms").find({})) + str(seen)

    async def admitted(key: str) -> str:
        try:
            return (await admit_publish(services.db, key)).program_id
        except Refused as refused:
            return str(refused.code)

    assert await admitted(key) == "program_not_open"
    opened = await create_program(services.db, SYSTEM, NewProgram(room=shop.room.id, title="t"))
    opened = await open_program(services.db, services.tokens, SYSTEM, opened.id)
    assert await admitted(key) == opened.id
    assert digest(key) in (await keys_opening(services.db, [opened]))[opened.id]
    on_air = await live(services, shop, "now", 1000)
    assert await admitted(key) == on_air.id
    again = ok(await anchor.post(path))["key"]
    assert await admitted(key) == "key_unknown"
    assert digest(key) not in (await keys_opening(services.db, [opened]))[opened.id]
    assert await admitted(again) == on_air.id


async def test_roles_in_a_room_and_in_a_program_count_there_and_nowhere_else(
    api: Api, shop: Shop, services: Services
) -> None:
    db = services.db
    helper = await person(services, "helper", {shop.business.id: [Role.VIEWER]})
    second = await person(services, "second", {shop.business.id: [Role.VIEWER]})
    here = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="here"))
    there = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="there"))
    manager = api.as_(shop.manager.token)

    async def shelves(who: Person, program: Program) -> int:
        shelf = {"offers": [{"product": shop.cup.id}]}
        now = await programs.get(db, program.id)
        return (await api.as_(who.token).put(f"/v1/programs/{program.id}/shelf", shelf, now.rev)).status_code

    async def role(who: Person) -> str:
        answer = await api.as_(who.token).post(f"/v1/programs/{here.id}/ticket", {"client": "client-1"})
        return str(answer.json().get("role"))

    assert await shelves(helper, here) == 404
    ok(await manager.patch(f"/v1/programs/{here.id}", {"assistants": [helper.id]}, rev=1))
    assert (await shelves(helper, here), await shelves(helper, there)) == (200, 404)
    assert await role(helper) == "assistant"
    opened = await api.as_(helper.token).post(f"/v1/programs/{here.id}/open")
    assert problem(opened) == (403, "not_allowed")
    mine = ok(await api.as_(helper.token).get("/v1/programs?mine=true"))["items"]
    assert [one["id"] for one in mine] == [here.id]

    roles = {"roles": [{"account": second.id, "role": "anchor"}]}
    ok(await manager.patch(f"/v1/rooms/{shop.room.id}", roles, rev=1))
    assert ok(await api.get(f"/v1/rooms/{shop.room.id}"))["roles"] == []
    assert (await shelves(second, here), await shelves(second, there)) == (200, 200)
    assert await role(second) == "anchor"
    ok(await api.as_(second.token).post("/v1/programs", {"room": shop.room.id, "title": "hers"}), 201)
    ok(await api.as_(second.token).post(f"/v1/programs/{there.id}/open"))

    for one in (helper, second):
        assert await part_of(db, Actor(id=one.id, name=""), await programs.get(db, here.id)) is None
    stranger = {"roles": [{"account": shop.viewer.id, "role": "assistant"}]}
    refused = await manager.patch(f"/v1/rooms/{shop.room.id}", stranger, rev=2)
    assert problem(refused) == (422, "not_a_member")


async def test_what_is_kept_of_a_show(api: Api, shop: Shop, services: Services) -> None:
    manager = api.as_(shop.manager.token)
    new = NewProgram(room=shop.room.id, title="t", recording=RecordingPolicy.OFF)
    off = await create_program(services.db, SYSTEM, new)
    path = f"/v1/programs/{off.id}"
    shelf = {"offers": [{"product": shop.cup.id}]}
    assert problem(await manager.put(f"{path}/shelf", shelf, 1)) == (422, "must_be_recorded")
    ok(await manager.patch(path, {"recording": "no_clips"}, rev=1))
    ok(await manager.put(f"{path}/shelf", shelf, 2))
    assert problem(await manager.patch(path, {"recording": "off"}, rev=3)) == (422, "must_be_recorded")
    on_air = await live(services, shop, "now", 1000)
    rev = (await programs.get(services.db, on_air.id)).rev
    for change in ({"recording": "off"}, {"rehearsal": True}):
        answer = await manager.patch(f"/v1/programs/{on_air.id}", change, rev=rev)
        assert problem(answer) == (409, "wrong_state")


async def test_an_article_is_cleaned_shown_and_found(api: Api, shop: Shop, services: Services) -> None:
    manager = api.as_(shop.manager.token)
    creator = await admit_creator(services.db, SYSTEM, NewCreator(business=shop.business.id, name="阿青"))
    article = {
        "business": shop.business.id,
        "kind": "article",
        "title": "怎么泡明前茶",
        "body": '<h2>水</h2><p onclick="x()">八十度<script>steal()</script></p>',
        "author": creator.id,
    }
    made = ok(await manager.post("/v1/contents", article), 201)
    assert made["body"] == "<h2>水</h2><p>八十度</p>"
    assert (made["state"], made["origin"], made["by"]["name"]) == ("preparing", "pgc", "阿青")
    path, stories = f"/v1/contents/{made['id']}", f"/v1/stories?business={shop.business.id}"
    assert (await api.get(path)).status_code == 404
    assert ok(await api.get(stories))["items"] == []
    ok(await manager.post(f"{path}/publish"))
    assert ok(await api.get(path))["body"] == made["body"]
    [card] = ok(await api.get(stories))["items"]
    assert (card["content"], card["kind"], card["by"]["origin"]) == (made["id"], "article", "pgc")
    listed = ok(await manager.get(f"/v1/contents?business={shop.business.id}"))["items"]
    assert [one["body"] for one in listed] == [""]
    again = ok(await manager.post("/v1/contents", {**article, "author": ""}), 201)
    assert (again["origin"], again["by"]) == ("ogc", None)


async def test_what_can_not_be_written(api: Api, shop: Shop, show: Show) -> None:
    manager = api.as_(shop.manager.token)
    base = {"business": shop.business.id, "title": "t"}
    rival = await create_program_of(api, shop)
    for wrong, pointer in (
        ({"kind": "picture_set", "body": "<p>a</p>"}, "/body"),
        ({"kind": "article", "media": "file/x.mp4"}, "/media"),
        ({"kind": "trailer"}, "/program"),
        ({"kind": "trailer", "program": show.program.id, "media": "file/other/a.mp4"}, "/media"),
        ({"kind": "article", "program": rival}, "/program"),
        ({"kind": "picture_set", "pictures": [{"key": "pic/other/a.jpg"}]}, "/pictures/0/key"),
        ({"kind": "clip"}, "/kind"),
    ):
        answer = await manager.post("/v1/contents", base | wrong)
        assert problem(answer)[0] in (422,), answer.text
        told = answer.json()
        assert [one["pointer"] for one in told.get("errors") or [told["data"]]] == [pointer]
    empty = ok(await manager.post("/v1/contents", {**base, "kind": "picture_set"}), 201)
    assert problem(await manager.post(f"/v1/contents/{empty['id']}/publish"))[0] == 422


async def create_program_of(api: Api, shop: Shop) -> str:
    """Let the other business have a program."""
    rival = api.as_(shop.rival.token)
    room = {"business": shop.other.id, "anchor": shop.rival.id, "title": "r"}
    made = ok(await rival.post("/v1/rooms", room), 201)
    return str(ok(await rival.post("/v1/programs", {"room": made["id"], "title": "p"}), 201)["id"])
