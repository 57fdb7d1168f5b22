import asyncio
import time

import pytest

from infra.clock import now_ms
from schemas.problems import Refused
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from workers.web import idempotency
from workers.web.render import Answer
from workers.web.services import Services

KEY = "a-double-click"


def new_product(shop: Shop, title: str = "茶盘") -> dict[str, object]:
    return {"business": shop.business.id, "title": title, "price": {"amount": 100}}


async def titles(api: Api, shop: Shop) -> list[str]:
    listed = ok(await api.as_(shop.manager.token).get(f"/v1/products?business={shop.business.id}"))
    return sorted(one["title"] for one in listed["items"])


async def test_a_double_click_takes_effect_once_and_answers_alike(api: Api, shop: Shop) -> None:
    manager = api.as_(shop.manager.token)
    sent = [manager.post("/v1/products", new_product(shop), key=KEY) for _ in range(6)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["etag"] for answer in answers} == {'"1"'}
    assert sum("idempotent-replay" in answer.headers for answer in answers) == 5
    assert await titles(api, shop) == ["白瓷杯", "茶盘", "铁壶"]


async def test_a_key_is_for_one_request_of_one_person(api: Api, shop: Shop) -> None:
    manager, operator = api.as_(shop.manager.token), api.as_(shop.operator.token)
    first = ok(await manager.post("/v1/products", new_product(shop), key=KEY), 201)
    other_body = await manager.post("/v1/products", new_product(shop, "别的"), key=KEY)
    assert problem(other_body) == (422, "idempotency_key_reused")
    other_person = ok(await operator.post("/v1/products", new_product(shop), key=KEY), 201)
    assert other_person["id"] != first["id"]


async def test_creating_needs_a_key(api: Api, shop: Shop) -> None:
    answer = await api.as_(shop.manager.token).post("/v1/products", new_product(shop), key="")
    assert problem(answer) == (400, "idempotency_key_required")
    assert await titles(api, shop) == ["白瓷杯", "铁壶"]


async def test_a_refused_write_may_be_sent_again(api: Api, shop: Shop) -> None:
    program = ok(
        await api.as_(shop.anchor.token).post("/v1/programs", {"room": shop.room.id, "title": "t"}), 201
    )
    path = f"/v1/programs/{program['id']}"
    clerk = api.as_(shop.anchor.token)
    assert problem(await clerk.post(f"{path}/push", key=KEY)) == (409, "wrong_state")
    ok(await clerk.post(f"{path}/open"))
    first, again = [ok(await clerk.post(f"{path}/push", key=KEY)) for _ in range(2)]
    assert first == again


async def test_a_kept_answer_hides_what_it_holds(api: Api, shop: Shop, services: Services) -> None:
    clerk = api.as_(shop.anchor.token)
    program = ok(await clerk.post("/v1/programs", {"room": shop.room.id, "title": "t"}), 201)
    ok(await clerk.post(f"/v1/programs/{program['id']}/open"))
    push = ok(await clerk.post(f"/v1/programs/{program['id']}/push", key=KEY))
    for name in (idempotency.COLLECTION, "programs", "audit", "outbox"):
        docs = await services.db.collection(name).find({})
        assert push["key"] not in str(docs)


async def test_what_a_killed_process_left_is_taken_over(api: Api, shop: Shop, services: Services) -> None:
    left = idempotency.attempt(shop.manager.id, "POST", "/v1/x", KEY, b"")
    held = {"_id": left.key, "fingerprint": left.fingerprint, "done": False}
    await services.db.collection(idempotency.COLLECTION).insert_one({**held, "lease_until": now_ms() - 1})
    acted: list[int] = []

    async def act() -> Answer:
        acted.append(1)
        return Answer(200, b"done", {})

    answers = [await idempotency.once(services.db, services.tokens, left, act) for _ in range(2)]
    assert [answer.body for answer in answers] == [b"done", b"done"]
    assert len(acted) == 1


async def test_one_that_takes_too_long_is_not_waited_for(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_S", 0.2)
    left = idempotency.attempt(shop.manager.id, "POST", "/v1/y", KEY, b"")
    held = {"_id": left.key, "fingerprint": left.fingerprint, "done": False}
    await services.db.collection(idempotency.COLLECTION).insert_one(
        {**held, "lease_until": now_ms() + 60_000}
    )

    async def act() -> Answer:
        raise AssertionError("the other one acts")

    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        await idempotency.once(services.db, services.tokens, left, act)
    assert str(refused.value.code) == "conflict"
    assert time.monotonic() - began < 5
