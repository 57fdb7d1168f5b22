"""What the person who typed `make run` sees: progress, the addresses, and later only what matters."""

import io
import json
import sys
import time
from pathlib import Path

from infra.settings import Settings
from infra.version import VERSION
from workers.demo.logins import OPEN_LOGINS, password_of
from workers.up.frontend import Built

INSTALL_TIMES = Path(sys.prefix) / ".first_start.json"
"""Left by `.ci/environment` when it has just installed the Python packages."""


class Console:
    """Writes to standard output; coloured on a terminal, plain lines elsewhere."""

    def __init__(self, settings: Settings) -> None:
        from rich.console import Console as Rich

        self._settings = settings
        self._out = Rich(highlight=False, soft_wrap=True)
        self._download_s, self._work_s = _install_times()
        self._began = time.monotonic()

    def hello(self) -> None:
        """Say who starts."""
        self._out.print(f"[bold #E5402A]开播[/] [bold]Kaibo[/] {VERSION}")

    def say(self, line: str) -> None:
        """Say what happens now."""
        self._out.print(f"  [dim]·[/] {line}")

    def warn(self, line: str) -> None:
        """Say what went wrong, with the time."""
        from rich.markup import escape

        self._out.print(f"  [bold yellow]![/] {time.strftime('%H:%M:%S')} {escape(line)}")

    def built(self, built: Built) -> None:
        """Tell of the front ends, if any had to be built."""
        self._download_s += built.download_s
        self._work_s += built.work_s
        if built.apps:
            self._done(f"web pages ({', '.join(built.apps)})", built.work_s)

    def started(self, name: str, seconds: float) -> None:
        """Tell that a process is ready."""
        self._done(name, seconds)

    def ready(self, start_s: float) -> None:
        """The addresses, once everything is healthy."""
        INSTALL_TIMES.unlink(missing_ok=True)
        settings = self._settings
        rows = [
            ("Open", f"[bold #1F55D6]{settings.web_url}[/]"),
            ("Portal", f"{settings.web_url}/portal/"),
            ("Push", f"{settings.rtmp_url}/[italic]<stream key>[/]"),
            ("API", f"{settings.web_url}/docs"),
        ]
        if settings.demo:
            logins = "  ".join(f"{login}/{password_of(settings, login)}" for login in OPEN_LOGINS)
            rows.append(("Sign in", logins + "  [dim](demo accounts)[/]"))
        else:
            rows.append(("Sign in", f"admin, password in {_near(settings.run_dir / 'operator.secret')}"))
        rows.append(("Data", f"{_near(settings.data)}  [dim]logs in {_near(settings.data / 'logs')}[/]"))
        self._out.print()
        for label, text in rows:
            self._out.print(f"  [dim]{label:<9}[/]{text}")
        self._out.print()
        if settings.lan:
            self._for_phones()
        self._out.print(f"  [bold #157A4B]Ready[/] {self._times(start_s)}. Ctrl-C stops everything.")

    def _for_phones(self) -> None:
        """The same address to point a camera at, and how to make the warning go away."""
        from infra.certificates import Files, fingerprint

        settings = self._settings
        for line in qr_code(f"{settings.gate_url}/").splitlines():
            self._out.print(f"  [#FFFFFF on #000000]{line}[/]")
        print_ = fingerprint(Files(settings.data / "lan").authority)
        for line in (
            "Point a phone's camera at the code; the phone must be on the same network.",
            "Its browser warns of the certificate: go on, or install it once from",
            f"{settings.gate_url}/trust [dim](SHA-256 {print_[:23]}…)[/]",
        ):
            self._out.print(f"  {line}")
        self._out.print()

    def on_air(self) -> None:
        """Tell that the demo room has a picture."""
        seconds = time.monotonic() - self._began
        self._out.print(f"  [bold #E5402A]LIVE[/] the demo room is on air [dim]({seconds:.1f} s)[/]")

    def stopped(self) -> None:
        """Say the last word."""
        self._out.print("  [dim]·[/] everything is stopped")

    def _done(self, what: str, seconds: float) -> None:
        self._out.print(f"  [#157A4B]✓[/] {what:<24} [dim]{seconds:5.1f} s[/]")

    def _times(self, start_s: float) -> str:
        if not self._download_s and not self._work_s:
            return f"in {start_s:.1f} s"
        return (
            f"after {self._work_s + start_s:.0f} s of work, of which {start_s:.1f} s starting; "
            f"downloading took {self._download_s:.0f} s more"
        )


def qr_code(text: str) -> str:
    """A QR code of half-height blocks, the light ones drawn."""
    import segno

    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue()


def _install_times() -> tuple[float, float]:
    try:
        times = json.loads(INSTALL_TIMES.read_text(encoding="ascii"))
        return float(times["download_s"]), float(times["work_s"])
    except (OSError, ValueError, KeyError):
        return 0.0, 0.0


def _near(path: Path) -> Path:
    """The path as seen from here, when that is shorter."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
