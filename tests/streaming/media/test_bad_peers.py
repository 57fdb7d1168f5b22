"""Garbage, strangers and viewers that never read: closed with a reason, and nobody else notices."""

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from infra.mongo import Database
from streaming.media.rtmp import amf0
from streaming.media.rtmp.chunks import ChunkWriter, Message
from tests.http import plain_http
from tests.streaming.media.stage import MediaProcess, Opened, Push, decode, reaches, read_flv, until

HELLO = b"\x03" + bytes(1536)


async def closes(port: int, data: bytes, within_s: float = 5.0) -> bytes:
    """What the server says to `data` before it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = bytearray()
    async with asyncio.timeout(within_s):
        with suppress(OSError):
            writer.write(data)
            await writer.drain()
            while part := await reader.read(65536):
                said += part
    writer.close()
    return bytes(said)


def greeted(*messages: bytes) -> bytes:
    return HELLO + bytes(1536) + b"".join(messages)


def command(*values: amf0.Value) -> bytes:
    return ChunkWriter().message(3, Message(20, 0, 0, amf0.encode(*values)))


GARBAGE = {
    "http": (b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", "expected RTMP version 3, got 71"),
    "noise after the handshake": (greeted(b"\xff" * 4096), "starts without a header"),
    "chunk size zero": (
        greeted(ChunkWriter().message(2, Message(1, 0, 0, bytes(4)))),
        "chunk size of at least 1",
    ),
    "a message of 16 MB": (
        greeted(b"\x04" + bytes(3) + b"\xff\xff\xff" + b"\x09" + bytes(5)),
        "at most 8388608",
    ),
    "too many chunk streams": (
        greeted(
            *(
                bytes([stream]) + bytes(3) + b"\x00\x10\x00\x09" + bytes(4) + bytes(128)
                for stream in range(3, 60)
            )
        ),
        "at most 32 chunk streams",
    ),
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_rtmp_garbage_is_closed_with_a_reason_and_a_show_goes_on(
    media: MediaProcess, program: Opened, push: Push, db: Database, name: str
) -> None:
    data, reason = GARBAGE[name]
    publisher = push(program.key)
    await reaches(db, program.id, "live")

    await closes(media.settings.rtmp_port, data)
    await closes(media.settings.rtmp_port, b"\x00" + os.urandom(20_000))

    assert media.logged(reason), media.log.read_text()
    assert publisher.process.poll() is None
    assert len(decode(await read_flv(media.play(program.id, "flv"), 200_000), "flv").pictures) > 20


async def test_another_application_is_refused_by_name(media: MediaProcess) -> None:
    said = await closes(
        media.settings.rtmp_port,
        greeted(
            command("connect", 1, {"app": "vod"}),
            command("createStream", 2, None),
            command("publish", 3, None, "some-key", "live"),
        ),
    )

    assert b"NetStream.Publish.BadName" in said
    assert b"application_unknown: Expected the application live, got vod." in said


async def test_a_viewer_that_never_reads_is_cut_off_and_others_are_not(
    media: MediaProcess, program: Opened, push: Push, db: Database, ffmpeg: str, tmp_path: Path
) -> None:
    noise = tmp_path / "noise.mp4"
    made = await asyncio.create_subprocess_exec(
        *(ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=10", "-t", "2"),
        *("-vf", "noise=alls=90:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", str(noise)),
    )
    assert await made.wait() == 0
    push(program.key, noise)
    await reaches(db, program.id, "live")
    viewer = socket.create_connection(("127.0.0.1", media.settings.media_port))
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    path = media.play(program.id, "flv").partition(str(media.settings.media_port))[2]
    viewer.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    reading = asyncio.create_task(read_flv(media.play(program.id, "flv"), 1 << 40, timeout_s=60))

    async def dropped() -> bool:
        async with plain_http() as client:
            return "kaibo_media_slow_viewers_total 1.0" in (await client.get(media.http("/metrics"))).text

    await until("the slow viewer is cut off", dropped, timeout_s=60)
    viewer.close()
    assert not reading.done()
    reading.cancel()


async def test_play_tokens_are_checked(media: MediaProcess, program: Opened) -> None:
    expected = {
        media.http(f"/live/{program.id}.flv"): (401, "token_missing"),
        media.http(f"/live/{program.id}.m3u8?token=nonsense"): (403, "token_invalid"),
        media.play("prg_other", "flv").replace("prg_other", program.id): (403, "token_invalid"),
        media.play(program.id, "flv", ttl_s=-1): (403, "token_expired"),
        media.http("/live/nothing"): (404, "not_found"),
        media.http("/elsewhere"): (404, "not_found"),
    }
    async with plain_http(headers={"Accept-Language": "en"}) as client:
        for url, (status, code) in expected.items():
            response = await client.get(url)
            assert response.headers["content-type"] == "application/problem+json"
            assert (response.status_code, response.json()["code"]) == (status, code)
            assert response.headers["access-control-allow-origin"] == "*"
        assert (await client.get(next(iter(expected)))).json()["title"] == "A play token is needed."


async def test_http_answers_head_options_and_refuses_the_rest(media: MediaProcess, program: Opened) -> None:
    url = media.play(program.id, "flv")
    async with plain_http() as client:
        head = await client.head(url)
        options = await client.options(url)
        post = await client.post(url, content=b"x")
        large = await client.post(url, content=bytes(300_000))
    assert (head.status_code, head.headers["content-type"], head.content) == (200, "video/x-flv", b"")
    assert options.status_code == 204
    assert options.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert (post.status_code, post.json()["code"]) == (405, "method_not_allowed")
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    said = await closes(media.settings.media_port, b"\x16\x03\x01 not http\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    said = await closes(media.settings.media_port, b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
