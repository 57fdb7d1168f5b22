"""One child: its start, its end, and what it leaves."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from workers.up.checks import CannotStart
from workers.up.process import Child, Spec, how_it_ended


async def never() -> None:
    await asyncio.Event().wait()


def child(tmp_path: Path, script: str, ready: Callable[[], Awaitable[None]] = never, **rest: object) -> Child:
    settings = {"stop_within_s": 5.0, "gated": False, **rest}
    return Child(
        Spec("it", [sys.executable, "-c", script], dict(os.environ), tmp_path / "it.log", ready, **settings)  # type: ignore[arg-type]
    )


async def until(text: str, log: Path) -> None:
    async with asyncio.timeout(20):
        while not log.exists() or text not in log.read_text():
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_what_it_says_is_in_its_log_and_its_end_is_told(tmp_path: Path) -> None:
    it = child(tmp_path, "import sys; print('at work', flush=True); sys.exit('no room left')")

    await it.start()

    assert how_it_ended(await it.exited()) == "exit code 1"
    assert (tmp_path / "it.log").read_text() == "at work\nno room left\n"
    assert it.last_words() == "no room left"


async def test_one_that_waits_for_the_word_does_nothing_before(tmp_path: Path) -> None:
    script = "import sys; print('loaded', flush=True); print(sys.stdin.readline(), flush=True)"
    it = child(tmp_path, script, gated=True)
    await it.start()
    await until("loaded", tmp_path / "it.log")
    assert it.running

    await it.begin()

    assert await it.exited() == 0
    assert (tmp_path / "it.log").read_text() == "loaded\nbegin\n\n"


async def test_one_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
        "time.sleep(60)"
    )
    it = child(tmp_path, script, stop_within_s=0.3)
    await it.start()
    await until("deaf", tmp_path / "it.log")

    assert await it.stop() is False

    assert how_it_ended(await it.exited()) == "killed by SIGKILL"


async def test_what_it_started_goes_with_it(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time; sleep = [sys.executable, '-c', 'import time; time.sleep(60)'];"
        "print('grandchild', subprocess.Popen(sleep).pid, flush=True); time.sleep(60)"
    )
    it = child(tmp_path, script)
    await it.start()
    await until("grandchild", tmp_path / "it.log")
    grandchild = int((tmp_path / "it.log").read_text().split()[1])

    assert await it.stop() is True

    deadline = time.monotonic() + 5
    while alive(grandchild) and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert not alive(grandchild)


async def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    it = Child(Spec("it", ["/nowhere/program"], {}, tmp_path / "it.log", never))

    with pytest.raises(CannotStart, match="it can't be started: /nowhere/program: No such file or directory"):
        await it.start()
