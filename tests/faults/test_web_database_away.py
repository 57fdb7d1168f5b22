"""mongod is killed under the web process: it says so, and goes on when mongod is back."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.embedded import find_mongod, initiate, mongod_command
from infra.secrets import s3_keys
from infra.settings import Settings, to_environ
from tests.conftest import fresh_settings
from tests.http import plain_http
from tests.web.api import problem
from tests.web.test_server import until

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture
def copy(servers: Settings, tmp_path: Path) -> Settings:
    """Settings with a mongod of their own, and the session's object store."""
    access, secret = s3_keys(servers)
    return fresh_settings(
        tmp_path,
        s3_endpoint=servers.s3_url,
        s3_bucket=f"kaibo-away-{os.getpid()}",
        s3_access_key=access,
        s3_secret_key=secret,
    )


def start_mongod(settings: Settings) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(mongod_command(settings, find_mongod(settings)), stdout=subprocess.DEVNULL)


async def test_the_api_is_unavailable_while_mongod_is_away_and_comes_back(copy: Settings) -> None:
    mongod = start_mongod(copy)
    await initiate(copy)
    web = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers",
        "web",
        env={**os.environ, **to_environ(copy)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{copy.web_port}"
        async with plain_http(base_url=url, timeout=20) as client:
            await until(client, "/readyz", lambda answer: answer.status_code == 200)
            mongod.kill()
            mongod.wait()
            away = await until(client, "/readyz", lambda answer: answer.status_code == 503)
            assert away.json()["ready"] is False
            assert away.json()["checks"]["objects"] == "ok"
            assert away.json()["checks"]["database"] != "ok"
            answer = await client.get("/v1/feed")
            assert problem(answer) == (503, "unavailable")
            assert answer.headers["retry-after"] == "2"
            assert (await client.get("/healthz")).status_code == 200
            mongod = start_mongod(copy)
            await until(client, "/readyz", lambda answer: answer.status_code == 200)
            assert (await client.get("/v1/feed")).json() == {"items": [], "next_cursor": None}
    finally:
        web.kill()
        await web.wait()
        mongod.kill()
        mongod.wait()
