"""Leases: who should write a log now. For liveness only; the log itself keeps writers apart.

The time is the server's. An owner believes its lease until `TTL_S` after it *asked* for it, less a
margin; a challenger gets it when the server's clock is past it, or at once when the owner ran on the
same host and its lock file (flock, freed by the kernel when a process dies) is free.
"""

import asyncio
import fcntl
import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from infra.mongo import DuplicateKey, Unavailable, Unknown
from infra.mongo.protocol import Doc, Filter, Update
from schemas.ids import new_id

COLLECTION = "room_leases"
TTL_S, MARGIN_S, RENEW_S = 5.0, 0.5, 1.0


class HeldElsewhere(Exception):
    """Another live process holds the lease."""


class Leases(Protocol):
    """The small part of a collection that leases stand in."""

    async def insert_one(self, doc: Doc) -> None:
        """Insert; raises DuplicateKey."""

    async def find_one(self, where: Filter) -> Doc | None:
        """Give the document that matches."""

    async def update_one(self, where: Filter, update: Update) -> int:
        """Update the first match; give how many matched."""


class Owner:
    """This process as an owner of logs, with the file whose lock says that it lives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.id = new_id("own")
        self.host = _host()
        self.path = folder / f"{self.id}.lock"
        self._file = self.path.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def close(self) -> None:
        """Give the lock back."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def knows_dead(self, lease: Doc) -> bool:
        """Tell whether a lease's owner ran on this host and is no more."""
        if lease.get("host") != self.host:
            return False
        try:
            with Path(lease["lock"]).open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # locked: alive; not there: nobody can tell
            return False
        return True


class Lease:
    """The lease of one log, held by this process as long as `valid`."""

    def __init__(
        self, leases: Leases, log: str, owner: Owner, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._leases, self._log, self._owner, self._clock = leases, log, owner, clock
        self._until = 0.0

    @property
    def valid(self) -> bool:
        """Tell whether this process may still answer for the log."""
        return self._clock() < self._until

    async def take(self) -> None:
        """Take or renew the lease. Raises HeldElsewhere, Unavailable, Unknown."""
        asked_at = self._clock()
        if not (await self._set(self._free) or await self._take_first() or await self._take_from_dead()):
            self._until = 0.0
            raise HeldElsewhere(self._log)
        self._until = asked_at + TTL_S - MARGIN_S

    async def keep(self) -> None:
        """Renew until cancelled; a lease that can't be renewed runs out. Raises HeldElsewhere."""
        while True:
            await asyncio.sleep(RENEW_S * random.uniform(0.8, 1.2))
            with suppress(Unavailable, Unknown):
                await self.take()

    async def release(self) -> None:
        """Let the next owner in without waiting."""
        self._until = 0.0
        with suppress(Unavailable, Unknown):
            await self._leases.update_one(
                {"_id": self._log, "owner": self._owner.id}, {"$set": {"owner": "", "until": None}}
            )

    async def _take_first(self) -> bool:
        try:
            await self._leases.insert_one({"_id": self._log, "owner": "", "until": None})
        except DuplicateKey:
            return False
        return await self._set(self._free)

    async def _take_from_dead(self) -> bool:
        lease = await self._leases.find_one({"_id": self._log})
        if lease is None or not self._owner.knows_dead(lease):
            return False
        return await self._set({"$eq": ["$owner", lease["owner"]]})

    @property
    def _free(self) -> dict[str, Any]:
        return {"$or": [{"$eq": ["$owner", self._owner.id]}, {"$lt": ["$until", "$$NOW"]}]}

    async def _set(self, condition: dict[str, Any]) -> bool:
        fields = {
            "owner": self._owner.id,
            "host": self._owner.host,
            "lock": str(self._owner.path.absolute()),
            "until": {"$add": ["$$NOW", int(TTL_S * 1000)]},
        }
        where = {"_id": self._log, "$expr": condition}
        return bool(await self._leases.update_one(where, [{"$set": fields}]))


def _host() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()} {boot.read_text().strip() if boot.exists() else ''}"
