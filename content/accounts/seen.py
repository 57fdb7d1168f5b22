"""Who stood behind a session a moment ago: a page asks several things at once.

What this process changes counts at once, what another one does within `KEPT_S`.
"""

import threading
import time
from weakref import WeakKeyDictionary

from infra.mongo import Database
from schemas.accounts import Actor

KEPT_S = 2.0
MOST = 20_000
"""Sessions that are kept; beyond, all are looked up anew."""

SignedIn = tuple[str, str]
"""Ids of an account and of its sign-in."""


class Seen:
    """The sessions seen lately on one database. Transactions forget from threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[SignedIn, tuple[float, Actor]] = {}
        self.changes = 0
        """How often something has changed; read it before looking somebody up."""

    def find(self, session: SignedIn) -> Actor | None:
        """Give who stood behind a session, if that was a moment ago."""
        until, actor = self._kept.get(session, (0.0, None))
        return actor if time.monotonic() < until else None

    def keep(self, session: SignedIn, actor: Actor, changes: int) -> None:
        """Keep what was looked up after `changes`; nothing if there was another one meanwhile."""
        with self._lock:
            if changes != self.changes:
                return
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[session] = (time.monotonic() + KEPT_S, actor)

    def forget(self) -> None:
        """Roles, a lock or a sign-in have changed."""
        with self._lock:
            self.changes += 1
            self._kept.clear()


_seen: WeakKeyDictionary[Database, Seen] = WeakKeyDictionary()


def seen(db: Database) -> Seen:
    """Give the process's memory of sessions on this database."""
    return _seen.setdefault(db, Seen())
