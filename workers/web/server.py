"""The process: granian around the app, native static mounts beside it, a clean stop."""

import asyncio
import signal
from pathlib import Path

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from infra.processes import calm_collector
from infra.settings import Settings
from infra.telemetry import configure_logging, get_logger
from workers.web.app import create_app
from workers.web.pages import mounts, sites
from workers.web.services import open_services

SEGMENTS = "/seg"
CACHED_S = 86_400
STOP_S = 1.0
log = get_logger("web")


def run_server(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    configure_logging("web", settings.log_level)
    uvloop.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Serve until told to stop; requests in hand are finished, for `STOP_S` at most."""
    settings.recordings_dir.mkdir(parents=True, exist_ok=True)
    asked = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, asked.set)
    async with open_services(settings) as services:
        server = make_server(settings, create_app(services))
        calm_collector()
        serving = asyncio.create_task(server.serve())
        log.info("listening", address=settings.host, port=settings.web_port)
        stopping = asyncio.create_task(asked.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        server.stop()  # type: ignore[no-untyped-call]
        _, unfinished = await asyncio.wait((serving,), timeout=STOP_S)
        for task in (*unfinished, stopping):
            task.cancel()
        if not unfinished:
            serving.result()
    log.info("stopped", cut_off=bool(unfinished))


def make_server(settings: Settings, app: object) -> Server:
    """Make the server. Segments and hashed files are served by granian itself, no Python involved.

    Its static path knows a content type by the file's suffix (`.mp4`: video/mp4) and offers neither
    CORS nor ranges: pages, playlists and segments share this origin, and players fetch whole segments.
    """
    static = [(SEGMENTS, settings.recordings_dir)]
    for site in sites():
        static += mounts(site)
    return Server(
        app,
        address=settings.host,
        port=settings.web_port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backlog=1024,
        log_enabled=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        static_path_route=[route for route, _ in static],
        static_path_mount=[Path(folder) for _, folder in static],
        static_path_expires=CACHED_S,
    )
