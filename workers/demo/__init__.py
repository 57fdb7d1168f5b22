"""The demo: a small shop that is set up, on air and visited, all through the doors everybody uses."""

from infra.settings import Settings


def run(settings: Settings, part: str = "all") -> None:
    """Run the demo, or one part of it, until SIGTERM or Ctrl-C."""
    from workers.demo.process import main

    main(settings, part)
