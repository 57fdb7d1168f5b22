"""The built mini-program in WeChat's own compilers, and its size."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from workers.up.frontend import node_environment

MAIN_PACKAGE = 2 * 1024 * 1024
"""What WeChat takes as a main package, or as any one sub-package."""
BROWSER_ONLY = (
    "hls.js",
    "mpegts",
    "RTCPeerConnection",
    "getUserMedia",
    "document.createElement",
    "location.href",
)


def _compile(simulator: Path, root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["node", "compile.cjs", str(root)],
        cwd=simulator,
        env=node_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def _report(simulator: Path, root: Path) -> dict[str, Any]:
    done = _compile(simulator, root)
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_wechats_compilers_take_every_template_and_style(simulator: Path, mini_program: Path) -> None:
    report = _report(simulator, mini_program)
    assert report["wxml"] == len(list(mini_program.rglob("*.wxml"))) > 40
    assert report["wxss"] == len(list(mini_program.rglob("*.wxss"))) > 40


@pytest.mark.parametrize(
    ("file", "mistake"),
    [
        ("components/PriceTag.wxml", "<view><text>¥</view>"),
        ("components/PriceTag.wxml", "<view>{{ a +* }}</view>"),
        ("components/PriceTag.wxss", ".price > * { color: red }"),
    ],
)
def test_a_mistake_would_be_found(
    simulator: Path, mini_program: Path, tmp_path: Path, file: str, mistake: str
) -> None:
    copy = shutil.copytree(mini_program, tmp_path / "copy")
    (copy / file).write_text(mistake, encoding="utf-8")
    assert _compile(simulator, copy).returncode != 0


def test_every_package_is_small_enough(simulator: Path, mini_program: Path) -> None:
    report = _report(simulator, mini_program)
    assert 0 < report["main"] < MAIN_PACKAGE / 2
    assert set(report["packages"]) >= {"pages/orders", "pages/wallet", "pages/clerk", "pages/contributions"}
    assert all(0 < size < MAIN_PACKAGE for size in report["packages"].values())


def test_what_only_a_browser_has_is_not_in_it(mini_program: Path) -> None:
    for script in mini_program.rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert [word for word in BROWSER_ONLY if word in text] == [], script


def test_the_lock_file_names_no_registry(simulator: Path) -> None:
    assert '"resolved": "http' not in (simulator / "package-lock.json").read_text(encoding="utf-8")
