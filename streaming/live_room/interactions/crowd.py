"""The crowd in numbers: likes and viewers, merged by the hub and logged as samples."""

from typing import Any

import msgspec

from schemas.room import AudienceSampled, LikesCounted
from streaming.live_room.interactions.interaction import Ask, Decision, Interaction


class CountLikes(msgspec.Struct, frozen=True, kw_only=True):
    """Likes gathered since the last count."""

    count: int


class SampleAudience(msgspec.Struct, frozen=True, kw_only=True):
    """Viewers connected right now, and how many came for the first time since the last sample."""

    viewers: int
    arrived: int = 0


class Likes(msgspec.Struct):
    """All likes so far."""

    total: int = 0


class Audience(msgspec.Struct):
    """Viewers at the last sample, the most there ever were, and how many different ones."""

    viewers: int = 0
    peak: int = 0
    came: int = 0


def decide_likes(state: Likes, command: CountLikes, ask: Ask) -> Decision:
    """Add what was gathered."""
    if command.count <= 0:
        return []
    return [LikesCounted(seq=ask.seq, at=ask.at, total=state.total + command.count)]


def evolve_likes(state: Likes, event: LikesCounted) -> Likes:
    """Take the total over."""
    state.total = event.total
    return state


def decide_audience(state: Audience, command: SampleAudience, ask: Ask) -> Decision:
    """Log a sample when it tells something new."""
    if command.viewers == state.viewers and not command.arrived:
        return []
    peak = max(state.peak, command.viewers)
    came = state.came + command.arrived
    return [AudienceSampled(seq=ask.seq, at=ask.at, viewers=command.viewers, peak=peak, came=came)]


def evolve_audience(state: Audience, event: AudienceSampled) -> Audience:
    """Take the sample over."""
    state.viewers, state.peak, state.came = event.viewers, event.peak, event.came
    return state


def view_likes(state: Likes) -> dict[str, Any]:
    """Show the count."""
    return {"likes": state.total}


def view_audience(state: Audience) -> dict[str, Any]:
    """Show how many watch, watched at most, and came."""
    return {"viewers": state.viewers, "peak": state.peak, "came": state.came}


LIKES = Interaction(
    name="likes",
    state=Likes,
    decides={CountLikes: decide_likes},
    evolves={LikesCounted: evolve_likes},
    view=view_likes,
)
AUDIENCE = Interaction(
    name="audience",
    state=Audience,
    decides={SampleAudience: decide_audience},
    evolves={AudienceSampled: evolve_audience},
    view=view_audience,
)
