"""The command line: `kaibo` or `python -m workers`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from infra import settings as infra_settings
from infra.settings import SettingInvalid, Settings
from infra.version import VERSION

EXAMPLES = """\b
Examples:
  kaibo up                       start everything, with the demo on air
  DEMO=0 kaibo up                the same without the demo
  LAN=1 kaibo up                 phones of this network may come: HTTPS, a QR code, made passwords
  KAIBO_WEB_PORT=9000 kaibo up   another port; `kaibo config` lists all settings
  kaibo web                      one worker alone, beside the ones that run
"""

WORKERS = {
    "web": "Web pages and HTTP API.",
    "live": "Rooms: the log and the websockets.",
    "media": "RTMP in; HTTP-FLV, live HLS and recordings out.",
    "whip": "WebRTC (WHIP) in, handed to media.",
    "jobs": "Uploads, replays and clips.",
    "gate": "With LAN=1: one HTTPS address of everything, for phones.",
    "pay_sandbox": "The demo's payment provider: payment page, signed callbacks, refunds.",
}


def read_settings() -> Settings:
    """The settings, or one plain sentence and exit code 2."""
    try:
        settings = infra_settings.load()
        if settings.lan:
            from infra.network import with_lan_address

            settings = with_lan_address(settings)
        return settings
    except SettingInvalid as invalid:
        raise Refusal(str(invalid)) from None


class Refusal(click.ClickException):
    """One plain sentence on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence."""
        click.echo(f"kaibo: {self.message}", file=file, err=file is None)


@click.group(
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="kaibo")
def main() -> None:
    """Kaibo (开播): live commerce and content, on one machine or many.

    Settings come from the environment (KAIBO_*), then `.env`, `kaibo.toml` and the defaults;
    `kaibo config` shows them all.
    """


@main.command()
def up() -> None:
    """Start everything: database, object store, all workers, the demo. Ctrl-C stops it."""
    settings = read_settings()
    from workers.up import run
    from workers.up.checks import CannotStart

    try:
        sys.exit(run(settings))
    except CannotStart as reason:
        raise Refusal(str(reason)) from None


def _worker(name: str, meaning: str) -> None:
    @main.command(name, help=f"{meaning} Runs until SIGTERM or Ctrl-C.", short_help=meaning)
    def start() -> None:
        settings = read_settings()
        from infra.telemetry import configure_logging

        configure_logging(name, settings.log_level)
        run: Callable[[Settings], None] = importlib.import_module(f"workers.{name}").run
        run(settings)


for _name, _meaning in WORKERS.items():
    _worker(_name, _meaning)


@main.command()
@click.option("--secrets", is_flag=True, help="Also show the values of secrets.")
def config(secrets: bool) -> None:
    """Show every setting: its value in force, where that came from, its meaning."""
    settings = read_settings()
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("setting", "value", "from", "meaning"):
        table.add_column(column, overflow="fold")
    for entry in infra_settings.explain():
        value = str(getattr(settings, entry.name)) if secrets else entry.value
        changed = entry.source != "default"
        table.add_row(
            entry.variable, value or "—", entry.source, entry.meaning, style="" if changed else "dim"
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@main.command()
@click.option("--yes", is_flag=True, help="Don't ask.")
def reset(yes: bool) -> None:
    """Clear the data folder: database, recordings, objects, logs. Refuses while Kaibo runs."""
    settings = read_settings()
    from workers.up.lock import AlreadyRunning, FolderLock
    from workers.up.reset import clear, size_of

    folder: Path = settings.data
    if not folder.exists():
        click.echo(f"{folder} is not there: nothing to clear.")
        return
    try:
        with FolderLock(folder):
            if not yes:
                click.confirm(
                    f"Delete everything in {folder} ({size_of(folder)})? This can't be undone", abort=True
                )
            clear(folder)
    except AlreadyRunning as running:
        raise Refusal(f"{running} Stop it first.") from None
    click.echo(f"{folder} is empty.")


@main.command()
@click.argument("part", type=click.Choice(["seed", "broadcast", "audience"]))
def demo(part: str) -> None:
    """Run one part of the demo against a running Kaibo: its shop, its broadcaster or its audience."""
    settings = read_settings()
    from infra.telemetry import configure_logging

    configure_logging("demo", settings.log_level)
    importlib.import_module("workers.demo").run(settings, part)


if __name__ == "__main__":
    main()
