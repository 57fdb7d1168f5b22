"""The media process: RTMP and WHIP packets in; HTTP-FLV, live HLS and recordings out."""

import asyncio
import resource
import signal
from contextlib import suppress

import uvloop

from infra.addresses import Addresses, is_gated
from infra.mongo import Unavailable, Unknown, connect_unless
from infra.secrets import signing_secret
from infra.settings import Settings
from infra.telemetry import get_logger
from infra.tokens import Tokens
from streaming.media.http import HttpServer
from streaming.media.hub import Hub
from streaming.media.ingest import IngestServer
from streaming.media.recorder.store import RecordStore
from streaming.media.rtmp.server import RtmpServer
from streaming.media.watching import Watching
from workers.media.programs import ContentPrograms

log = get_logger("media")


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    _raise_file_limit()
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    db = await connect_unless(stop, settings)
    if db is None:
        return
    hub = Hub(RecordStore(db), ContentPrograms(db), settings.recordings_dir, settings.grace_s)

    async def ready() -> bool:
        try:
            await db.ping()
        except (Unavailable, Unknown):
            return False
        return hub.ready

    def segments_url(host: str, forwarded: str) -> str:
        at = Addresses(settings, host or settings.public_host, is_gated(settings, forwarded))
        return f"{at.web}/seg"

    watching = Watching(hub, Tokens(signing_secret(settings)), segments_url, ready)
    http, rtmp, ingest = HttpServer(watching.handle), RtmpServer(hub), IngestServer(hub)
    running = asyncio.create_task(hub.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        await http.start(settings.host, settings.media_port)
        await rtmp.start(settings.peer_hosts, settings.rtmp_port)
        await ingest.start(settings.ingest_socket)
        log.info("media_listening", rtmp=settings.rtmp_port, http=settings.media_port)
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await hub.close()
        await asyncio.gather(rtmp.close(), ingest.close(), http.close())
        await _cancelled(running)
        db.close()
        log.info("media_stopped")


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Stop a task; raises what it failed with."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _raise_file_limit() -> None:
    """Each viewer is a file descriptor."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
