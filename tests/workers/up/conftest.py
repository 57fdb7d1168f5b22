"""Whole copies of Kaibo as a person starts them, with ports and a folder of their own."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import free_ports

PORTS = ("WEB", "LIVE", "MEDIA", "WHIP", "JOBS", "S3", "RTMP", "PAY")
READY_WITHIN_S = 120
STOP_WITHIN_S = 60


class Copy:
    """One copy: what it prints, its processes, its end."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data = folder / "data"
        numbers = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.ports = {name.lower(): number for name, number in numbers.items()}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KAIBO_")},
            "DEMO": "0",
            "KAIBO_DATA": str(self.data),
            "KAIBO_MIN_FREE_GB": "0.1",
            "KAIBO_SKIP_FRONTEND": "1",
            **{f"KAIBO_{name}_PORT": str(number) for name, number in numbers.items()},
            **settings,
        }
        self.lines: list[str] = []
        self._arrived: queue.Queue[str | None] = queue.Queue()
        self.process: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None

    def start(self) -> "Copy":
        """Begin; `until` waits for what it says."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workers", "up"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self._listener.start()
        return self

    def until(self, text: str, within_s: float = READY_WITHIN_S) -> str:
        """Give the first new line with this text in it."""
        deadline = time.monotonic() + within_s
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._arrived.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(
            f"expected a line with “{text}” within {within_s} s, got:\n" + "".join(self.lines)
        )

    def drained(self) -> list[str]:
        """Give all it has said so far."""
        while not self._arrived.empty():
            line = self._arrived.get()
            if line is not None:
                self.lines.append(line)
        return self.lines

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send the signal to the supervisor alone and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_WITHIN_S)

    def pids(self) -> dict[int, str]:
        """Every process of this copy by its environment, with its command line."""
        marker = f"KAIBO_DATA={self.data}".encode()
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and marker in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return {pid: command for pid, command in found.items() if command}

    def pid_of(self, part: str) -> int:
        """The one process with this in its command line."""
        pids = [pid for pid, command in self.pids().items() if part in command]
        assert len(pids) == 1, f"expected one process with “{part}”, got {self.pids()}"
        return pids[0]

    def gone(self, within_s: float = 20) -> bool:
        """Whether no process of this copy is left, now or soon."""
        deadline = time.monotonic() + within_s
        while self.pids():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def clear(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        if self._listener is not None:
            self._listener.join(10)

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._arrived.put(line)
        self._arrived.put(None)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Callable[..., Copy]]:
    """Makes copies and sees to it that nothing of them survives the test."""
    made: list[Copy] = []

    def make(name: str = "copy", **settings: str) -> Copy:
        made.append(Copy(tmp_path / name, **settings))
        return made[-1]

    yield make
    for copy in made:
        copy.clear()
