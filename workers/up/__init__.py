"""`kaibo up`: checks, builds the pages, starts all processes, keeps them running, stops them in order."""

from infra.settings import Settings


def run(settings: Settings) -> int:
    """Run until SIGTERM or Ctrl-C; gives the exit code. Raises `checks.CannotStart` with a plain sentence."""
    from workers.up.supervisor import supervise

    return supervise(settings)
