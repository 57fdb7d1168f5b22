"""The command line: help, settings shown, one plain sentence when something is wrong, reset."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workers.cli import WORKERS, main
from workers.up.lock import FolderLock


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("KAIBO_") or name == "DEMO":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def kaibo(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, words, input=stdin, prog_name="kaibo")


def test_help_names_every_command_and_gives_examples() -> None:
    told = kaibo("--help").output

    for command in (*WORKERS, "up", "config", "reset", "demo"):
        assert f"\n  {command} " in told
    assert "KAIBO_WEB_PORT=9000 kaibo up" in told


@pytest.mark.parametrize("command", [*WORKERS, "up", "config", "reset", "demo"])
def test_every_command_has_a_help(command: str) -> None:
    told = kaibo(command, "--help")

    assert told.exit_code == 0
    assert f"Usage: kaibo {command}" in told.output


@pytest.mark.parametrize("command", ["up", "web", "config", "reset"])
def test_a_broken_setting_is_one_sentence(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAIBO_WEB_PORT", "eighty")

    told = kaibo(command)

    assert told.exit_code == 2
    assert told.output.startswith("kaibo: KAIBO_WEB_PORT (from environment) is “eighty”: ")
    assert told.output.count("\n") == 1


def test_config_tells_value_and_source_and_masks_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KAIBO_WEB_PORT", "9000")
    (tmp_path / ".env").write_text("KAIBO_SECRET=much-hidden\n")
    (tmp_path / "kaibo.toml").write_text("grace_s = 30\n")

    rows = {
        line.split()[0]: line.split()[1:3] for line in kaibo("config").output.splitlines() if line.strip()
    }

    assert rows["KAIBO_WEB_PORT"] == ["9000", "environment"]
    assert rows["KAIBO_SECRET"] == ["••••", ".env"]
    assert rows["KAIBO_GRACE_S"] == ["30.0", "kaibo.toml"]
    assert rows["KAIBO_LIVE_PORT"] == ["8010", "default"]
    assert "much-hidden" in kaibo("config", "--secrets").output


def test_reset_asks_and_does_nothing_on_no(tmp_path: Path) -> None:
    (tmp_path / "data" / "db").mkdir(parents=True)

    told = kaibo("reset", stdin="n\n")

    assert told.exit_code == 1
    assert (tmp_path / "data" / "db").exists()


def test_reset_clears_the_folder(tmp_path: Path) -> None:
    kept = tmp_path / "data" / "media" / "rec"
    kept.mkdir(parents=True)
    (kept / "1.mp4").write_bytes(b"x" * 2_000_000)

    told = kaibo("reset", stdin="y\n")

    assert told.exit_code == 0
    assert "(2 MB)" in told.output
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["kaibo.lock"]


def test_reset_refuses_while_kaibo_runs(tmp_path: Path) -> None:
    (tmp_path / "data" / "db").mkdir(parents=True)

    with FolderLock(tmp_path / "data"):
        told = kaibo("reset", "--yes")

    assert told.exit_code == 2
    assert "already runs" in told.output
    assert "Stop it first." in told.output
    assert (tmp_path / "data" / "db").exists()


def test_reset_of_nothing_says_so() -> None:
    assert "nothing to clear" in kaibo("reset").output
