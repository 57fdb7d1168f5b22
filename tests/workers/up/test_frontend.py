"""Which front ends are built, when, and with which node. A workspace in small, built by the real npm."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from workers.up.checks import CannotStart
from workers.up.frontend import build, node_environment, stale_apps

BUILD = "mkdir -p dist && cp src/page.txt dist/page.txt"


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    root = tmp_path / "frontend"
    for app in ("portal", "viewer"):
        (root / "apps" / app / "src").mkdir(parents=True)
        (root / "apps" / app / "src" / "page.txt").write_text(f"{app} 1")
        (root / "apps" / app / "package.json").write_text(
            json.dumps({"name": app, "scripts": {"build": BUILD}})
        )
    (root / "apps" / "notes").mkdir()
    (root / "apps" / "notes" / "package.json").write_text(json.dumps({"name": "notes"}))
    (root / "packages" / "client").mkdir(parents=True)
    (root / "packages" / "client" / "client.ts").write_text("export const version = 1")
    (root / "package.json").write_text(json.dumps({"name": "all", "workspaces": ["apps/*"]}))
    (root / "package-lock.json").write_text("{}")
    (root / "node_modules").mkdir()
    (root / "node_modules" / ".package-lock.json").write_text("{}")
    return root


def names(apps: list[Path]) -> list[str]:
    return [app.name for app in apps]


def test_what_is_missing_is_built_once(frontend: Path, tmp_path: Path) -> None:
    said: list[str] = []

    built = build(tmp_path / "logs" / "frontend.log", said.append, frontend)

    assert built.apps == ["portal", "viewer"]
    assert built.work_s > 0
    assert built.download_s == 0
    assert said == ["web pages: building portal", "web pages: building viewer"]
    assert (frontend / "apps" / "viewer" / "dist" / "page.txt").read_text() == "viewer 1"
    assert build(tmp_path / "logs" / "frontend.log", said.append, frontend).apps == []
    assert len(said) == 2


def test_a_changed_source_makes_its_app_stale_and_a_shared_one_all(frontend: Path, tmp_path: Path) -> None:
    build(tmp_path / "frontend.log", lambda line: None, frontend)
    assert stale_apps(frontend) == []

    (frontend / "apps" / "portal" / "src" / "page.txt").write_text("portal 2")
    assert names(stale_apps(frontend)) == ["portal"]

    (frontend / "packages" / "client" / "client.ts").write_text("export const version = 2")
    assert names(stale_apps(frontend)) == ["portal", "viewer"]


def test_what_was_built_or_installed_is_no_source(frontend: Path, tmp_path: Path) -> None:
    build(tmp_path / "frontend.log", lambda line: None, frontend)

    (frontend / "apps" / "portal" / "dist" / "more.txt").write_text("x")
    (frontend / "apps" / "portal" / "node_modules").mkdir()
    (frontend / "apps" / "portal" / "node_modules" / "x.js").write_text("x")

    assert stale_apps(frontend) == []


def test_a_build_that_fails_is_told_with_its_reason_and_tried_again(frontend: Path, tmp_path: Path) -> None:
    script = {"build": "mkdir -p dist; echo the page has no title >&2; exit 3"}
    (frontend / "apps" / "portal" / "package.json").write_text(
        json.dumps({"name": "portal", "scripts": script})
    )

    with pytest.raises(
        CannotStart, match=r"building portal failed; .*frontend-portal\.log says why"
    ) as failed:
        build(tmp_path / "frontend.log", lambda line: None, frontend)

    assert "the page has no title" in str(failed.value)
    assert "KAIBO_SKIP_FRONTEND=1" in str(failed.value)
    assert "portal" in names(stale_apps(frontend))


def test_without_a_node_of_the_system_the_wheel_brings_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    environment = node_environment()
    environment["PATH"] += f"{os.pathsep}/usr/bin{os.pathsep}/bin"
    npm = subprocess.run(["npm", "--version"], env=environment, capture_output=True, text=True, timeout=60)
    node = subprocess.run(["node", "--version"], env=environment, capture_output=True, text=True, timeout=60)

    assert int(node.stdout.strip().lstrip("v").split(".")[0]) >= 20
    assert npm.returncode == 0, npm.stderr
    assert environment["PATH"].split(os.pathsep)[0].endswith("/node")
