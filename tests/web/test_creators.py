"""Creators over HTTP: the way from an application to a show, and out again."""

import asyncio
from typing import Any

import pytest

from content.programs.actions import (
    admit_publish,
    create_program,
    keys_opening,
    open_program,
    stream_interrupted,
    stream_started,
)
from content.programs.store import programs
from content.programs.views import NewProgram
from infra.mongo import Database
from schemas.accounts import SYSTEM, Role
from schemas.content import Program
from schemas.problems import Refused
from tests.web.api import Api, ok, problem
from tests.web.shop import Person, Shop, person
from tests.web.test_main_job import stream_of
from workers.web.services import Services


def application(shop: Shop, **said: Any) -> dict[str, Any]:
    return {"business": shop.business.id, "name": "阿青", **said}


async def applied(api: Api, shop: Shop, who: Person, **said: Any) -> Any:
    return ok(await api.as_(who.token).post("/v1/applications", application(shop, **said)), 201)


async def review(api: Api, by: Person, creator: str, verdict: str, reason: str = "") -> Any:
    answer = await api.as_(by.token).post(
        f"/v1/creators/{creator}/review", {"verdict": verdict, "reason": reason}
    )
    return ok(answer)


async def roles_of(api: Api, who: Person, shop: Shop) -> list[str]:
    me = ok(await api.as_(who.token).get("/v1/me"))
    held: list[str] = me["roles"].get(shop.business.id, [])
    return held


async def audited(db: Database, target: str) -> list[tuple[str, str]]:
    docs = await db.collection("audit").find({"target": target}, sort=[("_id", 1)])
    return [(doc["action"], doc["actor"]) for doc in docs]


async def test_from_an_application_to_a_room_and_out_again(api: Api, shop: Shop, services: Services) -> None:
    viewer, manager = shop.viewer, shop.manager
    presences = [{"platform": "视频号", "handle": "aqing", "followers": 12_000}]
    creator = await applied(api, shop, viewer, bio="会做饭", presences=presences)
    assert (creator["state"], creator["account"]) == ("applied", viewer.id)
    assert (creator["presences"], creator["level"]) == (presences, 0)
    assert await roles_of(api, viewer, shop) == []

    approved = await review(api, manager, creator["id"], "approve")
    assert [(step["state"], step["by"]) for step in approved["steps"]] == [
        ("applied", viewer.id),
        ("approved", manager.id),
    ]
    assert await roles_of(api, viewer, shop) == ["anchor"]
    room = ok(
        await api.as_(manager.token).post(
            "/v1/rooms", {"business": shop.business.id, "anchor": viewer.id, "title": "阿青的厨房"}
        ),
        201,
    )
    program = ok(await api.as_(viewer.token).post("/v1/programs", {"room": room["id"], "title": "早餐"}), 201)
    assert program["creator"] == {
        "id": creator["id"],
        "name": "阿青",
        "avatar": "",
        "kind": "anchor",
        "level": 0,
    }
    ok(await api.as_(viewer.token).post(f"/v1/programs/{program['id']}/open"))
    key = ok(await api.as_(manager.token).get(f"/v1/programs/{program['id']}/push"))["key"]
    assert (await admit_publish(services.db, key)).program_id == program["id"]

    suspended = await review(api, manager, creator["id"], "suspend", "合同到期")
    assert (suspended["state"], suspended["steps"][-1]["reason"]) == ("suspended", "合同到期")
    assert await roles_of(api, viewer, shop) == []
    with pytest.raises(Refused) as refused:
        await admit_publish(services.db, key)
    assert str(refused.value.code) == "creator_suspended"

    await review(api, manager, creator["id"], "approve")
    assert await roles_of(api, viewer, shop) == ["anchor"]
    assert (await admit_publish(services.db, key)).program_id == program["id"]
    assert await audited(services.db, creator["id"]) == [
        ("creators.apply", viewer.id),
        *[("creators.review", manager.id)] * 3,
    ]


async def test_who_is_suspended_on_air_is_off_it_at_once(api: Api, shop: Shop, services: Services) -> None:
    db, manager = services.db, api.as_(shop.manager.token)

    async def on_air(room: str, **more: Any) -> Program:
        program = await create_program(db, SYSTEM, NewProgram(room=room, title="t", **more))
        await open_program(db, services.tokens, SYSTEM, program.id)
        return await stream_started(db, program.id, stream_of(program.id, shop.business.id))

    new = {"business": shop.business.id, "name": "小林", "account": shop.anchor.id}
    creator = ok(await manager.post("/v1/creators", new), 201)
    other = await person(services, "other", {shop.business.id: [Role.ANCHOR]})
    room = {"business": shop.business.id, "anchor": other.id, "title": "别人的房间"}
    others = ok(await manager.post("/v1/rooms", room), 201)
    as_guest = await on_air(others["id"], guests=[creator["id"]])
    hers, waiting = await on_air(shop.room.id), await on_air(shop.room.id)
    await stream_interrupted(db, waiting.id, 60_000)
    waiting = await programs.get(db, waiting.id)
    running = f"/v1/programs?business={shop.business.id}&anchor={shop.anchor.id}&state=live,interrupted"
    assert {one["id"] for one in ok(await manager.get(running))["items"]} == {hers.id, waiting.id}

    bare = await manager.post(f"/v1/creators/{creator['id']}/review", {"verdict": "suspend"})
    assert problem(bare) == (422, "reason_needed")
    assert (await programs.get(db, hers.id)).state == "live"
    assert (await keys_opening(db, [hers]))[hers.id] == {hers.key_hash}

    await review(api, shop.manager, creator["id"], "suspend", "卖假货")
    told = {"$in": [hers.id, waiting.id]}
    for program in (await programs.several(db, [hers.id, waiting.id])).values():
        assert (program.state, program.end_reason, program.end_note) == (
            "ended",
            "anchor_suspended",
            "卖假货",
        )
    entries = await db.collection("audit").find({"target": told, "action": "programs.end"})
    assert {(one["target"], one["actor"], one["reason"]) for one in entries} == {
        (one.id, shop.manager.id, "卖假货") for one in (hers, waiting)
    }
    assert await db.collection("outbox").count({"event.type": "ProgramEnded", "event.program": told}) == 2
    assert ok(await manager.get(running))["items"] == []
    assert (await programs.get(db, as_guest.id)).state == "live"
    # A publisher that was let in a moment before is found by this.
    assert await keys_opening(db, [hers, as_guest]) == {
        hers.id: frozenset(),
        as_guest.id: {as_guest.key_hash},
    }


async def test_who_is_rejected_reads_why_and_applies_again(api: Api, shop: Shop) -> None:
    creator = await applied(api, shop, shop.viewer)
    again = await api.as_(shop.viewer.token).post("/v1/applications", application(shop))
    assert problem(again) == (409, "already_applied")

    bare = await api.as_(shop.manager.token).post(
        f"/v1/creators/{creator['id']}/review", {"verdict": "reject"}
    )
    assert problem(bare) == (422, "reason_needed")
    await review(api, shop.manager, creator["id"], "reject", "请补充作品")
    [mine] = ok(await api.as_(shop.viewer.token).get("/v1/creators?mine=true"))["items"]
    assert (mine["state"], mine["steps"][-1]["reason"]) == ("rejected", "请补充作品")

    second = await applied(api, shop, shop.viewer, bio="这是我的作品")
    assert (second["id"], second["state"]) == (creator["id"], "applied")
    assert [step["state"] for step in second["steps"]] == ["applied", "rejected", "applied"]


async def test_two_taps_are_one_application(api: Api, shop: Shop, services: Services) -> None:
    mine = api.as_(shop.viewer.token)
    answers = await asyncio.gather(*(mine.post("/v1/applications", application(shop)) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await services.db.collection("creators").count({"account": shop.viewer.id}) == 1


async def test_nobody_reviews_herself(api: Api, shop: Shop) -> None:
    creator = await applied(api, shop, shop.manager)
    own = await api.as_(shop.manager.token).post(
        f"/v1/creators/{creator['id']}/review", {"verdict": "approve"}
    )
    assert problem(own) == (403, "not_allowed")
    assert await roles_of(api, shop.manager, shop) == ["business_operator"]


async def test_a_creator_edits_what_is_told_but_not_the_level(api: Api, shop: Shop) -> None:
    creator = await applied(api, shop, shop.viewer)
    path = f"/v1/creators/{creator['id']}"
    edited = ok(await api.as_(shop.viewer.token).patch(path, {"bio": "新的介绍"}, 1))
    assert (edited["bio"], edited["rev"]) == ("新的介绍", 2)
    assert problem(await api.as_(shop.viewer.token).patch(path, {"level": 5}, 2))[0] == 404
    assert ok(await api.as_(shop.manager.token).patch(path, {"level": 4}, 2))["level"] == 4
    too_high = await api.as_(shop.manager.token).patch(path, {"level": 6}, 3)
    assert problem(too_high) == (422, "invalid")


async def test_creators_are_searched_filtered_and_kept_apart(api: Api, shop: Shop) -> None:
    await applied(api, shop, shop.viewer)
    manager = api.as_(shop.manager.token)
    ok(
        await manager.post(
            "/v1/creators", {"business": shop.business.id, "name": "青禾文化", "kind": "agency"}
        ),
        201,
    )

    async def names(query: str) -> list[str]:
        page = ok(await manager.get(f"/v1/creators?business={shop.business.id}{query}"))
        return [one["name"] for one in page["items"]]

    assert await names("") == ["青禾文化", "阿青"]
    assert await names("&state=applied") == ["阿青"]
    assert await names("&q=文化") == ["青禾文化"]
    rival = api.as_(shop.rival.token)
    assert ok(await rival.get("/v1/creators"))["items"] == []
    assert problem(await rival.get(f"/v1/creators?business={shop.business.id}")) == (404, "not_found")


async def test_a_program_names_only_an_approved_creator(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    agency = {"business": shop.business.id, "name": "青禾文化", "kind": "agency"}
    approved = ok(await manager.post("/v1/creators", agency), 201)
    waiting = await applied(api, shop, shop.viewer)
    new = {"room": shop.room.id, "title": "t"}
    refused = await manager.post("/v1/programs", {**new, "creator": waiting["id"]})
    assert problem(refused) == (422, "creator_not_approved")
    unnamed = ok(await manager.post("/v1/programs", new), 201)
    assert unnamed["creator"] is None
    path = f"/v1/programs/{unnamed['id']}"
    assert problem(await manager.patch(path, {"creator": waiting["id"]}, 1)) == (422, "creator_not_approved")
    named = ok(await manager.patch(path, {"creator": approved["id"]}, 1))
    assert named["creator"]["name"] == "青禾文化"
    assert ok(await manager.patch(path, {"creator": ""}, 2))["creator"] is None


async def test_one_may_apply_to_every_business_by_its_name(api: Api, shop: Shop) -> None:
    names = ok(await api.as_(shop.viewer.token).get("/v1/applications/places?limit=100"))["items"]
    assert {"id": shop.business.id, "name": "茶器"} in names
    assert all(set(one) == {"id", "name"} for one in names)
    assert problem(await api.get("/v1/applications/places")) == (401, "not_signed_in")
    assert problem(await api.post("/v1/applications", application(shop))) == (401, "not_signed_in")
