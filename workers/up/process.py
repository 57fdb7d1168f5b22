"""One child process: start, tell whether it is ready, stop it and whatever it started."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.processes import die_with_parent
from workers.up.checks import CannotStart


@dataclass(frozen=True)
class Spec:
    """How to run a child."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], Awaitable[None]]
    """Returns when the child does its work; may wait for ever."""
    stop_within_s: float = 8.0
    gated: bool = False
    """Waits on stdin until it may begin (`workers.up.child`)."""


@dataclass
class Child:
    """A child with a life: started, perhaps many times, and stopped once."""

    spec: Spec
    process: asyncio.subprocess.Process | None = None
    began: float = field(default=0.0)

    @property
    def name(self) -> str:
        """Name of the process."""
        return self.spec.name

    @property
    def age_s(self) -> float:
        """Seconds since it was started last."""
        return time.monotonic() - self.began

    @property
    def running(self) -> bool:
        """Whether it is there now."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start in a process group of its own: Ctrl-C on the terminal reaches the supervisor only."""
        self.spec.log.parent.mkdir(parents=True, exist_ok=True)
        self.began = time.monotonic()
        with self.spec.log.open("ab") as log:
            try:
                self.process = await asyncio.create_subprocess_exec(
                    *self.spec.command,
                    env=dict(self.spec.environment),
                    stdin=asyncio.subprocess.PIPE if self.spec.gated else asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )
            except OSError as error:
                raise CannotStart(
                    f"{self.name} can't be started: {self.spec.command[0]}: {error.strerror}."
                ) from None

    async def begin(self) -> None:
        """Let a gated child go on. One that has died meanwhile is found by `exited`."""
        if self.process is not None and self.process.stdin is not None:
            try:
                self.process.stdin.write(b"begin\n")
                await self.process.stdin.drain()
            except (BrokenPipeError, ConnectionResetError):
                return

    async def exited(self) -> int:
        """Wait for the end; gives the exit code, negative for a signal."""
        if self.process is None:
            raise RuntimeError(f"expected {self.name} to be started, got nothing")
        return await self.process.wait()

    async def stop(self) -> bool:
        """SIGTERM, then SIGKILL to the group; False when it had to be killed."""
        process = self.process
        if process is None:
            return True
        willing = True
        if process.returncode is None:
            _signal(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self.spec.stop_within_s)
            except TimeoutError:
                willing = False
        self.kill()
        await process.wait()
        return willing

    def kill(self) -> None:
        """SIGKILL to everything left of its process group."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    def last_words(self) -> str:
        """The last line of its log, for a person who must find out why it died."""
        lines = self.spec.log.read_bytes()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it wrote nothing"


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
