"""A room's state at one place of its log."""

from collections.abc import Sequence
from typing import Any

import msgspec

from schemas.room import RoomEvent
from streaming.live_room.interactions.registry import Registry, States
from streaming.live_room.log.documents import EMPTY, Origin, Tail
from streaming.live_room.log.windows import Windows


class RoomState:
    """The interactions' states and the clients' windows, brought forward event by event."""

    def __init__(
        self, registry: Registry, states: States | None = None, windows: Windows | None = None
    ) -> None:
        self.registry = registry
        self.states: States = registry.fresh() if states is None else states
        self.windows = Windows() if windows is None else windows
        self.tail: Tail = EMPTY

    def apply(self, events: Sequence[RoomEvent], origins: Sequence[Origin]) -> None:
        """Follow what was logged."""
        self.registry.evolve(self.states, events)
        self.windows.accept(origins)

    def copy(self) -> "RoomState":
        """Give an equal state that shares nothing with this one."""
        states = self.registry.load(self.registry.dump(self.states))
        twin = RoomState(
            self.registry, states, msgspec.msgpack.decode(msgspec.msgpack.encode(self.windows), type=Windows)
        )
        twin.tail = self.tail
        return twin

    def view(self) -> dict[str, Any]:
        """Give the public fields of all interactions."""
        return self.registry.view(self.states)
