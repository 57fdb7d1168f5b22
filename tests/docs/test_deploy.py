"""deploy/ is true: units start commands that exist, with settings that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.settings import explain, load
from workers.cli import WORKERS

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"


def test_the_target_wants_every_worker_but_those_of_a_trial() -> None:
    wanted = re.findall(r"kaibo@(\w+)\.service", (UNITS / "kaibo.target").read_text(encoding="utf-8"))

    assert wanted == [name for name in WORKERS if name not in ("gate", "pay_sandbox")]


def test_the_settings_of_the_example_exist_and_can_be_read(tmp_path: Path) -> None:
    shutil.copy(UNITS / "kaibo.env", tmp_path / ".env")
    known = {entry.variable for entry in explain({}, tmp_path)}
    named = re.findall(r"^(KAIBO_\w+)=", (UNITS / "kaibo.env").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(named) <= known
    assert load({}, tmp_path).demo is False


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = (UNITS / "kaibo@.service").read_text(encoding="utf-8")
    local = unit.replace("/opt/kaibo/.venv/bin/python", shutil.which("true") or "/bin/true")
    (tmp_path / "kaibo@.service").write_text(
        local.replace("file:/opt/kaibo/docs/operations.md", "man:true(1)")
    )
    (tmp_path / "kaibo.target").write_text((UNITS / "kaibo.target").read_text(encoding="utf-8"))

    checked = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(tmp_path / "kaibo@web.service")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    ours = [line for line in checked.stderr.splitlines() if "kaibo" in line]
    assert ours == []
