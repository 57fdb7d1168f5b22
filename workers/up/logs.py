"""Keeping the logs of the children bounded: one file and the one before it, each."""

import asyncio
import shutil
from collections.abc import Iterable
from pathlib import Path

LARGEST_BYTES = 20_000_000
LOOK_EVERY_S = 60.0


def rotate(log: Path) -> None:
    """Set a large log aside as `<name>.1`. Its writer appends, so it goes on in the emptied file."""
    if log.is_file() and log.stat().st_size > LARGEST_BYTES:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        with log.open("r+b") as file:
            file.truncate(0)


async def keep_small(logs: Iterable[Path]) -> None:
    """Look at the logs every minute, for ever."""
    paths = list(logs)
    while True:
        for log in paths:
            await asyncio.to_thread(rotate, log)
        await asyncio.sleep(LOOK_EVERY_S)
