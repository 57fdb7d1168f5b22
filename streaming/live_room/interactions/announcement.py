"""The notice above the chat."""

from typing import Any

import msgspec

from schemas.problems import Refusal
from schemas.room import Announce, Announced, RoomRefusal
from streaming.live_room.interactions.chat import clean
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction


class State(msgspec.Struct):
    """The notice that hangs now; empty when none does."""

    text: str = ""


def decide(state: State, command: Announce, ask: Ask) -> Decision:
    """Hang a notice or take it away (anchor and assistants)."""
    if not ask.by.hosts:
        return Refusal(RoomRefusal.HOSTS_ONLY)
    text = clean(command.text)
    return [] if text == state.text else [Announced(seq=ask.seq, at=ask.at, text=text)]


def evolve(state: State, event: Announced) -> State:
    """Keep the last one."""
    state.text = event.text
    return state


def view(state: State) -> dict[str, Any]:
    """Show the notice."""
    return {"notice": state.text}


ANNOUNCEMENT = Interaction(
    name="announcement", state=State, decides={Announce: decide}, evolves={Announced: evolve}, view=view
)
