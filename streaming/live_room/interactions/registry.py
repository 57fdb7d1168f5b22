"""Interactions joined into one room: who decides a command, who follows an event."""

from collections.abc import Iterable, Sequence
from typing import Any, Union

import msgspec

from schemas.problems import Refusal
from schemas.room import AnyRoomEvent, RoomEvent
from streaming.live_room.interactions.announcement import ANNOUNCEMENT
from streaming.live_room.interactions.chat import CHAT
from streaming.live_room.interactions.crowd import AUDIENCE, LIKES
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction
from streaming.live_room.interactions.program import PROGRAM
from streaming.live_room.interactions.red_envelope import RED_ENVELOPE
from streaming.live_room.interactions.shelf import SHELF
from streaming.live_room.interactions.stock import STOCK

States = dict[str, Any]
"""The state of each interaction by its name."""

EVOLVE_VERSION = 3
"""Goes up whenever a state's shape or an `evolve` changes: older snapshots are then not used."""


class Registry:
    """The interactions a room has."""

    def __init__(self, interactions: Sequence[Interaction]) -> None:
        self.interactions = tuple(interactions)
        self._decides: dict[type, list[tuple[str, Any]]] = {}
        self._evolves: dict[type, list[tuple[str, Any]]] = {}
        self._results: dict[type, tuple[str, Any]] = {}
        for one in interactions:
            for command, decide in one.decides.items():
                self._decides.setdefault(command, []).append((one.name, decide))
                self._results.setdefault(command, (one.name, one.result))
            for event, evolve in one.evolves.items():
                self._evolves.setdefault(event, []).append((one.name, evolve))
        self.vocabulary: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Union[AnyRoomEvent, *self._evolves])

    def fresh(self) -> States:
        """Give the state of a room in which nothing happened."""
        return {one.name: one.state() for one in self.interactions}

    def decide(self, states: States, command: Any, ask: Ask) -> Decision:
        """Let every interaction that this command concerns decide; a refusal of one refuses all."""
        deciders = self._decides[type(command)]
        if len(deciders) == 1:
            name, decide = deciders[0]
            decision: Decision = decide(states[name], command, ask)
            return decision
        events: list[RoomEvent] = []
        for name, decide in deciders:
            asked = Ask(ask.by, ask.at, ask.seq + len(events))
            decision = decide(states[name], command, asked)
            if isinstance(decision, Refusal):
                return decision
            events += decision
        return events

    def evolve(self, states: States, events: Iterable[RoomEvent]) -> None:
        """Bring the states past some events."""
        for event in events:
            for name, evolve in self._evolves.get(type(event), ()):
                states[name] = evolve(states[name], event)

    def result(self, states: States, command: Any, user: str) -> dict[str, Any]:
        """Tell what the sender of an accepted command gets back."""
        name, result = self._results[type(command)]
        answer: dict[str, Any] = result(states[name], command, user)
        return answer

    def view(self, states: States) -> dict[str, Any]:
        """Join the public view of all interactions."""
        return {key: value for one in self.interactions for key, value in one.view(states[one.name]).items()}

    def mine(self, states: States, user: str) -> dict[str, Any]:
        """Join what one user alone sees, by interaction."""
        mine = {one.name: one.mine(states[one.name], user) for one in self.interactions}
        return {name: seen for name, seen in mine.items() if seen}

    def dump(self, states: States) -> dict[str, bytes]:
        """Write the states for a snapshot."""
        return {name: msgspec.msgpack.encode(state) for name, state in states.items()}

    def load(self, dumped: dict[str, bytes]) -> States:
        """Read the states of a snapshot. Raises msgspec.ValidationError or KeyError if they don't fit."""
        return {
            one.name: msgspec.msgpack.decode(dumped[one.name], type=one.state) for one in self.interactions
        }


ROOM = Registry([SHELF, STOCK, PROGRAM, CHAT, LIKES, AUDIENCE, ANNOUNCEMENT, RED_ENVELOPE])
"""What a room has today. The shelf decides before the program: an end unpins first."""
