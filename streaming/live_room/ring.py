"""The last events of a room, for clients that come back after a moment."""

from collections.abc import Iterable, Sequence

from schemas.room import RoomEvent

KEPT = 5_000
"""Events kept: some minutes of a busy room, hours of a quiet one."""


class Ring:
    """A contiguous run of the newest committed events."""

    def __init__(self, events: Iterable[RoomEvent] = ()) -> None:
        self._events: list[RoomEvent] = list(events)

    def extend(self, events: Sequence[RoomEvent]) -> None:
        """Append committed events; old ones leave in large steps."""
        self._events.extend(events)
        if len(self._events) > 2 * KEPT:
            del self._events[:-KEPT]

    def after(self, seq: int) -> list[RoomEvent] | None:
        """Give all events above a number, or None when some of them are no longer here."""
        if not self._events or seq < self._events[0].seq - 1:
            return None
        return self._events[seq + 1 - self._events[0].seq :]

    def newest(self, count: int, kind: type[RoomEvent]) -> list[RoomEvent]:
        """Give the last events of one type, oldest first."""
        found: list[RoomEvent] = []
        for event in reversed(self._events):
            if len(found) == count:
                break
            if isinstance(event, kind):
                found.append(event)
        return found[::-1]
