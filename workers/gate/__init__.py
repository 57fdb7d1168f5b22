"""The gate (`LAN=1`): one HTTPS origin for phones, before the servers that listen on this machine only.

A phone gives its camera to pages over HTTPS only, and such a page may load nothing that is not. So everything
it needs is under one origin and one certificate: pages, rooms, publishing, pictures, stored objects, payment.
"""

import asyncio
import datetime
import signal
import socket
import ssl

import uvloop

from infra.certificates import Files, certify
from infra.network import own_addresses
from infra.settings import Settings
from infra.telemetry import configure_logging, get_logger
from workers.gate.proxy import Gate
from workers.gate.routes import Routes
from workers.gate.trust import TrustPages

BACKLOG = 512
log = get_logger("gate")


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    configure_logging("gate", settings.log_level)
    uvloop.run(_serve(settings))


def certificates(settings: Settings) -> Files:
    """The certificates of this copy; what is missing is made."""
    now = datetime.datetime.now(datetime.UTC)
    return certify(settings.data / "lan", own_addresses(), socket.gethostname(), now)


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    files = await asyncio.to_thread(certificates, settings)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(files.server, files.server_key)
    gate = Gate(Routes(settings), TrustPages(files.authority))
    port = settings.https_port
    outside = await asyncio.start_server(gate.admit, settings.lan_host, port, ssl=tls, backlog=BACKLOG)
    inside = await asyncio.start_server(gate.tell_health, settings.host, port)
    log.info("gate_listening", address=settings.lan_host, port=port)
    await stop.wait()
    outside.close()
    inside.close()
    await gate.close()
    log.info("gate_stopped")
