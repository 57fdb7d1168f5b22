"""The gate before a real server: what a phone sends arrives, what it forges does not, bodies stream."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from infra.certificates import certify
from infra.settings import Settings
from tests.conftest import fresh_settings
from workers.gate.proxy import Gate
from workers.gate.routes import Routes
from workers.gate.trust import TrustPages

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return fresh_settings(tmp_path, lan=True, lan_host="127.0.0.1")


@asynccontextmanager
async def standing(settings: Settings, serve: Serve) -> AsyncIterator[httpx.AsyncClient]:
    """A gate over TLS before `serve`, and a phone that trusts it."""
    loopback = ip_address("127.0.0.1")
    files = certify(settings.data / "lan", [loopback], socket.gethostname(), datetime.now(UTC))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(files.server, files.server_key)
    gate = Gate(Routes(settings), TrustPages(files.authority))
    behind = await asyncio.start_server(serve, "127.0.0.1", settings.web_port)
    server = await asyncio.start_server(gate.admit, "127.0.0.1", settings.https_port, ssl=tls)
    trusted = ssl.create_default_context(cafile=str(files.authority))
    address = f"https://127.0.0.1:{settings.https_port}"
    try:
        six = httpx.Limits(max_connections=6)  # as browsers have
        async with httpx.AsyncClient(
            base_url=address, verify=trusted, trust_env=False, timeout=60, limits=six
        ) as phone:
            yield phone
    finally:
        server.close()
        behind.close()
        await gate.close()


async def _read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    return head, await reader.readexactly(int(lines.get(b"content-length", b"0")))


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head, body = await _read_request(reader)
    said = head + body
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(said) + said)
    writer.close()


async def test_a_request_goes_through_and_says_where_it_came_from(settings: Settings) -> None:
    async with standing(settings, _echo) as phone:
        forged = {"x-forwarded-for": "8.8.8.8", "x-forwarded-proto": "http", "forwarded": "for=8.8.8.8"}
        for _ in range(2):  # the connection is used again
            said = (await phone.post("/v1/x?q=1", content=b"A" * 300_000, headers=forged)).text
            head, _, body = said.partition("\r\n\r\n")
            assert head.startswith("POST /v1/x?q=1 HTTP/1.1")
            assert f"host: 127.0.0.1:{settings.https_port}" in head
            assert "x-forwarded-for: 127.0.0.1" in head
            assert "x-forwarded-proto: https" in head
            assert "8.8.8.8" not in head
            assert body == "A" * 300_000


async def test_many_requests_at_once_all_come_back(settings: Settings) -> None:
    async with standing(settings, _echo) as phone:
        sent = [phone.post(f"/v1/x?n={n}", content=b"B" * (n % 7) * 50_000) for n in range(60)]
        answers = await asyncio.gather(*sent, *(phone.get(f"/v1/y?n={n}") for n in range(60)))
    assert all(answer.status_code == 200 for answer in answers)
    assert all(f"n={n} " in answer.text.splitlines()[0] for n, answer in enumerate(answers[:60]))


async def test_a_body_without_end_streams(settings: Settings) -> None:
    more = asyncio.Event()

    async def live(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfirst")
        await more.wait()
        writer.write(b"second")
        writer.close()

    async with standing(settings, live) as phone, phone.stream("GET", "/x") as answer:
        parts = answer.aiter_raw()
        assert await anext(parts) == b"first"
        more.set()
        assert await anext(parts) == b"second"


async def test_a_phone_that_leaves_ends_the_server_s_work(settings: Settings) -> None:
    left = asyncio.Event()

    async def live(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 10_000)
                await writer.drain()
                await asyncio.sleep(0.01)
        except OSError:
            left.set()

    async with standing(settings, live) as phone:
        async with phone.stream("GET", "/x") as answer:
            await anext(answer.aiter_raw())
        await asyncio.wait_for(left.wait(), 10)


async def test_a_server_that_is_away_is_said(settings: Settings) -> None:
    async with standing(settings, _echo) as phone:
        assert (await phone.get("/whip/prg_1")).status_code == 503


async def test_garbage_is_no_request(settings: Settings) -> None:
    async with standing(settings, _echo) as phone:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        reader, writer = await asyncio.open_connection("127.0.0.1", settings.https_port, ssl=context)
        writer.write(b"\x00garbage\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        assert (await phone.get("/v1/x")).status_code == 200
