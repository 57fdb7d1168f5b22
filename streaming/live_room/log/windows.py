"""Which commands of each client were accepted: what makes a resent command harmless."""

from collections.abc import Iterable

import msgspec

from streaming.live_room.log.documents import Origin

WIDTH = 128
"""How far below a client's highest number a command may still arrive."""


class Window(msgspec.Struct):
    """One client's accepted commands: number to the place in the log."""

    high: int = 0
    accepted: dict[int, int] = {}


class Windows(msgspec.Struct):
    """The windows of all clients of a room, by (user, client); part of the state and the snapshot."""

    clients: dict[str, Window] = {}

    def place_of(self, user: str, client: str, n: int) -> int | None:
        """Tell where command `n` stands in the log; None when it was not accepted yet.

        Raises LookupError for a number so old that nobody can tell.
        """
        window = self.clients.get(f"{user} {client}")
        if window is None:
            return None
        if n <= window.high - WIDTH:
            raise LookupError(n)
        return window.accepted.get(n)

    def highest(self, user: str, client: str) -> int:
        """Give the highest number accepted of a client; 0 when there is none."""
        window = self.clients.get(f"{user} {client}")
        return window.high if window is not None else 0

    def accept(self, origins: Iterable[Origin]) -> None:
        """Note accepted commands."""
        clients = self.clients
        for user, client, n, seq in origins:
            key = f"{user} {client}"
            window = clients.get(key)
            if window is None:
                clients[key] = Window(n, {n: seq})
                continue
            window.accepted[n] = seq
            if n > window.high:
                window.high = n
                if len(window.accepted) > 2 * WIDTH:
                    window.accepted = {k: s for k, s in window.accepted.items() if k > n - WIDTH}
