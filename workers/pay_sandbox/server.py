"""The process: granian around the app, the teller beside it, a clean stop."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from commerce.payments.sandbox import PROVIDER_KEY
from commerce.payments.signing import keep_signer
from infra.processes import calm_collector
from infra.settings import Settings
from infra.telemetry import configure_logging, get_logger
from workers.pay_sandbox.app import create_app
from workers.pay_sandbox.ledger import Ledger
from workers.pay_sandbox.teller import Teller

CONNECTIONS = 1024
"""Granian serves as many connections at a time as it lets wait; buyers' browsers keep theirs."""
log = get_logger("pay_sandbox")


def run_server(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    configure_logging("pay_sandbox", settings.log_level)
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with sandbox(settings) as server:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, server.stop)
        calm_collector()
        log.info("listening", address=settings.host, port=settings.pay_port)
        await server.serve()
    log.info("stopped")


@asynccontextmanager
async def sandbox(settings: Settings) -> AsyncIterator[Server]:
    """Open the ledger and let the teller tell; gives the server, which the caller runs."""
    ledger = Ledger(settings.data / "pay_sandbox" / "ledger.db")
    teller = Teller(ledger, keep_signer(settings.run_dir, PROVIDER_KEY))
    telling = asyncio.create_task(teller.run())
    try:
        yield Server(
            create_app(settings, ledger, teller),
            address=settings.host,
            port=settings.pay_port,
            interface=Interfaces.ASGINL,
            websockets=False,
            backlog=CONNECTIONS,
            log_enabled=False,
        )
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling
        ledger.close()
