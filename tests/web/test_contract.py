"""Generated requests over the whole OpenAPI document, against the real process.

Whatever comes, the answer is no 5xx and fits its schema. `schemathesis` makes the requests: good ones, and
ones with a part that is wrong. Left out: signing out, which would end the run,
and paying, for which there is no payment provider here.
"""

import asyncio
import sys

import httpx
import pytest

from infra.settings import Settings
from tests.web.shop import Shop
from tests.web.test_server import process, until, web  # noqa: F401 (fixtures)

CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance"
BUDGET_S = 40


@pytest.mark.slow
async def test_whatever_comes_is_answered_as_described(
    web: httpx.AsyncClient,  # noqa: F811
    process: asyncio.subprocess.Process,  # noqa: F811
    settings: Settings,
    shop: Shop,
) -> None:
    await until(web, "/readyz", lambda answer: answer.status_code == 200)
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{web.base_url}/openapi.json"),
        *("--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "8"),
        *("--max-time", str(BUDGET_S), "--no-shrink", "--generation-deterministic", "--no-color"),
        *("--header", f"Authorization: Bearer {shop.operator.token}"),
        *("--exclude-operation-id", "sign_out", "--exclude-operation-id", "pay_order", "--warnings", "off"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=settings.data,
    )
    told, _ = await asyncio.wait_for(run.communicate(), BUDGET_S * 3)
    assert run.returncode == 0, told.decode()[-20_000:]
