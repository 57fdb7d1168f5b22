"""The shape of an interaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from schemas.accounts import PublicAccount
from schemas.problems import Refusal
from schemas.room import RoomEvent

Decision = Sequence[RoomEvent] | Refusal


class Speaker(msgspec.Struct, frozen=True):
    """Who asks, on which client. `role`: guest, viewer, assistant, anchor or system."""

    user: PublicAccount
    role: str
    client: str = ""
    demo: bool = False
    """Belongs to the demo: what is said is marked as such."""

    @property
    def hosts(self) -> bool:
        """Tell whether this person runs the show."""
        return self.role in {"anchor", "assistant", "system"}


SYSTEM = Speaker(PublicAccount(id="system", name=""), "system")


class Ask(msgspec.Struct, frozen=True):
    """The circumstances of a decision: who, when (epoch ms), and the first free number of the log."""

    by: Speaker
    at: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """How one interaction takes part in a room.

    `decides` maps command types, `evolves` event types, to functions that take this
    interaction's state first. `evolves` owns the state it is given and may update it in place.
    `view` gives this interaction's fields of the public `RoomView`, `mine` what one user alone
    sees, `result` what the sender of an accepted command is told.
    """

    name: str
    state: type[msgspec.Struct]
    decides: Mapping[type, Callable[[Any, Any, Ask], Decision]]
    evolves: Mapping[type, Callable[[Any, Any], Any]]
    view: Callable[[Any], dict[str, Any]] = field(default=lambda _state: {})
    mine: Callable[[Any, str], dict[str, Any]] = field(default=lambda _state, _user: {})
    result: Callable[[Any, Any, str], dict[str, Any]] = field(default=lambda _state, _command, _user: {})
