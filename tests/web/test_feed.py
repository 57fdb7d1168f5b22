from content.contents.actions import publish_from, withdraw_content
from content.programs.actions import create_program, end_program, open_program, stream_started
from content.programs.views import NewProgram
from infra.clock import now_ms
from schemas.accounts import SYSTEM
from schemas.content import ContentKind, Program, Source
from streaming.live_room.audience import tell_audience
from tests.web.api import Api, ok
from tests.web.shop import Shop
from tests.web.test_main_job import stream_of
from workers.web.services import Services


async def live(services: Services, shop: Shop, title: str, at: int) -> Program:
    program = await create_program(services.db, SYSTEM, NewProgram(room=shop.room.id, title=title))
    await open_program(services.db, services.tokens, SYSTEM, program.id)
    started = stream_of(program.id, shop.business.id)
    await stream_started(services.db, program.id, started)
    await services.db.collection("programs").update_one({"_id": program.id}, {"$set": {"went_live_at": at}})
    return program


async def pages(api: Api, path: str) -> list[list[str]]:
    """Follow a list to its end, two at a time."""
    found, cursor = [], ""
    while True:
        page = ok(await api.get(f"{path}&limit=2&cursor={cursor}"))
        found.append([item["title"] for item in page["items"]])
        if page["next_cursor"] is None:
            return found
        cursor = page["next_cursor"]


async def test_what_is_on_air_newest_first_page_by_page(api: Api, shop: Shop, services: Services) -> None:
    for title, at in (("a", 1000), ("b", 3000), ("c", 2000), ("d", 2000), ("e", 500)):
        await live(services, shop, title, at)
    assert await pages(api, f"/v1/feed?tab=live&business={shop.business.id}") == [
        ["b", "d"],
        ["c", "a"],
        ["e"],
    ]


async def test_what_comes_soonest_first(api: Api, shop: Shop, services: Services) -> None:
    now = now_ms()
    for title, minutes in (("later", 90), ("soon", 5), ("next", 30)):
        new = NewProgram(room=shop.room.id, title=title, starts_at=now + minutes * 60_000)
        await create_program(services.db, SYSTEM, new)
    await create_program(services.db, SYSTEM, NewProgram(room=shop.room.id, title="draft"))
    forgotten = await create_program(
        services.db, SYSTEM, NewProgram(room=shop.room.id, title="forgotten", starts_at=now + 1000)
    )
    await services.db.collection("programs").update_one(
        {"_id": forgotten.id}, {"$set": {"starts_at": now - 7 * 3_600_000}}
    )
    assert await pages(api, f"/v1/feed?tab=coming&business={shop.business.id}") == [
        ["soon", "next"],
        ["later"],
    ]


async def test_a_card_is_complete(api: Api, shop: Shop, services: Services) -> None:
    program = await live(services, shop, "春茶", 1000)
    shelf = {"offers": [{"product": shop.cup.id}, {"product": shop.pot.id}]}
    ok(await api.as_(shop.manager.token).put(f"/v1/programs/{program.id}/shelf", shelf, rev=3))
    await services.db.collection("rooms").update_one(
        {"_id": shop.room.id}, {"$set": {"avatar": "pic/b/face.jpg", "cover": "pic/b/room.jpg"}}
    )
    await tell_audience(services.db, program.id, 321)
    card = ok(await api.get(f"/v1/feed?tab=live&business={shop.business.id}"))["items"][0]
    assert {name: card[name] for name in ("program", "content", "title", "cover", "state", "viewers")} == {
        "program": program.id,
        "content": "",
        "title": "春茶",
        "cover": "pic/b/room.jpg",
        "state": "live",
        "viewers": 321,
    }
    assert card["anchor"] == {
        "id": shop.anchor.id,
        "name": "anchor",
        "avatar": "pic/b/face.jpg",
        "roles": {},
    }
    assert [(one["number"], one["title"], one["price"]["amount"]) for one in card["offers"]] == [
        (1, "白瓷杯", 3900),
        (2, "铁壶", 46800),
    ]


async def test_replays_come_and_go(api: Api, shop: Shop, services: Services) -> None:
    program = await live(services, shop, "春茶", 1000)
    await end_program(services.db, program.id, "ended_by_anchor", SYSTEM)
    replay = await publish_from(
        services.db,
        program_id=program.id,
        kind=ContentKind.REPLAY,
        title="春茶 回看",
        cover="cov/1.jpg",
        duration_ms=61_000,
        source=Source(recordings=["rec_1"]),
    )
    path = f"/v1/feed?tab=replays&business={shop.business.id}"
    card = ok(await api.get(path))["items"][0]
    assert (card["content"], card["title"], card["cover"], card["duration_ms"]) == (
        replay.id,
        "春茶 回看",
        "cov/1.jpg",
        61_000,
    )
    assert ok(await api.get(f"/v1/programs/{program.id}"))["replay"] == replay.id
    await withdraw_content(services.db, SYSTEM, replay.id)
    assert ok(await api.get(path))["items"] == []
    assert ok(await api.get(f"/v1/programs/{program.id}"))["replay"] == ""
