"""Real servers for all tests: mongod, the object store, ffmpeg, Chromium."""

import asyncio
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import imageio_ffmpeg
import msgspec
import pytest
from hypothesis import settings as hypothesis_settings

from infra.embedded import (
    find_mongod,
    initiate,
    mongod_command,
    mongod_environment,
    store_command,
    store_environment,
    wait_for_store,
)
from infra.mongo import Database, connect
from infra.settings import Settings, load
from tests.grouping import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
_numbers = itertools.count()
_free_databases: dict[Path, list[str]] = {}
"""Emptied, by the file whose tests used them: they have the indexes that its tests ask for."""

# A busy machine is not a wrong answer.
hypothesis_settings.register_profile("kaibo", deadline=None)
hypothesis_settings.load_profile("kaibo")


def free_ports(count: int) -> list[int]:
    """Find `count` TCP ports that nobody listens on."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def fresh_settings(data: Path, **changes: object) -> Settings:
    """Give settings of a copy of its own: free ports, own data folder, no demo."""
    names = (
        "web_port",
        "live_port",
        "media_port",
        "whip_port",
        "jobs_port",
        "s3_port",
        "rtmp_port",
        "pay_port",
        "https_port",
    )
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    given = {"demo": False, "public_host": "127.0.0.1", "min_free_gb": 0.1, "secret": "a secret of the tests"}
    return msgspec.structs.replace(load({}, data), data=data, **{**ports, **given, **changes})


def _stop(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@pytest.fixture(scope="session")
def servers() -> Iterator[Settings]:
    """A mongod and an object store of this test session; ports and keys are in the settings."""
    folder = Path(tempfile.mkdtemp(prefix="kaibo-test-"))
    settings = fresh_settings(folder)
    mongod = subprocess.Popen(
        mongod_command(settings, find_mongod(settings)),
        env=mongod_environment(settings.run_dir),
        stdout=subprocess.DEVNULL,
    )
    store = subprocess.Popen(store_command(settings), env=store_environment(settings))
    try:
        asyncio.run(_wait_for(settings))
        yield settings
    finally:
        _stop(store)
        _stop(mongod)
        shutil.rmtree(folder, ignore_errors=True)


async def _wait_for(settings: Settings) -> None:
    await asyncio.gather(initiate(settings), wait_for_store(settings))


@pytest.fixture
def settings(servers: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of one test: the session's servers, a database, a bucket, ports and a folder of its own."""
    from infra.mongo.database import embedded_uri
    from infra.secrets import s3_keys

    access, secret = s3_keys(servers)
    number = next(_numbers)
    free = _free_databases.setdefault(request.path, [])
    return fresh_settings(
        tmp_path,
        mongodb_uri=embedded_uri(servers),
        mongodb_database=free.pop() if free else f"kaibo_test_{os.getpid()}_{number}",
        s3_endpoint=servers.s3_url,
        s3_bucket=f"kaibo-test-{os.getpid()}-{number}",
        s3_access_key=access,
        s3_secret_key=secret,
    )


@pytest.fixture
async def db(settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of its own on the real mongod, with nothing in it."""
    database = await connect(settings)
    yield database
    await database.clear()
    database.close()
    _free_databases[request.path].append(database.name)


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    """Path of the ffmpeg program."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@pytest.fixture(scope="session")
def demo_clip(ffmpeg: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds of picture and a tone: H264 640x360, 30 fps, GOP 1 s, no B frames; AAC."""
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    subprocess.run(
        [
            *(ffmpeg, "-v", "error", "-y"),
            *("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30"),
            *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"),
            *("-t", "20", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"),
            *(
                "-g",
                "30",
                "-bf",
                "0",
                "-pix_fmt",
                "yuv420p",
                "-b:v",
                "600k",
                "-c:a",
                "aac",
                "-shortest",
                str(path),
            ),
        ],
        check=True,
        timeout=120,
    )
    return path
