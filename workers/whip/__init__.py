"""The WHIP process: browsers publish over WebRTC. Apart from media, because aiortc may jitter or crash."""

import asyncio
import signal

import uvloop

from infra.settings import Settings
from infra.telemetry import get_logger
from streaming.media.http import HttpServer
from streaming.media.whip import aiortc_seam
from streaming.media.whip.endpoint import Whip

log = get_logger("whip")


WILDCARDS = ("", "0.0.0.0", "::")


def udp_hosts(settings: Settings) -> list[str]:
    """Where WebRTC takes UDP: on the network with LAN=1, else where everything listens; none: anywhere."""
    hosts = [settings.lan_host] if settings.lan else [settings.host.replace("localhost", "127.0.0.1")]
    return [host for host in hosts if host not in WILDCARDS]


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    aiortc_seam.install(udp_hosts(settings))
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    whip = Whip(settings.ingest_socket, settings.transcodes)
    http = HttpServer(whip.handle)
    await http.start(settings.host, settings.whip_port)
    log.info("whip_listening", http=settings.whip_port)
    try:
        await stop.wait()
    finally:
        await whip.close()
        await http.close()
        log.info("whip_stopped")
