"""The proof of a rain: read by anybody, checked by the very program of the docs."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from commerce.wallets.actions import grant_budget
from content.programs.store import programs
from infra.mongo import Session
from schemas.accounts import SYSTEM, PublicAccount
from schemas.content import Program, ProgramState
from schemas.ids import new_id
from schemas.money import Money
from streaming.live_room.hub.server import Hub
from tests.streaming.live_room.hub.client import Client, ticket
from tests.web.api import Api, ok, problem
from tests.web.shop import Shop
from workers.web.services import Services

PROGRAM = Path(__file__).parents[2] / "docs" / "verify_rain.py"


async def verified(proof: Any) -> tuple[int, list[str]]:
    """Run the program of the docs; give its exit code and what failed."""
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(PROGRAM), "-"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await run.communicate(msgspec.json.encode(proof))
    failed = [
        line.removeprefix("FAILED ") for line in said.decode().splitlines() if line.startswith("FAILED")
    ]
    assert run.returncode is not None
    return run.returncode, failed


async def on_air(services: Services, shop: Shop) -> Program:
    made = Program(
        id=new_id("prg"),
        business=shop.business.id,
        room=shop.room.id,
        anchor=shop.anchor.id,
        title="Rain",
        state=ProgramState.LIVE,
        log=new_id("log"),
    )

    async def work(session: Session) -> None:
        await programs.insert(services.db, session, made)

    await services.db.transact(work)
    await grant_budget(services.db, SYSTEM, shop.business.id, Money(amount=10_000), new_id("key"))
    return made


async def rained(services: Services, shop: Shop, api: Api) -> tuple[Program, str, Any]:
    """Let it rain three packets on two viewers; gives program, envelope and the proof before the end."""
    program = await on_air(services, shop)
    url = f"ws://127.0.0.1:{services.settings.live_port}/room"

    async def join(user: PublicAccount, role: str) -> Client:
        one = await Client.open(url)
        shown = ticket(services.tokens, program, user.name, role, f"client-{user.name}", account_id=user.id)
        await one.join(shown, f"client-{user.name}")
        return one

    async with Hub(services.settings, services.db, services.tokens).serving():
        clerk = await join(PublicAccount(id=shop.anchor.id, name="clerk"), "anchor")
        ann = await join(PublicAccount(id=shop.viewer.id, name="ann"), "viewer")
        bob = await join(PublicAccount(id="acc_bob", name="bob"), "viewer")
        asked = await clerk.command("rain", total=500, packets=3, starts_in_s=1, lasts_s=3)
        envelope = asked["result"]["envelope"]
        async with asyncio.timeout(8):
            while (await api.get(f"/v1/rains/{envelope}/proof")).status_code == 404:
                await asyncio.sleep(0.02)
            before = ok(await api.get(f"/v1/rains/{envelope}/proof"))
            for one in (ann, bob):
                while (await one.command("grab", envelope=envelope))["t"] == "nak":
                    await asyncio.sleep(0.05)
            while ok(await api.get(f"/v1/rains/{envelope}/proof"))["seed"] is None:
                await asyncio.sleep(0.05)
    return program, envelope, before


async def test_a_rain_can_be_computed_again(services: Services, shop: Shop, api: Api) -> None:
    program, envelope, before = await rained(services, shop, api)
    assert (before["seed"], before["slots"], before["grabs"]) == (None, [], [])
    assert await verified(before) == (1, ["the seed is revealed"])

    proof = ok(await api.as_(shop.viewer.token).get(f"/v1/rains/{envelope}/proof"))
    assert await verified(proof) == (0, [])
    assert proof["rain"]["commitment"] == before["rain"]["commitment"]
    assert [grab["who"] for grab in proof["grabs"]].index(proof["you"]) == 0
    assert shop.viewer.id not in msgspec.json.encode(proof).decode()

    listed = ok(await api.get(f"/v1/programs/{program.id}/rains"))["items"]
    assert listed == [proof["rain"]]

    for tamper, fails in TAMPERED.values():
        bad = msgspec.json.decode(msgspec.json.encode(proof))
        tamper(bad)
        code, failed = await verified(bad)
        assert (code, fails in failed) == (1, True), (fails, failed)


def _more_for_the_first(proof: Any) -> None:
    proof["slots"][0] += 1
    proof["slots"][1] -= 1


TAMPERED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "another seed": (lambda p: p.update(seed="00" * 32), "the seed is the one that was promised before"),
    "other packets": (_more_for_the_first, "the packets are worth what the seed says"),
    "another amount": (
        lambda p: p["grabs"][0].update(amount=p["grabs"][0]["amount"] + 1),
        "everybody got what the packet is worth",
    ),
    "swapped": (
        lambda p: p["grabs"].reverse(),
        "packets were given out one after the other, in the order of the log",
    ),
    "twice": (lambda p: p["grabs"][1].update(who=p["grabs"][0]["who"]), "nobody has two"),
    "too early": (
        lambda p: p["grabs"][0].update(at=p["rain"]["starts_at"] - 1),
        "nobody grabbed before the start or after the end",
    ),
    "left out": (lambda p: p["grabs"].pop(), "what was paid and what went back is the envelope"),
}


@pytest.mark.parametrize("path", ["/v1/rains/env_none/proof", "/v1/programs/prg_none/rains"])
async def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert problem(await api.get(path)) == (404, "not_found")
