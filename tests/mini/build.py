"""The mini-program as it is handed to WeChat's tools, and what runs it without them."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workers.up.frontend import FRONTEND, SKIPPED, node_environment

ORIGIN = "http://localhost:8000"
"""The server a mini-program is built for unless it is told another."""
SIMULATOR = FRONTEND / "mp-tests"
_APP = FRONTEND / "apps" / "viewer"
_DIST = _APP / "dist" / "build" / "mp-weixin"
_STAMP = _APP / "dist" / ".sources-mp-weixin"
_INSTALL_S = 600
_BUILD_S = 600


def built() -> Path:
    """The built mini-program; made first when its sources have changed since."""
    with _alone():
        _install(FRONTEND)
        wanted = _fingerprint()
        if not _STAMP.is_file() or _STAMP.read_text(encoding="ascii") != wanted:
            _npm(_APP, "run", "build:mp-weixin", within_s=_BUILD_S)
            _STAMP.write_text(wanted, encoding="ascii")
    return _DIST


def simulator() -> Path:
    """The folder of the simulated phone, with its packages installed."""
    with _alone():
        _install(SIMULATOR)
    return SIMULATOR


def _install(folder: Path) -> None:
    installed = folder / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime:
        _npm(folder, "ci", "--no-audit", "--no-fund", within_s=_INSTALL_S)


def _npm(folder: Path, *words: str, within_s: float) -> None:
    environment = {name: value for name, value in node_environment().items() if name != "VITE_KAIBO_ORIGIN"}
    done = subprocess.run(
        ["npm", *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=within_s
    )
    assert done.returncode == 0, f"npm {' '.join(words)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def _fingerprint() -> str:
    digest = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes())
    for root in (_APP, FRONTEND / "packages"):
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED)
            for name in sorted(files):
                file = Path(folder) / name
                digest.update(f"{file.relative_to(FRONTEND)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Test processes that start together take turns."""
    with (Path(sys.prefix) / "kaibo-mini.lock").open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
