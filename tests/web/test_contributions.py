"""Creators and customers hand in articles and picture sets: from the form to what everybody reads."""

import asyncio
from typing import Any

import msgspec
import pytest

from content.creators.actions import admit_creator, review_creator
from content.creators.rules import Verdict
from content.creators.views import NewCreator
from content.creators.views import Review as ReviewOf
from content.models.actions.drafting import create_model, save_draft
from content.models.actions.publishing import publish_model
from content.models.views import NewModel, Publication
from schemas.accounts import SYSTEM
from schemas.content import Business
from schemas.models import FieldType as T
from schemas.models import Layer
from tests.content.models.making import Schema, field, model
from tests.web.api import Api, ok, problem
from tests.web.pictures import png
from tests.web.shop import Person, Shop
from workers.web.services import Services

MINE = "/v1/contributions"


@pytest.fixture
async def open_for_all(services: Services, shop: Shop) -> Business:
    """The business takes contributions."""
    await services.db.collection("businesses").update_one(
        {"_id": shop.business.id}, {"$set": {"contributions": True}}
    )
    return shop.business


async def upload(customer: Api, business: str, **how: Any) -> str:
    raw = {"content": png(**how), "headers": {"content-type": "image/png"}, "key": ""}
    return str(ok(await customer.post(f"{MINE}/pictures?business={business}", **raw), 201)["key"])


def article(business: str, **other: Any) -> dict[str, Any]:
    return {"business": business, "kind": "article", "title": "晒单", "body": "<p>很好</p>", **other}


def written(told: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Give what the form of a contribution holds, changed."""
    fields = {name: told[name] for name in ("title", "intro", "body", "pictures", "ext")}
    return {**fields, "cover": told["own_cover"], **other}


async def publish_fields(services: Services, business: str, layer: Layer, schema: Schema) -> None:
    new = await create_model(services.db, SYSTEM, NewModel(business=business, layer=layer))
    saved = await save_draft(services.db, SYSTEM, new.id, schema, rev=new.rev)
    await publish_model(services.db, SYSTEM, new.id, Publication(rev=saved.rev))


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


async def test_a_business_says_whether_it_takes_any(api: Api, shop: Shop, services: Services) -> None:
    customer, here = api.as_(shop.viewer.token), shop.business.id
    assert problem(await customer.post(MINE, article(here))) == (409, "contributions_not_taken")
    form = f"{MINE}/form?business={here}&kind=article"
    assert problem(await customer.get(form)) == (409, "contributions_not_taken")
    closed = {one["business"] for one in ok(await customer.get(f"{MINE}/takers?limit=100"))["items"]}
    assert here not in closed
    for who in (shop.editor, shop.rival, shop.viewer):
        answer = await api.as_(who.token).patch(f"/v1/businesses/{here}", {"contributions": True}, rev=1)
        assert problem(answer)[0] in (403, 404)
    ok(await api.as_(shop.manager.token).patch(f"/v1/businesses/{here}", {"contributions": True}, rev=1))
    [entry] = await services.db.collection("audit").find({"business": here, "action": "businesses.edit"})
    assert entry["actor"] == shop.manager.id
    takers = {one["business"]: one for one in ok(await customer.get(f"{MINE}/takers?limit=100"))["items"]}
    assert takers[here] == {"business": here, "name": "茶器", "kinds": ["article", "picture_set"]}
    ok(await customer.post(MINE, article(here)), 201)
    assert problem(await api.get(form)) == (401, "not_signed_in")
    assert problem(await api.post(MINE, article(here))) == (401, "not_signed_in")


async def test_the_form_tells_what_she_fills_in_and_is_not_there_for_what_she_can_not(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    here, customer = open_for_all.id, api.as_(shop.viewer.token)
    fields = {
        "age": field(T.INTEGER, "age", minimum=1),
        "cup": field(T.PRODUCT, "cup"),
        "photo": field(T.IMAGE, "photo", note={"personal": True}),
    }
    await publish_fields(services, here, Layer.ARTICLE, model(fields, ["age"]))
    await publish_fields(services, here, Layer.PICTURE_SET, model({"cup": fields["cup"]}, ["cup"]))
    form = ok(await customer.get(f"{MINE}/form?business={here}&kind=article"))
    assert sorted(form["base"]["properties"]) == ["body", "cover", "intro", "pictures", "title"]
    assert (list(form["extension"]["properties"]), form["extension"]["required"]) == (
        ["age", "photo"],
        ["age"],
    )
    assert (form["left_out"], form["origin"], form["by"]) == (
        [{"zh": "字段", "en": "Field"}],
        "ugc",
        "viewer",
    )
    assert form["limits"]["waiting"] == {"used": 0, "limit": 20}
    takers = ok(await customer.get(f"{MINE}/takers?limit=100"))["items"]
    assert [one["kinds"] for one in takers if one["business"] == here] == [["article"]]
    assert pointers(await customer.get(f"{MINE}/form?business={here}&kind=picture_set")) == ["/kind"]

    refused = await customer.post(MINE, article(here, ext={"age": 0, "cup": shop.cup.id}))
    assert pointers(refused) == ["/ext/age", "/ext/cup"]
    assert pointers(await customer.post(MINE, article(here))) == ["/ext/age"]
    assert pointers(await customer.post(MINE, article(here, body="<p> </p>"))) == ["/body", "/ext/age"]
    theirs = await upload(api.as_(shop.rival.token), here)
    for wrong, pointer in (
        ({"cover": theirs}, "/cover"),
        ({"pictures": [{"key": theirs}]}, "/pictures/0/key"),
        ({"ext": {"age": 2, "photo": theirs}}, "/ext/photo"),
        ({"ext": {"age": 2, "photo": f"pic/{here}/a.jpg"}}, "/ext/photo"),
    ):
        assert pointers(await customer.post(MINE, article(here, **{"ext": {"age": 2}, **wrong}))) == [pointer]
    assert ok(await customer.get(MINE))["items"] == []

    photo = await upload(customer, here)
    made = ok(await customer.post(MINE, article(here, ext={"age": 2, "photo": photo})), 201)
    assert (made["ext"], list(made["addresses"])) == ({"age": 2, "photo": photo}, [photo])
    address = f"/o/{photo}"
    assert (await api.as_(shop.reviewer.token).get(address)).status_code == 302
    ok(await api.as_(shop.manager.token).post(f"/v1/contents/{made['content']}/publish"))
    assert ok(await api.get(f"/v1/contents/{made['content']}"))["ext"] == {"age": 2}
    assert (await api.get(address)).status_code == 404
    assert (await customer.get(address)).status_code == 302


async def queued(who: Api, business: str, state: str = "submitted") -> list[Any]:
    found: list[Any] = ok(await who.get(f"/v1/reviews?business={business}&state={state}"))["items"]
    return found


async def test_from_the_customer_through_review_to_everybody(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    here, customer = open_for_all.id, api.as_(shop.viewer.token)
    reviewer, manager = api.as_(shop.reviewer.token), api.as_(shop.manager.token)
    ok(await manager.patch(f"/v1/businesses/{here}", {"review": "other_person"}, rev=1))
    picture = await upload(customer, here)
    body = article(here, body="<p onclick='x()'>很<script>x</script>好</p>", pictures=[{"key": picture}])
    made = ok(await customer.post(MINE, body, key="once"), 201)
    assert ok(await customer.post(MINE, body, key="once"), 201) == made
    assert (made["state"], made["origin"], made["body"], made["may_change"]) == (
        *("in_review", "ugc", "<p>很好</p>"),
        True,
    )
    identifier = made["content"]
    [waiting] = await queued(reviewer, here)
    assert waiting["by"] == {"name": "viewer", "avatar": "", "origin": "ugc"}
    assert (waiting["document"], waiting["submitted_by"]["id"]) == (identifier, shop.viewer.id)
    assert (await api.get(f"/o/{picture}")).status_code == 404
    assert (await customer.get(f"/o/{picture}")).status_code == 302
    assert (await reviewer.get(f"/o/{picture}")).status_code == 302

    at = f"/v1/documents/{identifier}"
    reason = {"reason": "请把第一段写短些"}
    ok(await reviewer.send("POST", f"{at}/send-back", json=reason, rev=waiting["rev"]))
    [card] = ok(await customer.get(MINE))["items"]
    assert (card["state"], card["reason"]) == ("sent_back", "请把第一段写短些")
    again = ok(await customer.get(f"{MINE}/{identifier}"))
    stale = await customer.put(f"{MINE}/{identifier}", written(again, title="新"), rev=again["rev"] + 1)
    assert problem(stale) == (412, "precondition_failed")
    for stranger in (api.as_(shop.rival.token), manager):
        answer = await stranger.put(f"{MINE}/{identifier}", written(again), rev=again["rev"])
        assert problem(answer) == (404, "not_found")
        assert problem(await stranger.get(f"{MINE}/{identifier}")) == (404, "not_found")
        assert problem(await stranger.post(f"{MINE}/{identifier}/take-back")) == (404, "not_found")
    mended = ok(await customer.put(f"{MINE}/{identifier}", written(again, title="短了"), rev=again["rev"]))
    assert (mended["state"], mended["reason"], mended["title"]) == ("in_review", "", "短了")

    [waiting] = await queued(reviewer, here)
    approved = ok(await reviewer.send("POST", f"{at}/approve", rev=waiting["rev"]))
    busy = await customer.put(f"{MINE}/{identifier}", written(mended), rev=mended["rev"])
    assert problem(busy) == (409, "wrong_state")
    ok(await reviewer.send("POST", f"{at}/publish", json={}, rev=approved["rev"]))
    [story] = ok(await api.get(f"/v1/stories?business={here}"))["items"]
    assert (story["title"], story["by"]["name"], story["by"]["origin"]) == ("短了", "viewer", "ugc")
    assert (await api.get(f"/o/{picture}")).status_code == 302
    [card] = ok(await customer.get(MINE))["items"]
    assert (card["state"], card["may_change"]) == ("published", False)
    entries = await services.db.collection("audit").find({"target": identifier})
    assert sum(one["action"] == "contents.contribute" for one in entries) == 2


async def test_what_she_takes_back_nobody_else_shows(api: Api, shop: Shop, open_for_all: Business) -> None:
    here, customer, manager = open_for_all.id, api.as_(shop.viewer.token), api.as_(shop.manager.token)
    made = ok(await customer.post(MINE, article(here)), 201)
    path, content = f"{MINE}/{made['content']}", f"/v1/contents/{made['content']}"
    for _ in range(2):
        assert ok(await customer.post(f"{path}/take-back"))["state"] == "withdrawn"
    assert await queued(manager, here) == []
    assert problem(await manager.post(f"{content}/publish")) == (409, "taken_back")
    at = f"/v1/documents/{made['content']}"
    rev = ok(await manager.get(f"{at}/draft"))["rev"]
    assert problem(await manager.send("POST", f"{at}/publish", json={}, rev=rev)) == (409, "taken_back")
    now = ok(await customer.get(path))
    assert ok(await customer.put(path, written(now), rev=now["rev"]))["state"] == "in_review"
    ok(await manager.post(f"{content}/publish"))
    assert await queued(manager, here) == []
    ok(await customer.post(f"{path}/take-back"))
    assert (await api.get(content)).status_code == 404
    now = ok(await customer.get(path))
    assert ok(await customer.put(path, written(now), rev=now["rev"]))["state"] == "in_review"
    ok(await manager.post(f"{content}/withdraw"))
    assert await queued(manager, here) == []
    assert ok(await customer.get(path))["state"] == "taken_down"
    assert problem(await customer.post(f"{path}/take-back")) == (409, "wrong_state")
    assert problem(await customer.put(path, written(now), rev=now["rev"] + 9))[0] in (409, 412)


async def creator_of(services: Services, who: Person, business: str) -> str:
    new = NewCreator(business=business, name="阿青", account=who.id)
    return (await admit_creator(services.db, SYSTEM, new)).id


async def test_a_creator_hands_in_under_her_own_name_until_she_is_suspended(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    here, writer = open_for_all.id, api.as_(shop.viewer.token)
    creator = await creator_of(services, shop.viewer, here)
    form = ok(await writer.get(f"{MINE}/form?business={here}&kind=picture_set"))
    assert (form["origin"], form["by"], form["base"]["required"]) == ("pgc", "阿青", ["title", "pictures"])
    picture = await upload(writer, here)
    handed = {"business": here, "kind": "picture_set", "title": "新茶", "pictures": [{"key": picture}]}
    made = ok(await writer.post(MINE, handed), 201)
    assert (made["origin"], (await writer.get(f"/o/{picture}")).status_code) == ("pgc", 302)
    [waiting] = await queued(api.as_(shop.editor.token), here)
    assert waiting["by"] == {"name": "阿青", "avatar": "", "origin": "pgc"}
    assert [one["content"] for one in ok(await writer.get(MINE))["items"]] == [made["content"]]
    await review_creator(services.db, SYSTEM, creator, ReviewOf(verdict=Verdict.SUSPEND, reason="停"))
    assert problem(await writer.post(MINE, handed)) == (403, "contributor_suspended")
    again = await writer.put(f"{MINE}/{made['content']}", written(made), rev=made["rev"])
    assert problem(again) == (403, "contributor_suspended")


async def test_what_editors_put_beside_it_stays_when_she_hands_in_again(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    here, customer, editor = open_for_all.id, api.as_(shop.viewer.token), api.as_(shop.editor.token)
    schema = model({"age": field(T.INTEGER, "age"), "cup": field(T.PRODUCT, "cup")})
    await publish_fields(services, here, Layer.ARTICLE, schema)
    made = ok(await customer.post(MINE, article(here, ext={"age": 2})), 201)
    at = f"/v1/documents/{made['content']}"
    draft = ok(await editor.get(f"{at}/draft"))
    draft = ok(await editor.send("POST", f"{at}/withdraw", rev=draft["rev"]))
    ext = {"age": 2, "cup": shop.cup.id}
    face = {**draft["face"], "intro": "编者按", "products": [shop.pot.id], "ext": ext}
    draft = ok(await editor.put(f"{at}/draft", {"face": face}, rev=draft["rev"]))
    busy = await customer.put(f"{MINE}/{made['content']}", written(made), rev=made["rev"])
    assert problem(busy) == (409, "wrong_state")
    draft = ok(await editor.send("POST", f"{at}/submit", rev=draft["rev"]))
    reason = {"reason": "再补一句"}
    ok(await api.as_(shop.manager.token).send("POST", f"{at}/send-back", json=reason, rev=draft["rev"]))
    now = ok(await customer.get(f"{MINE}/{made['content']}"))
    assert (now["intro"], now["ext"]) == ("编者按", {"age": 2})
    again = written(now, body="<p>很好，真的</p>", ext={"age": 3})
    ok(await customer.put(f"{MINE}/{made['content']}", again, rev=now["rev"]))
    draft = ok(await editor.get(f"{at}/draft"))
    assert draft["conflicts"] == draft["problems"] == []
    assert draft["face"]["ext"] == {"age": 3, "cup": shop.cup.id}
    assert (draft["face"]["products"], draft["face"]["body"]) == ([shop.pot.id], "<p>很好，真的</p>")
    assert {one["id"] for one in draft["authors"]} == {shop.viewer.id, shop.editor.id}


async def test_twenty_may_wait(api: Api, shop: Shop, services: Services, open_for_all: Business) -> None:
    customer, here = api.as_(shop.viewer.token), open_for_all.id
    first = ok(await customer.post(MINE, article(here)), 201)
    stored = await services.db.collection("contents").find_one({"_id": first["content"]})
    assert stored is not None
    waiting = [{**stored, "_id": f"{first['content']}{n}"} for n in range(19)]
    await services.db.collection("contents").insert_many(waiting)
    assert problem(await customer.post(MINE, article(here))) == (429, "too_many_waiting")
    page = ok(await customer.get(f"{MINE}?limit=15"))
    rest = ok(await customer.get(f"{MINE}?limit=15&cursor={page['next_cursor']}"))
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (15, 5, None)
    assert msgspec.json.encode(page).count(b'"body"') == 0
    ok(await customer.put(f"{MINE}/{first['content']}", written(first), rev=first["rev"]))


async def test_pictures_are_taken_from_whom_contributions_are(
    api: Api, shop: Shop, services: Services
) -> None:
    here, writer = shop.business.id, api.as_(shop.viewer.token)
    raw = {"content": png(), "headers": {"content-type": "image/png"}, "key": ""}
    place = f"{MINE}/pictures?business={here}"
    assert problem(await writer.post(place, **raw)) == (409, "contributions_not_taken")
    await services.db.collection("businesses").update_one({"_id": here}, {"$set": {"contributions": True}})
    ok(await writer.post(place, **raw), 201)
    creator = await creator_of(services, shop.viewer, here)
    await review_creator(services.db, SYSTEM, creator, ReviewOf(verdict=Verdict.SUSPEND, reason="停"))
    assert problem(await writer.post(place, **raw)) == (403, "contributor_suspended")


async def test_no_more_wait_however_many_are_handed_in_at_once(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    customer, here = api.as_(shop.viewer.token), open_for_all.id
    back = ok(await customer.post(MINE, article(here)), 201)
    back = ok(await customer.post(f"{MINE}/{back['content']}/take-back"))
    first = ok(await customer.post(MINE, article(here)), 201)
    stored = await services.db.collection("contents").find_one({"_id": first["content"]})
    assert stored is not None
    waiting = [{**stored, "_id": f"{first['content']}{n}"} for n in range(17)]
    await services.db.collection("contents").insert_many(waiting)
    answers = await asyncio.gather(*(customer.post(MINE, article(here)) for _ in range(6)))
    assert await services.db.collection("contents").count({"state": "preparing", "business": here}) <= 20
    assert {one.status_code for one in answers} <= {201, 409, 429}
    while (answer := await customer.post(MINE, article(here))).status_code == 201:
        pass
    assert problem(answer) == (429, "too_many_waiting")
    again = await customer.put(f"{MINE}/{back['content']}", written(back), rev=back["rev"])
    assert problem(again) == (429, "too_many_waiting")


async def test_a_key_written_as_text_is_no_picture_of_hers(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    here, customer = open_for_all.id, api.as_(shop.viewer.token)
    schema = model({"note": field(T.TEXT, "note", maxLength=200), "photo": field(T.IMAGE, "photo")})
    await publish_fields(services, here, Layer.ARTICLE, schema)
    theirs = await upload(api.as_(shop.rival.token), here)
    made = ok(await customer.post(MINE, article(here, ext={"note": theirs})), 201)
    for wrong in ({"cover": theirs}, {"ext": {"photo": theirs}}):
        answer = await customer.put(f"{MINE}/{made['content']}", written(made, **wrong), rev=made["rev"])
        assert pointers(answer) in (["/cover"], ["/ext/photo"])


async def test_what_the_business_writes_in_her_name_is_not_hers_to_take_back(
    api: Api, shop: Shop, services: Services, open_for_all: Business
) -> None:
    here, writer = open_for_all.id, api.as_(shop.viewer.token)
    author = await creator_of(services, shop.viewer, here)
    own = ok(await writer.post(MINE, article(here)), 201)
    theirs = article(here, author=author)
    made = ok(await api.as_(shop.editor.token).post("/v1/contents", theirs), 201)
    path = f"{MINE}/{made['id']}"
    assert problem(await writer.get(path)) == (404, "not_found")
    assert problem(await writer.put(path, written(own), rev=made["rev"])) == (404, "not_found")
    assert problem(await writer.post(f"{path}/take-back")) == (404, "not_found")
    assert [one["content"] for one in ok(await writer.get(MINE))["items"]] == [own["content"]]


async def test_bad_input_is_told_where_it_is(api: Api, shop: Shop, open_for_all: Business) -> None:
    customer, here = api.as_(shop.viewer.token), open_for_all.id
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"a": deep}
    wrongs: list[dict[str, Any]] = [
        {"ext": {"$where": 1}},
        {"ext": {"a.b": "\0"}},
        {"ext": deep},
        {"ext": {str(n): n for n in range(9_000)}},
        {"ext": []},
        {"body": "<p>" * 20_000},
        {"body": 3},
        {"title": ""},
        {"title": None},
        {"pictures": [{"key": "../../x"}]},
        {"pictures": [{"key": "ugc/\0"}]},
        {"pictures": [{"key": f"ugc/{here}/{shop.viewer.id}/a.jpg"}] * 61},
        {"cover": "https://example.com/a.jpg"},
        {"kind": "clip"},
        {"author": "crt_1"},
        {"state": "published"},
    ]
    for wrong in wrongs:
        answer = await customer.post(MINE, article(here, **wrong))
        assert problem(answer)[0] in (400, 422), (str(wrong)[:60], answer.text)
        assert answer.json()["errors"][0]["pointer"].startswith("/"), (str(wrong)[:60], answer.text)
    for path in (f"{MINE}/cnt_nobody", f"{MINE}/%00", f"{MINE}/{shop.room.id}"):
        assert (await customer.get(path)).status_code == 404, path
        assert (await customer.post(f"{path}/take-back")).status_code == 404, path
    for query in ("limit=0", "cursor=" + "x" * 300, "what=1"):
        assert problem(await customer.get(f"{MINE}?{query}"))[0] in (400, 422), query
    assert problem(await customer.get(f"{MINE}/form?business=%00&kind=article"))[0] == 404
    assert ok(await customer.get(f"{MINE}?cursor=zzz"))["next_cursor"] is None
    assert await queued(api.as_(shop.manager.token), here) == []
