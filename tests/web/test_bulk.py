"""Files in and out over HTTP, and the trail they leave, proven by the program of the docs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest

from content.audit.closing import COLLECTION as CLOSED
from content.audit.closing import QUIET_MS
from content.audit.sealing import seal_due
from content.bulk import exporting, importing
from infra import jobs
from infra.clock import now_ms
from schemas.jobs import Job
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from workers.nouns import nouns_of
from workers.web.services import Services

ROOT = Path(__file__).parents[2]
TABLE = "external,kind,标题,备注\nk1,article,=1+1,x\nk2,article,春茶,y\nk3,clip,不行,z\n"


async def bring(api: Api, shop: Shop, body: bytes, noun: str = "contents") -> Any:
    place = f"/v1/imports?business={shop.business.id}&noun={noun}&name={quote('文章.csv')}"
    return ok(await api.send("POST", place, content=body, headers={"content-type": "text/csv"}), 201)


async def work(services: Services, kind: str) -> None:
    """Do the jobs that were asked for."""
    handlers = {
        **importing.handlers(services.db, services.objects, {}, nouns_of),
        **exporting.handlers(services.db, services.objects, nouns_of, 7),
    }

    async def quiet(_part: float) -> None:
        return None

    for doc in await services.db.collection(jobs.JOBS).find({"kind": kind, "state": "queued"}):
        job = msgspec.convert({**doc, "id": doc["_id"]}, Job, strict=False)
        await handlers[kind](job, quiet)
        await services.db.collection(jobs.JOBS).update_one({"_id": job.id}, {"$set": {"state": "done"}})


async def test_a_file_goes_in_and_comes_out_again(api: Api, services: Services, shop: Shop) -> None:
    desk = api.as_(shop.manager.token)
    brought = await bring(desk, shop, TABLE.encode("gb18030"))
    assert brought["mapping"] == {"external": "external", "kind": "kind", "标题": "title", "备注": ""}
    place = f"/v1/imports/{brought['id']}"
    wrong = await desk.put(f"{place}/mapping", {"mapping": {"备注": "title", "标题": "title"}}, rev=1)
    assert problem(wrong) == (422, "invalid")
    mapping = {**brought["mapping"], "备注": "intro"}
    ok(await desk.put(f"{place}/mapping", {"mapping": mapping}, rev=brought["rev"]))
    told = ok(await desk.get(f"{place}/preview"))
    assert (told["created"], told["failed"], told["total"]) == (2, 1, 3)
    assert told["first"][2]["errors"][0]["expected"] == "one of trailer, article, picture_set"

    ok(await desk.post(f"{place}/check"))
    await work(services, "bulk_check")
    checked = ok(await desk.get(place))
    assert (checked["state"], checked["created"], checked["failed"]) == ("ready", 2, 1)
    assert (await desk.get(f"{place}/errors")).text.splitlines()[1].startswith("k3,clip,不行,z,3,")
    ok(await desk.post(f"{place}/run"))
    await work(services, "bulk_import")

    done = ok(await desk.get(place))
    assert (done["state"], done["created"], done["failed"]) == ("done", 2, 1)
    errors = await desk.get(f"{place}/errors")
    assert errors.text.splitlines()[1].startswith("k3,clip,不行,z,3,")
    assert problem(await desk.post(f"{place}/stop")) == (409, "wrong_state")

    wanted = {"business": shop.business.id, "noun": "contents", "where": {"kind": "article"}}
    asked = ok(await desk.post("/v1/exports", wanted), 201)
    assert problem(await desk.get(f"/v1/exports/{asked['id']}/file")) == (409, "wrong_state")
    ok(await desk.post(f"/v1/exports/{asked['id']}/stop"))
    await work(services, exporting.JOB)
    assert problem(await desk.get(f"/v1/exports/{asked['id']}/file")) == (409, "wrong_state")
    ok(await desk.post(f"/v1/exports/{asked['id']}/resume"))
    await work(services, exporting.JOB)
    leads = await desk.get(f"/v1/exports/{asked['id']}/file")
    assert leads.status_code == 302
    table = httpx.get(leads.headers["location"], trust_env=False)
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert ",'=1+1," in table.text
    again = await bring(desk, shop, table.content)
    assert ok(await desk.get(f"/v1/imports/{again['id']}/preview"))["unchanged"] == 2


async def test_a_list_of_the_library_is_exported_as_it_is_filtered(
    api: Api, services: Services, shop: Shop
) -> None:
    desk = api.as_(shop.manager.token)
    brought = await bring(desk, shop, b"kind,title\narticle,spring\narticle,summer\npicture_set,spring too\n")
    ok(await desk.post(f"/v1/imports/{brought['id']}/run"))
    await work(services, "bulk_import")
    listing = {"business": shop.business.id, "noun": "contents", "kind": "article", "words": "spring"}
    other = {**listing, "noun": "rooms"}
    wanted = {"business": shop.business.id, "noun": "contents", "format": "jsonl"}

    assert problem(await desk.post("/v1/exports", {**wanted, "listing": other})) == (422, "invalid")
    asked = ok(await desk.post("/v1/exports", {**wanted, "listing": listing}), 201)
    await work(services, exporting.JOB)

    leads = await desk.get(f"/v1/exports/{asked['id']}/file")
    lines = httpx.get(leads.headers["location"], trust_env=False).text.splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["spring"]


async def test_whoever_starts_a_file_writes_with_her_own_rights(
    api: Api, services: Services, shop: Shop
) -> None:
    table = f"login,roles\n{shop.viewer.login},business_operator\n".encode()
    brought = await bring(api.as_(shop.manager.token), shop, table, noun="members")

    ok(await api.as_(shop.editor.token).post(f"/v1/imports/{brought['id']}/run"))
    await work(services, "bulk_import")

    done = ok(await api.as_(shop.manager.token).get(f"/v1/imports/{brought['id']}"))
    assert (done["by_name"], done["created"], done["updated"], done["failed"]) == (
        shop.editor.actor.name,
        0,
        0,
        1,
    )


async def test_other_businesses_see_nothing_of_it(api: Api, shop: Shop) -> None:
    brought = await bring(api.as_(shop.manager.token), shop, TABLE.encode())
    rival = api.as_(shop.rival.token)
    for path in ("", "/preview", "/errors"):
        assert problem(await rival.get(f"/v1/imports/{brought['id']}{path}"))[0] == 404
    assert problem(await rival.post(f"/v1/imports/{brought['id']}/run"))[0] == 404
    stolen = {"business": shop.business.id, "noun": "rooms"}
    assert problem(await rival.post("/v1/exports", stolen))[0] == 404
    for noun in ("rooms", "audit"):
        wanted = {"business": shop.business.id, "noun": noun}
        refused = await api.as_(shop.assistant.token).post("/v1/exports", wanted)
        assert problem(refused) == (403, "not_allowed")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04....", b"a,a\n1,2\n", b"\xff\xff\xff"])
async def test_what_is_no_table_is_refused_in_words(api: Api, shop: Shop, body: bytes) -> None:
    place = f"/v1/imports?business={shop.business.id}&noun=rooms&name=a"
    refused = await api.as_(shop.manager.token).send("POST", place, content=body)
    assert refused.status_code == 422
    assert refused.json()["code"] in ("not_a_table", "not_text")


async def test_the_trail_is_searched_with_its_reasons_and_proven_without_us(
    api: Api, services: Services, shop: Shop, tmp_path: Path
) -> None:
    desk = api.as_(shop.manager.token)
    headers = {"kaibo-reason": quote("客户要求"), "if-match": "*"}
    place = f"/v1/products/{shop.cup.id}"
    ok(await desk.send("PATCH", place, json={"title": "青瓷杯"}, headers=headers))

    search = f"/v1/audit?business={shop.business.id}"
    [entry] = ok(await desk.get(f"{search}&q={quote('客户')}"))["items"]
    assert (entry["action"], entry["reason"]) == ("products.edit", "客户要求")
    assert (entry["before"], entry["after"]) == ({"title": "白瓷杯"}, {"title": "青瓷杯"})
    assert ok(await desk.get(f"{search}&target={shop.cup.id}&action=products.edit"))["items"] == [entry]
    assert problem(await desk.get(f"/v1/audit/{entry['id']}/proof")) == (409, "not_sealed")
    assert problem(await api.as_(shop.rival.token).get(search))[0] == 404
    assert problem(await desk.get("/v1/audit?business=*"))[0] in (403, 404)

    for later in (0, QUIET_MS):
        await seal_due(services.db, now_ms() + 2 * 3_600_000 + later)
    proof = ok(await desk.get(f"/v1/audit/{entry['id']}/proof"))
    wanted = {"business": shop.business.id, "noun": "audit", "format": "jsonl"}
    asked = ok(await desk.post("/v1/exports", wanted), 201)
    await work(services, exporting.JOB)
    trail = httpx.get(
        (await desk.get(f"/v1/exports/{asked['id']}/file")).headers["location"], trust_env=False
    ).content
    root = ok(await desk.get(f"/v1/audit/roots?business={shop.business.id}"))["items"][0]
    # The hours to come are open again for whoever writes into this database next.
    await services.db.collection(CLOSED).delete_many({})
    sealed = b"\n".join(line for line in trail.splitlines() if json.loads(line)["action"] != "bulk.export")

    assert verified(tmp_path, json.dumps(proof))
    assert not verified(tmp_path, json.dumps(proof).replace("客户", "我们").replace("\\u5ba2", "\\u6211"))
    assert verified(tmp_path, sealed, json.dumps(root))
    assert not verified(tmp_path, sealed.replace("青".encode(), "红".encode()), json.dumps(root))
    assert not verified(tmp_path, sealed.split(b"\n", 1)[1], json.dumps(root))


def verified(folder: Path, *files: str | bytes) -> bool:
    names = []
    for number, body in enumerate(files):
        path = folder / str(number)
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        names.append(str(path))
    command = [sys.executable, str(ROOT / "docs" / "verify_audit.py"), *names]
    return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
