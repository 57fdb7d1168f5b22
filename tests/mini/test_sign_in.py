"""Signing in with WeChat: our API before a server that checks what WeChat checks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from content.accounts.store import accounts, wechat_people
from infra.mongo import Database
from infra.settings import Settings
from tests.mini.wechat import CODE_LIVES_S, PER_MINUTE, WeChat
from tests.web.api import Api, ok, problem
from workers.web.app import create_app
from workers.web.pages import sites
from workers.web.services import open_services


@pytest.fixture
def settings(settings: Settings, wechat: WeChat) -> Settings:
    return msgspec.structs.replace(
        settings, wechat_appid=wechat.appid, wechat_secret=wechat.secret, wechat_url=wechat.url
    )


async def _serve(settings: Settings, folder: Path) -> AsyncIterator[Api]:
    async with open_services(settings) as services:
        transport = httpx.ASGITransport(create_app(services, sites(folder)), client=("192.0.2.7", 4000))
        async with httpx.AsyncClient(transport=transport, base_url="http://kaibo.test") as client:
            yield Api(client)


@pytest.fixture
async def api(settings: Settings, db: Database, tmp_path: Path) -> AsyncIterator[Api]:
    async for api in _serve(settings, tmp_path):
        yield api


async def _sign_in(api: Api, code: str) -> httpx.Response:
    return await api.post("/v1/sessions/wechat", {"code": code})


async def _who(api: Api, wechat: WeChat, user: str) -> str:
    session = ok(await _sign_in(api, wechat.give_code(user)), 201)
    return str(session["account"]["id"])


async def _made(db: Database) -> int:
    """How many people have come from WeChat; everybody with an account of their own."""
    people = await db.collection(wechat_people.name).count({})
    assert await db.collection(accounts.name).count({"login": {"$regex": "^wechat:"}}) == people
    return people


async def test_a_person_gets_one_account_and_finds_it_again(api: Api, wechat: WeChat, db: Database) -> None:
    session = ok(await _sign_in(api, wechat.give_code("lin")), 201)
    me = ok(await api.as_(session["token"]).get("/v1/me"))
    assert me["id"] == session["account"]["id"]
    assert me["name"].startswith("微信用户")
    assert me["roles"] == {}

    assert await _who(api, wechat, "lin") == me["id"]
    assert await _who(api, wechat, "ming") != me["id"]
    assert await _made(db) == 2


async def test_concurrent_first_sign_ins_make_one_account(api: Api, wechat: WeChat, db: Database) -> None:
    who = await asyncio.gather(*(_who(api, wechat, "lin") for _ in range(12)))
    assert len(set(who)) == 1
    assert await _made(db) == 1


async def test_an_app_of_the_same_owner_leads_to_the_same_account(
    settings: Settings, db: Database, wechat: WeChat, tmp_path: Path
) -> None:
    wechat.united = True
    here, there = "", ""
    async for api in _serve(settings, tmp_path):
        here = await _who(api, wechat, "lin")
    wechat.appid = "wx00000000000other"
    async for api in _serve(msgspec.structs.replace(settings, wechat_appid=wechat.appid), tmp_path):
        there = await _who(api, wechat, "lin")
    assert here == there
    assert await db.collection(wechat_people.name).count({"account": here}) == 2


async def test_the_session_key_stays_nowhere(
    api: Api, wechat: WeChat, db: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await _sign_in(api, wechat.give_code("lin"))
    (key,) = wechat.session_keys
    assert key not in answer.text
    assert key not in str(answer.headers)
    for name in (accounts.name, wechat_people.name, "sign_ins", "audit", "idempotency"):
        assert key not in str(await db.collection(name).find({})), name
    written = "".join(capfd.readouterr())
    assert key not in written
    assert wechat.secret not in written


async def test_a_code_is_good_once(api: Api, wechat: WeChat, db: Database) -> None:
    code = wechat.give_code("lin")
    ok(await _sign_in(api, code), 201)
    again = await _sign_in(api, code)
    assert problem(again) == (401, "wechat_code_refused")
    assert again.json()["data"] == {"errcode": 40163}


async def test_a_code_is_good_for_five_minutes(api: Api, wechat: WeChat, db: Database) -> None:
    early, late = wechat.give_code("lin"), wechat.give_code("ming")
    wechat.wait(CODE_LIVES_S - 20)
    ok(await _sign_in(api, early), 201)
    wechat.wait(40)
    answer = await _sign_in(api, late)
    assert problem(answer) == (401, "wechat_code_refused")
    assert answer.json()["data"] == {"errcode": 40029}
    assert await _made(db) == 1


@pytest.mark.parametrize("code", ["made up", "0" * 32])
async def test_a_code_nobody_gave_is_refused(api: Api, db: Database, code: str) -> None:
    assert problem(await _sign_in(api, code)) == (401, "wechat_code_refused")
    assert await _made(db) == 0


async def test_a_code_of_another_app_is_refused(api: Api, wechat: WeChat) -> None:
    assert problem(await _sign_in(api, wechat.give_code("lin", "wx00000000000other")))[0] == 401


@pytest.mark.parametrize(
    "body", [{}, {"code": ""}, {"code": "x" * 200}, {"code": 7}, {"code": "x", "openid": "o"}]
)
async def test_a_body_that_says_something_else_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert (await api.post("/v1/sessions/wechat", body)).status_code in (400, 422)


async def test_too_many_sign_ins_are_told_to_wait(api: Api, wechat: WeChat) -> None:
    for _ in range(PER_MINUTE):
        wechat._take(wechat.give_code("lin"))
    answer = await _sign_in(api, wechat.give_code("lin"))
    assert problem(answer) == (429, "wechat_too_often")
    assert answer.headers["retry-after"] == "60"
    wechat.wait(61)
    ok(await _sign_in(api, wechat.give_code("lin")), 201)


async def test_whom_wechat_blocks_is_told_so(api: Api, wechat: WeChat, db: Database) -> None:
    wechat.blocked.add("lin")
    assert problem(await _sign_in(api, wechat.give_code("lin"))) == (403, "wechat_blocked")
    assert await _made(db) == 0


@pytest.mark.parametrize(
    ("setting", "value", "errcode"),
    [
        ("wechat_appid", "wx00000000000000", 40013),
        ("wechat_secret", "wrong", 40125),
        ("wechat_secret", "", 41004),
    ],
)
async def test_wrong_settings_are_ours_to_repair(
    settings: Settings, db: Database, wechat: WeChat, tmp_path: Path, setting: str, value: str, errcode: int
) -> None:
    async for api in _serve(msgspec.structs.replace(settings, **{setting: value}), tmp_path):
        answer = await _sign_in(api, wechat.give_code("lin"))
        assert problem(answer) == (503, "wechat_away")
        assert answer.json()["data"] == {"errcode": errcode}
        assert wechat.secret not in answer.text
    assert await _made(db) == 0


async def test_wechat_being_ill_is_not_the_persons_fault(
    api: Api, wechat: WeChat, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wechat.failing = -1
    assert problem(await _sign_in(api, wechat.give_code("lin"))) == (503, "wechat_away")
    wechat.failing, wechat.garbled = 0, True
    assert problem(await _sign_in(api, wechat.give_code("lin"))) == (503, "wechat_away")
    wechat.garbled = False
    assert await _made(db) == 0
    ok(await _sign_in(api, wechat.give_code("lin")), 201)


async def test_an_answer_that_never_comes_is_not_waited_for(
    settings: Settings, db: Database, wechat: WeChat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.accounts.wechat.TIMEOUT_S", 0.3)
    # Another host name, for a client is kept for each settings.
    url = wechat.url.replace("127.0.0.1", "localhost")
    wechat.silent.set()
    async for api in _serve(msgspec.structs.replace(settings, wechat_url=url), tmp_path):
        assert problem(await _sign_in(api, wechat.give_code("lin"))) == (503, "wechat_away")


async def test_a_locked_account_stays_outside(api: Api, wechat: WeChat, db: Database) -> None:
    who = await _who(api, wechat, "lin")
    await db.collection(accounts.name).update_one({"_id": who}, {"$set": {"disabled": True}})
    assert problem(await _sign_in(api, wechat.give_code("lin"))) == (403, "account_disabled")


async def test_nobody_signs_in_by_password_to_an_account_without_one(
    api: Api, wechat: WeChat, db: Database
) -> None:
    who = await _who(api, wechat, "lin")
    for password in ("", "!", "nobody has this password"):
        answer = await api.post("/v1/sessions", {"login": f"wechat:{who}", "password": password or " "})
        assert problem(answer) == (401, "wrong_password")


async def test_a_copy_without_a_mini_program_says_so(
    settings: Settings, db: Database, wechat: WeChat, tmp_path: Path
) -> None:
    async for api in _serve(msgspec.structs.replace(settings, wechat_appid=""), tmp_path):
        assert ok(await api.get("/v1/config"))["wechat"] is False
        assert problem(await _sign_in(api, wechat.give_code("lin"))) == (404, "wechat_off")


async def test_the_config_tells_that_there_is_wechat(api: Api) -> None:
    assert ok(await api.get("/v1/config"))["wechat"] is True
