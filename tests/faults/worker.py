"""One of our workers as a process of its own, to be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress

import httpx

from infra.settings import Settings, to_environ
from tests.http import plain_http

START_S = 60.0


class Worker:
    """`python -m workers <name>` on the test's settings."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self._name = name
        self._health = f"http://127.0.0.1:{getattr(settings, f'{name}_port')}/healthz"
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        environ = {**os.environ, **to_environ(self._settings)}
        self._child = subprocess.Popen([sys.executable, "-m", "workers", self._name], env=environ)
        async with asyncio.timeout(START_S), plain_http() as http:
            while True:
                with suppress(httpx.TransportError):
                    if (await http.get(self._health)).status_code == 200:
                        return
                await asyncio.sleep(0.05)

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Send it a signal and wait for its end."""
        assert self._child is not None
        self._child.send_signal(number)
        return self._child.wait(15)
