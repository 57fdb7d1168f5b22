"""The live process: the hub of the rooms."""

import asyncio
import signal
import sys

from infra import secrets
from infra.mongo import Unavailable, connect
from infra.settings import Settings
from infra.telemetry import configure_logging, get_logger
from infra.tokens import Tokens
from streaming.live_room.hub.server import Hub


def run(settings: Settings) -> None:
    """Serve rooms until SIGTERM or SIGINT; ends with one sentence when it can't start."""
    configure_logging("live", settings.log_level)
    reason = ""
    try:
        asyncio.run(_run(settings))
    except* Unavailable:
        reason = "the database does not answer"
    except* OSError as errors:
        reason = f"port {settings.live_port} can't be opened: {errors.exceptions[0]}"
    if reason:
        sys.exit(f"kaibo live: {reason}.")


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    db = await connect(settings)
    try:
        async with Hub(settings, db, Tokens(secrets.signing_secret(settings))).serving():
            get_logger("live").info("live_ready", port=settings.live_port)
            await stop.wait()
    finally:
        db.close()
