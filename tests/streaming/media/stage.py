"""A real media process, programs to publish to, and players that read back: fixtures and what they give."""

import asyncio
import io
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import av
import httpx
import msgspec
import pytest

from infra.clock import now_ms
from infra.mongo import Database, to_doc
from infra.settings import Settings, to_environ
from infra.tokens import Tokens, digest
from schemas.content import Program, ProgramState
from schemas.ids import new_id
from tests.http import plain_http

ROOT = Path(__file__).parents[3]


async def until(
    what: str, condition: Callable[[], Awaitable[object]], timeout_s: float = 30.0, every_s: float = 0.05
) -> None:
    """Wait for a condition; say what was missing."""
    try:
        async with asyncio.timeout(timeout_s):
            while not await condition():
                await asyncio.sleep(every_s)
    except TimeoutError:
        raise AssertionError(f"waited {timeout_s} s in vain: {what}") from None


@dataclass
class MediaProcess:
    """`kaibo media`, with everything a test asks of it."""

    settings: Settings
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    children: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers", "media"],
                cwd=ROOT,
                env={**os.environ, **to_environ(self.settings)},
                stderr=log,
                stdout=log,
            )
        await until("media is ready", self._is_ready)

    async def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            async with plain_http() as client:
                return (await client.get(self.http("/readyz"))).status_code == 200
        except httpx.TransportError:
            return False

    def with_settings(self, **changes: object) -> Settings:
        return msgspec.structs.replace(self.settings, **changes)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def http(self, path: str) -> str:
        return f"http://127.0.0.1:{self.settings.media_port}{path}"

    def rtmp(self, name: str) -> str:
        return f"rtmp://127.0.0.1:{self.settings.rtmp_port}/live/{name}"

    def play(self, program: str, form: str, ttl_s: float = 600) -> str:
        token = Tokens(self.settings.secret).sign("play", {"program": program}, ttl_s)
        return self.http(f"/live/{program}.{form}?token={token}")

    def logged(self, text: str) -> bool:
        return text in self.log.read_text()


@pytest.fixture
async def media(settings: Settings, db: Database, tmp_path: Path) -> AsyncIterator[MediaProcess]:
    process = MediaProcess(settings, tmp_path / "media.log")
    await process.start()
    yield process
    for child in process.children:
        child.kill()
        child.wait()
    if process.process is not None and process.process.poll() is None:
        process.stop()


@pytest.fixture
async def whip(media: MediaProcess, settings: Settings, tmp_path: Path) -> AsyncIterator[str]:
    """Address of a real WHIP process beside the media process."""
    log = tmp_path / "whip.log"
    address = f"http://127.0.0.1:{settings.whip_port}"

    async def ready() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            async with plain_http() as client:
                return (await client.get(f"{address}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", "whip"],
            cwd=ROOT,
            env={**os.environ, **to_environ(settings)},
            stderr=out,
            stdout=out,
        )
    await until("whip is ready", ready)
    yield address
    process.terminate()
    process.wait(10)


@dataclass(frozen=True)
class Opened:
    """A program that is open for publishing."""

    id: str
    key: str


async def open_program(db: Database, **changes: object) -> Opened:
    key = secrets.token_urlsafe(18)
    given = {
        "business": "biz_1",
        "room": "rm_1",
        "anchor": "acc_1",
        "title": "An evening of teapots",
        "state": ProgramState.READY,
        "key_hash": digest(key),
        "key_expires_at": now_ms() + 3_600_000,
        "created_at": now_ms(),
        **changes,
    }
    program = Program(id=new_id("prg"), **given)  # type: ignore[arg-type]
    await db.collection("programs").insert_one(to_doc(program))
    return Opened(program.id, key)


async def state_of(db: Database, program: str) -> str:
    doc = await db.collection("programs").find_one({"_id": program})
    assert doc is not None
    return str(doc["state"])


async def reaches(db: Database, program: str, state: str) -> None:
    """Wait until the record has the program in `state`."""

    async def there() -> bool:
        return await state_of(db, program) == state

    await until(f"the program is {state}", there)


@pytest.fixture
async def program(db: Database) -> Opened:
    return await open_program(db)


@dataclass
class Pusher:
    """ffmpeg, publishing."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self) -> str:
        self.process.terminate()
        self.process.wait(10)
        return self.log.read_text()

    def wait(self, timeout_s: float = 20) -> str:
        self.process.wait(timeout_s)
        return self.log.read_text()


async def read_flv(url: str, size: int = 400_000, timeout_s: float = 30) -> bytes:
    """The first `size` bytes of a live stream, or all of it if it ends before."""
    data = bytearray()
    async with (
        asyncio.timeout(timeout_s),
        plain_http(timeout=timeout_s) as client,
        client.stream("GET", url) as response,
    ):
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"] == "video/x-flv"
        async for chunk in response.aiter_raw():
            data += chunk
            if len(data) >= size:
                break
    return bytes(data)


@dataclass(frozen=True)
class Decoded:
    """What a player makes of a stream."""

    sizes: set[tuple[int, int]]
    pictures: list[int]
    """Presentation times, ms."""
    sounds: int
    loudest: float


def decode(data: bytes, form: str) -> Decoded:
    sizes, pictures, sounds, loudest = set(), [], 0, 0.0
    container = av.open(io.BytesIO(data), "r", format=form)
    try:
        for packet in container.demux():
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    sizes.add((frame.width, frame.height))
                    pictures.append(round((frame.time or 0) * 1000))
                elif isinstance(frame, av.AudioFrame):
                    sounds += 1
                    loudest = max(loudest, _peak(frame))
    except av.InvalidDataError:
        pass  # the reader stopped in the middle of a frame
    finally:
        container.close()
    return Decoded(sizes, pictures, sounds, loudest)


def _peak(frame: av.AudioFrame) -> float:
    """The loudest sample of planar float sound."""
    return max(map(abs, memoryview(bytes(frame.planes[0])).cast("f")[: frame.samples]))


Push = Callable[..., Pusher]


@pytest.fixture
def push(media: MediaProcess, ffmpeg: str, demo_clip: Path, tmp_path: Path) -> Push:
    """Publish `clip` under `name`, in real time unless told otherwise."""

    def start(
        name: str, clip: Path | None = None, *, loop: bool = True, options: tuple[str, ...] = ()
    ) -> Pusher:
        log = tmp_path / f"push-{len(media.children)}.log"
        command = [
            *(ffmpeg, "-hide_banner", "-v", "info", "-nostats", "-re"),
            *(("-stream_loop", "-1") if loop else ()),
            *("-i", str(clip or demo_clip), "-c", "copy", *options, "-f", "flv", media.rtmp(name)),
        ]
        with log.open("wb") as err:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=err, stderr=err)
        media.children.append(process)
        return Pusher(process, log)

    return start
