"""The API along the main job: schedule, open, publish, watch, end."""

from content.programs.actions import admit_publish, stream_interrupted, stream_started
from infra.clock import now_ms
from schemas.media import Stream
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from workers.web.services import Services


def stream_of(program: str, business: str, number: int = 1) -> Stream:
    return Stream(
        id=f"str_{program}_{number}",
        program=program,
        business=business,
        protocol="rtmp",
        started_at=now_ms(),
    )


async def test_a_show_from_plan_to_end(api: Api, shop: Shop, services: Services) -> None:
    clerk, guest = api.as_(shop.anchor.token), api
    starts = now_ms() + 600_000
    program = ok(
        await clerk.post("/v1/programs", {"room": shop.room.id, "title": "春茶", "starts_at": starts}), 201
    )
    assert program["state"] == "scheduled"
    assert program["anchor"]["name"] == "anchor"
    path = f"/v1/programs/{program['id']}"

    offers = [{"product": shop.cup.id, "price": {"amount": 2900}}, {"product": shop.pot.id}]
    shelved = ok(await clerk.put(f"{path}/shelf", {"offers": offers}, rev=program["rev"]))
    assert [(one["number"], one["title"], one["price"]["amount"]) for one in shelved["shelf"]] == [
        (1, "白瓷杯", 2900),
        (2, "铁壶", 46800),
    ]
    coming = ok(await guest.get(f"/v1/feed?tab=coming&business={shop.business.id}"))["items"]
    assert [card["program"] for card in coming] == [program["id"]]
    assert [offer["title"] for offer in coming[0]["offers"]] == ["白瓷杯", "铁壶"]

    assert problem(await clerk.get(f"{path}/push")) == (409, "wrong_state")
    assert ok(await clerk.post(f"{path}/open"))["state"] == "ready"
    push = ok(await clerk.get(f"{path}/push"))
    assert push["url"] == f"rtmp://kaibo.test:{services.settings.rtmp_port}/live/{push['key']}"
    admission = await admit_publish(services.db, push["key"])
    assert (admission.program_id, admission.room_id) == (program["id"], shop.room.id)

    await stream_started(services.db, program["id"], stream_of(program["id"], shop.business.id))
    live = ok(await guest.get(f"/v1/feed?tab=live&business={shop.business.id}"))["items"]
    assert [(card["program"], card["state"]) for card in live] == [(program["id"], "live")]
    play = ok(await guest.get(f"{path}/play"))
    prefix = f"http://kaibo.test:{services.settings.media_port}/live/{program['id']}.flv?token="
    assert play["flv_url"].startswith(prefix)
    claims = services.tokens.verify("play", play["flv_url"].removeprefix(prefix))
    assert claims["program"] == program["id"]

    await stream_interrupted(services.db, program["id"], 60_000)
    assert ok(await guest.get(path))["state"] == "interrupted"
    ended = ok(await clerk.post(f"{path}/end"))
    assert (ended["state"], ended["end_reason"]) == ("ended", "ended_by_anchor")
    assert ok(await clerk.post(f"{path}/end"))["rev"] == ended["rev"]
    assert problem(await guest.get(f"{path}/play")) == (409, "nothing_to_play")
    assert ok(await guest.get(f"/v1/feed?tab=live&business={shop.business.id}"))["items"] == []


async def test_a_ticket_says_who_may_what(api: Api, shop: Shop, services: Services) -> None:
    new = {"room": shop.room.id, "title": "春茶", "starts_at": now_ms() + 60_000}
    program = ok(await api.as_(shop.anchor.token).post("/v1/programs", new), 201)
    path = f"/v1/programs/{program['id']}/ticket"
    roles = {
        "": "guest",
        shop.viewer.token: "viewer",
        shop.assistant.token: "assistant",
        shop.manager.token: "assistant",
        shop.anchor.token: "anchor",
        shop.rival.token: "viewer",
    }
    for token, role in roles.items():
        ticket = ok(await api.as_(token).post(path, {"client": "client-0001"}))
        claims = services.tokens.verify("ticket", ticket["ticket"])
        assert claims["role"] == ticket["role"] == role
        assert claims["client"] == "client-0001"
        assert claims["program_id"] == program["id"]
        assert claims["exp"] - claims["iat"] == 60
