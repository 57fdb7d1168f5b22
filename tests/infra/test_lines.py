import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from infra.lines import Answer, LineDown, Lines

Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Other:
    """The other side: how often it was dialled, and what it heard."""

    def __init__(self, speak: Speak) -> None:
        self._speak = speak
        self.dialled = 0
        self.heard: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.dialled += 1
        try:
            await self._speak(reader, writer)
        finally:
            writer.close()

    async def hear(self, reader: asyncio.StreamReader) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        self.heard.append(head + await reader.readexactly(size))


@asynccontextmanager
async def other_side(
    make: Callable[["Other"], Speak], timeout_s: float = 5.0
) -> AsyncIterator[tuple[Other, Lines]]:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await make(other)(reader, writer)

    other = Other(speak)
    server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
    lines = Lines(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout_s=timeout_s)
    try:
        yield other, lines
    finally:
        lines.close()
        server.close()


def answering(*answers: bytes) -> Callable[[Other], Speak]:
    """Answer one request after the other on each connection, then hang up."""

    def make(other: Other) -> Speak:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for answer in answers:
                await other.hear(reader)
                writer.write(answer)

        return speak

    return make


async def test_requests_share_a_line() -> None:
    async with other_side(answering(OK, OK, OK)) as (other, lines):
        for _ in range(3):
            assert await lines.request("POST", "/a", body=b"x", headers={"n": "1"}) == Answer(200, b"ok")
        assert other.dialled == 1
        assert other.heard[0].startswith(b"POST /a HTTP/1.1\r\nhost: 127.0.0.1:")
        assert other.heard[0].endswith(b"\r\nn: 1\r\ncontent-length: 1\r\n\r\nx")


async def test_a_line_hung_up_while_idle_is_replaced() -> None:
    async with other_side(answering(OK)) as (other, lines):
        for _ in range(3):
            assert (await lines.request("GET", "/a")).status == 200
        assert other.dialled == 3


async def test_requests_at_the_same_time_have_lines_of_their_own() -> None:
    async with other_side(answering(OK)) as (other, lines):
        answers = await asyncio.gather(*(lines.request("GET", "/a") for _ in range(5)))
        assert ([one.body for one in answers], other.dialled) == ([b"ok"] * 5, 5)


async def test_chunks_are_put_together_and_a_close_is_heard() -> None:
    head = b"HTTP/1.1 503 Away\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    chunked = head + b"2\r\nno\r\n1\r\nt\r\n0\r\n\r\n"
    async with other_side(answering(chunked, OK)) as (other, lines):
        assert await lines.request("GET", "/a") == Answer(503, b"not")
        await lines.request("GET", "/a")
        assert other.dialled == 2


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", b"\x00nonsense\r\n\r\n", b""]
)
async def test_half_an_answer_or_nonsense_is_no_answer(answer: bytes) -> None:
    async with other_side(answering(answer)) as (_, lines):
        with pytest.raises(LineDown):
            await lines.request("GET", "/a")


async def test_silence_and_a_closed_port_are_no_answer() -> None:
    def silent(other: Other) -> Speak:
        async def speak(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await other.hear(reader)
            await reader.read()

        return speak

    async with other_side(silent, timeout_s=0.1) as (_, lines):
        with pytest.raises(LineDown):
            await lines.request("GET", "/a")
    with pytest.raises(LineDown):
        await lines.request("GET", "/a")


async def test_an_answer_without_end_is_cut() -> None:
    endless = b"HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n" + b"x" * 2_000_000
    async with other_side(answering(endless)) as (_, lines):
        with pytest.raises(LineDown, match="more than"):
            await lines.request("GET", "/a")


async def test_a_header_can_not_smuggle_another() -> None:
    with pytest.raises(ValueError, match="line break"):
        await Lines("http://127.0.0.1:1", timeout_s=1).request("GET", "/a", headers={"a": "b\r\nc: d"})
