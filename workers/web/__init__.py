"""The web process: HTTP API, web pages, recorded segments."""

from infra.settings import Settings


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    from workers.web.server import run_server

    run_server(settings)
