"""The real process: granian, native static mounts, health, a clean stop."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from infra.mongo import Database
from infra.settings import Settings, to_environ
from tests.http import plain_http
from tests.web.api import ok

START_S = 30.0


@pytest.fixture
async def process(settings: Settings, db: Database) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers",
        "web",
        env={**os.environ, **to_environ(settings)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
async def web(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    url = f"http://127.0.0.1:{settings.web_port}"
    async with plain_http(base_url=url) as client:
        yield client


async def until(web: httpx.AsyncClient, path: str, good: Callable[[httpx.Response], bool]) -> httpx.Response:
    deadline = time.monotonic() + START_S
    seen = "nothing"
    while time.monotonic() < deadline:
        try:
            answer = await web.get(path)
        except httpx.HTTPError as error:
            seen = type(error).__name__
        else:
            if good(answer):
                return answer
            seen = f"{answer.status_code} {answer.text[:200]}"
        await asyncio.sleep(0.05)
    raise AssertionError(f"{path} was last {seen}")


async def test_the_process_serves_and_stops(
    process: asyncio.subprocess.Process, web: httpx.AsyncClient, settings: Settings
) -> None:
    ready = await until(web, "/readyz", lambda answer: answer.status_code == 200)
    assert ready.json() == {"ready": True, "checks": {"database": "ok", "objects": "ok"}}
    assert (await web.get("/healthz")).text == "ok\n"

    config = ok(await web.get("/v1/config"))
    assert config["room_url"] == f"ws://127.0.0.1:{settings.live_port}/room"
    assert (config["demo"], config["demo_logins"]) == (False, [])
    assert "kaibo_http_request_seconds_count" in (await web.get("/metrics")).text

    folder = settings.recordings_dir / "a-folder-nobody-guesses"
    folder.mkdir()
    (folder / "000001-1-2000.mp4").write_bytes(b"segment" * 1000)
    segment = await web.get("/seg/a-folder-nobody-guesses/000001-1-2000.mp4")
    assert segment.content == b"segment" * 1000
    assert segment.headers["content-type"] == "video/mp4"
    assert "x-request-id" not in segment.headers  # granian served it, no Python was involved
    for path in ("/seg/a-folder-nobody-guesses/", "/seg/", "/seg/a-folder-nobody-guesses"):
        assert (await web.get(path)).status_code == 404

    for path in ("/", "/portal/", "/portal/programs/x", "/docs", "/docs/errors"):
        page = await web.get(path)
        assert page.headers["content-type"].startswith("text/html"), path

    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert time.monotonic() - asked < 3


async def test_paths_that_climb_out_of_the_recordings_lead_nowhere(
    process: asyncio.subprocess.Process, settings: Settings, web: httpx.AsyncClient
) -> None:
    secret = settings.data / "secret.txt"
    secret.write_text("secret")
    await until(web, "/readyz", lambda answer: answer.status_code == 200)
    for path in ("/seg/../../secret.txt", "/seg/%2e%2e/%2e%2e/secret.txt", "/seg/..%2f..%2fsecret.txt"):
        reader, writer = await asyncio.open_connection("127.0.0.1", settings.web_port)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert b" 404 " in answer.split(b"\r\n")[0], answer
        assert b"secret" not in answer.partition(b"\r\n\r\n")[2].replace(b"secret.txt", b"")


async def test_a_client_that_never_ends_its_request_does_not_hold_the_stop(
    process: asyncio.subprocess.Process, settings: Settings, web: httpx.AsyncClient
) -> None:
    await until(web, "/readyz", lambda answer: answer.status_code == 200)
    _, writer = await asyncio.open_connection("127.0.0.1", settings.web_port)
    head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100"
    writer.write(f'{head}\r\n\r\n{{"login"'.encode())
    await writer.drain()
    assert (await web.get("/healthz")).text == "ok\n"
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert time.monotonic() - asked < 5
    writer.close()
