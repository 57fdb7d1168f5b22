"""Chat. Bodies are not part of the state, only what the limits need."""

import unicodedata

import msgspec

from schemas.problems import Refusal
from schemas.room import ChatSent, RoomRefusal, SendChat, StateChanged
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction
from streaming.live_room.interactions.program import OVER

ROOM_PER_SECOND = 50
"""Lines accepted in a room within any one second by the owner's clock."""
USER_LINES, USER_SPAN_MS = 3, 3_000
"""A person may say this many lines within this time; those who run the show are not counted."""
MAX_BEHIND_MS = 120_000
"""How far behind the room a viewer's picture is believed to be."""


class State(msgspec.Struct):
    """When the last lines were said: in the room's last second, and by each recent user (epoch ms)."""

    open: bool = True
    recent: list[int] = []
    by_user: dict[str, list[int]] = {}
    swept_at: int = 0


def decide(state: State, command: SendChat, ask: Ask) -> Decision:
    """Accept a line unless it is empty, too fast, or the room is crowded or over."""
    text = clean(command.text)
    if not text:
        return Refusal(RoomRefusal.TEXT_EMPTY)
    if ask.by.role == "guest":
        return Refusal(RoomRefusal.SIGN_IN_FIRST)
    if not state.open:
        return Refusal(RoomRefusal.PROGRAM_OVER)
    if not ask.by.hosts and (wait := _wait_of_user(state, ask)):
        return Refusal(RoomRefusal.TOO_FAST, {"retry_after": wait / 1000})
    if not ask.by.hosts and (wait := _wait_of_room(state, ask.at)):
        return Refusal(RoomRefusal.CROWDED, {"retry_after": wait / 1000})
    return [
        ChatSent(
            seq=ask.seq,
            at=ask.at,
            user=ask.by.user,
            text=text,
            badge=ask.by.role if ask.by.hosts else "demo" if ask.by.demo else "",
            seen_at=seen_at(command.seen_at, ask.at),
        )
    ]


def evolve(state: State, event: ChatSent) -> State:
    """Remember when, not what."""
    state.recent = [at for at in state.recent if at > event.at - 1_000]
    state.recent.append(event.at)
    if event.at > state.swept_at + 60_000:
        state.by_user = {u: ats for u, ats in state.by_user.items() if ats[-1] > event.at - USER_SPAN_MS}
        state.swept_at = event.at
    state.by_user[event.user.id] = [*state.by_user.get(event.user.id, [])[-USER_LINES + 1 :], event.at]
    return state


def close(state: State, event: StateChanged) -> State:
    """Stop taking lines when the program is over."""
    state.open = event.state not in OVER
    return state


def clean(text: str) -> str:
    """Take control characters out (directional overrides too) and spaces off the ends."""
    kept = (
        c if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"} or c == "\u200d" else " " for c in text
    )
    return "".join(kept).strip()


def seen_at(claimed: int | None, at: int) -> int | None:
    """Bound what a viewer says was on screen: never ahead of the room, at most two minutes behind."""
    return None if claimed is None else min(max(claimed, at - MAX_BEHIND_MS), at)


def _wait_of_user(state: State, ask: Ask) -> int:
    said = state.by_user.get(ask.by.user.id, [])
    full = len(said) == USER_LINES and said[0] > ask.at - USER_SPAN_MS
    return said[0] + USER_SPAN_MS - ask.at if full else 0


def _wait_of_room(state: State, at: int) -> int:
    recent = [said for said in state.recent if said > at - 1_000]
    return recent[-ROOM_PER_SECOND] + 1_000 - at if len(recent) >= ROOM_PER_SECOND else 0


CHAT = Interaction(
    name="chat",
    state=State,
    decides={SendChat: decide},
    evolves={ChatSent: evolve, StateChanged: close},
)
