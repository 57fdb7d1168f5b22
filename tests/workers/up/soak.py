"""`make soak`: the whole demo for SOAK_MINUTES; no restarts, bounded memory and disk, a flowing picture."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workers.up.conftest import Copy
from tests.workers.up.test_demo import ask, picture

pytestmark = pytest.mark.slow
MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
WARM_S = 120.0
LOOK_EVERY_S = 30.0
GROWTH_MB_PER_HOUR = 120
DISK_MB_PER_MINUTE = 12
"""A show is about 0.7 Mbit/s: 5 MB a minute on the disk and the same again in the object store."""


def memory_mb(copy: Copy) -> dict[str, float]:
    """Resident memory of each process, by what runs in it."""
    used: dict[str, float] = {}
    for pid, command in copy.pids().items():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        resident = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
        name = command.split("workers.up.child ")[-1].strip() if "workers.up.child" in command else "servers"
        used[name] = used.get(name, 0) + int(resident.split()[1]) / 1024
    return used


def disk_mb(copy: Copy) -> float:
    return sum(file.stat().st_size for file in copy.data.rglob("*") if file.is_file()) / 1e6


def test_the_demo_runs_steadily(copies: Callable[..., Copy]) -> None:
    copy = copies(DEMO="1").start()
    copy.until("on air")
    time.sleep(WARM_S)
    began, before, disk_before = time.monotonic(), memory_mb(copy), disk_mb(copy)

    while (passed := time.monotonic() - began) < MINUTES * 60:
        (card,) = ask(copy, "/v1/feed?tab=live")["items"]
        assert picture(copy, card["program"], frames=25) >= 25
        used_now = {name: round(used) for name, used in memory_mb(copy).items()}
        sys.stdout.write(f"{passed / 60:5.1f} min {used_now}\n")
        time.sleep(LOOK_EVERY_S)

    hours = (time.monotonic() - began) / 3600
    for name, used in memory_mb(copy).items():
        grown = used - before.get(name, used)
        assert grown < max(40, GROWTH_MB_PER_HOUR * hours), f"{name} grew by {grown:.0f} MB in {hours:.2f} h"
    assert disk_mb(copy) - disk_before < DISK_MB_PER_MINUTE * hours * 60 + 350
    assert not [line for line in copy.drained() if "stopped (" in line]
