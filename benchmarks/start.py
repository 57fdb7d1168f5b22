"""From `kaibo up` on a data folder that was used before to every process answering /readyz.

Median of three; the first start of the folder is not counted, the demo is on, the pages are built.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import references
from benchmarks.harness import Goal, Report
from tests.conftest import free_ports

GOAL_S = 6
STARTS = 3
GIVE_UP_S = 120
PORTS = ("WEB", "LIVE", "MEDIA", "WHIP", "JOBS", "S3", "RTMP", "PAY")


def measure(report: Report) -> None:
    reference = references.mongod_start()
    folder = Path(tempfile.mkdtemp(prefix="kaibo-bench-"))
    try:
        first = ready_after(folder)
        again = [ready_after(folder) for _ in range(STARTS)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.note(f"first start {first:.1f} s, then " + ", ".join(f"{seconds:.1f}" for seconds in again))
    report.absolute("start", statistics.median(again), "s", Goal("<=", GOAL_S), reference)


def ready_after(folder: Path) -> float:
    """Starts a copy, waits until it says that it is ready, stops it; seconds until then."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    environment = {
        **os.environ,
        "KAIBO_DATA": str(folder / "data"),
        "KAIBO_SKIP_FRONTEND": "1",
        **{f"KAIBO_{name}_PORT": str(port) for name, port in ports.items()},
    }
    began = time.monotonic()
    copy = subprocess.Popen(
        [sys.executable, "-m", "workers", "up"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert copy.stdout is not None
        for line in copy.stdout:
            if re.search(r"\bReady\b", line):
                return time.monotonic() - began
            if time.monotonic() - began > GIVE_UP_S:
                break
        raise RuntimeError("expected the line that says Ready, got none")
    finally:
        copy.send_signal(signal.SIGTERM)
        copy.communicate(timeout=60)
