"""The program's own state, as the room tells it: live, interrupted, ended."""

from typing import Any

import msgspec

from schemas.content import ProgramState
from schemas.room import StateChanged
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction

OVER = frozenset({ProgramState.ENDED, ProgramState.CANCELLED})


class SetProgram(msgspec.Struct, frozen=True, kw_only=True):
    """The program moved (asked by the platform only, after content decided it)."""

    state: ProgramState
    grace_until: int | None = None
    reason: str = ""


class State(msgspec.Struct):
    """The last known state and when the show first went live (epoch ms)."""

    state: str = ProgramState.DRAFT
    went_live_at: int | None = None
    grace_until: int | None = None


def decide(state: State, command: SetProgram, ask: Ask) -> Decision:
    """Log a change; telling the same again changes nothing, and nothing follows the end."""
    told = (command.state, command.grace_until) == (state.state, state.grace_until)
    if told or state.state in OVER:
        return []
    return [
        StateChanged(
            seq=ask.seq,
            at=ask.at,
            state=command.state,
            grace_until=command.grace_until,
            reason=command.reason,
        )
    ]


def evolve(state: State, event: StateChanged) -> State:
    """Follow the program."""
    state.state = event.state
    state.grace_until = event.grace_until
    if event.state == ProgramState.LIVE and state.went_live_at is None:
        state.went_live_at = event.at
    return state


def view(state: State) -> dict[str, Any]:
    """Show where the program stands."""
    return {"state": state.state, "went_live_at": state.went_live_at, "grace_until": state.grace_until}


PROGRAM = Interaction(
    name="program",
    state=State,
    decides={SetProgram: decide},
    evolves={StateChanged: evolve},
    view=view,
)
