"""The front ends' own tests: types, and units in vitest."""

import subprocess
from pathlib import Path

import pytest

from workers.up.frontend import FRONTEND, build, node_environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    build(tmp_path_factory.mktemp("logs") / "frontend.log", print)
    return node_environment()


def test_every_app_passes_its_own(environment: dict[str, str]) -> None:
    """Their types are read by `make check`."""
    ran = subprocess.run(
        ["npm", "run", "test"], cwd=FRONTEND, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


def test_no_lock_file_names_a_registry() -> None:
    assert '"resolved": "http' not in (FRONTEND / "package-lock.json").read_text()
    root = Path(FRONTEND).parent
    for lock in root.glob("requirements*.lock"):
        assert not [line for line in lock.read_text().splitlines() if line.startswith("--")], lock
