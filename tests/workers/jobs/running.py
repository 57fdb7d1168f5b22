"""The real jobs process, and a real object store that can be stopped and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec

from infra.embedded import store_command, store_environment, wait_for_store
from infra.mongo import Database, from_doc
from infra.settings import Settings, to_environ
from schemas.jobs import Job
from tests.http import plain_http

T = TypeVar("T")


async def until(what: str, condition: Callable[[], Awaitable[T | None]], timeout_s: float = 20.0) -> T:
    """Wait for something and give it; says what was missing when it does not come."""
    give_up_at = time.monotonic() + timeout_s
    while True:
        if found := await condition():
            return found
        assert time.monotonic() < give_up_at, f"not within {timeout_s} s: {what}"
        await asyncio.sleep(0.02)


class JobsProcess:
    """`kaibo jobs` with the settings of a test."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = settings.data / "jobs.log"
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "workers", "jobs"],
                env={**os.environ, **to_environ(self.settings)},
                stderr=log,
            )
        await until(f"ready; {self.log} tells why", self.is_ready)

    async def is_ready(self) -> bool:
        return (await self.ask("/readyz")) == (200, "ready\n")

    async def ask(self, path: str) -> tuple[int, str]:
        """GET from its health port; (0, why) when nobody answers."""
        async with plain_http(timeout=5) as http:
            try:
                answer = await http.get(f"http://127.0.0.1:{self.settings.jobs_port}{path}")
            except httpx.HTTPError as error:
                return 0, str(error)
        return answer.status_code, answer.text

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self._child is not None
        self._child.send_signal(signal.SIGKILL)
        self._child.wait()

    def stop(self) -> tuple[int, float]:
        """SIGTERM; gives exit code and how long it took, seconds."""
        assert self._child is not None
        began = time.monotonic()
        self._child.terminate()
        code = self._child.wait(10)
        return code, time.monotonic() - began

    def end(self) -> None:
        if self._child is not None and self._child.poll() is None:
            self.kill()


@asynccontextmanager
async def jobs_process(settings: Settings) -> AsyncIterator[JobsProcess]:
    """A jobs process that is ready."""
    process = JobsProcess(settings)
    try:
        await process.start()
        yield process
    finally:
        process.end()


class Store:
    """An object store of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = msgspec.structs.replace(settings, s3_endpoint="")
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._child = subprocess.Popen(store_command(self.settings), env=store_environment(self.settings))
        await wait_for_store(self.settings)

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def freeze(self) -> None:
        """Let it hold connections and say nothing."""
        assert self._child is not None
        self._child.send_signal(signal.SIGSTOP)


async def job(db: Database, kind: str) -> Job | None:
    """Give the only job of a kind."""
    found = await db.collection("jobs").find({"kind": kind})
    assert len(found) <= 1
    return from_doc(Job, found[0]) if found else None


def children(pid: int) -> list[int]:
    """Pids of a process's children."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in listed.read_text().split()] if listed.exists() else []
