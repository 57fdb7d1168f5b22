"""How a figure is taken, judged and printed. Every benchmark speaks through a `Report`.

A benchmark is a module `benchmarks/<name>.py` whose docstring says its method in a line or two and which has

    def measure(report: Report) -> None          (or `async def`)

A figure beside a peer is judged by its ratio, `ours / peer`: both ran in turns in the same minutes on
the same machine, so the machine falls out. A figure alone is judged against an absolute goal, and only
when the run's reference (a known load whose figure on the machine of record is written down) is within
25 % of its recorded value; otherwise it is `unjudged`. A goal is never loosened to pass.
"""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "short", "unjudged"]

REFERENCE_TOLERANCE = 0.25
MIN_PAIRS = 3


@dataclass(frozen=True)
class Goal:
    """`Goal("<=", 6)`; what it bounds is the ratio when the figure has a peer, else the figure itself."""

    op: Literal["<=", ">="]
    value: float

    def met_by(self, figure: float) -> bool:
        return figure <= self.value if self.op == "<=" else figure >= self.value


@dataclass(frozen=True)
class Peer:
    name: str
    value: float
    ratio: float
    """Median of the ratios of the pairs, not the ratio of the medians."""


@dataclass(frozen=True)
class Reference:
    """A known load measured in this run, beside its recorded value on the machine of record."""

    name: str
    value: float
    recorded: float

    @property
    def near(self) -> bool:
        return abs(self.value / self.recorded - 1) <= REFERENCE_TOLERANCE


@dataclass(frozen=True)
class Figure:
    name: str
    ours: float
    unit: str
    goal: Goal
    peer: Peer | None = None
    reference: Reference | None = None

    @property
    def verdict(self) -> Verdict:
        if self.peer is not None:
            return "ok" if self.goal.met_by(self.peer.ratio) else "short"
        if self.reference is None or not self.reference.near:
            return "unjudged"
        return "ok" if self.goal.met_by(self.ours) else "short"

    def __str__(self) -> str:
        parts = [self.name, f"ours={number(self.ours)}{self.unit}"]
        if self.peer is not None:
            parts.append(f"peer={self.peer.name}:{number(self.peer.value)}{self.unit}")
            parts.append(f"ratio={number(self.peer.ratio)}")
        parts.append(f"goal{self.goal.op}{number(self.goal.value)}")
        parts.append(self.verdict)
        return " ".join(parts)


class Report:
    """Collects the figures of one benchmark and prints each line as it is known."""

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self.figures: list[Figure] = []
        self._say = say

    def note(self, line: str) -> None:
        """A line for the reader: conditions, spreads, what the reference was."""
        self._say(f"  {line}")

    def absolute(self, name: str, ours: float, unit: str, goal: Goal, reference: Reference) -> None:
        """A figure alone. `reference` decides whether this machine, now, may judge it."""
        far = "" if reference.near else f" (not within {REFERENCE_TOLERANCE:.0%}: unjudged)"
        self.note(
            f"reference {reference.name}: {number(reference.value)}, "
            f"recorded {number(reference.recorded)}{far}"
        )
        self._add(Figure(name, ours, unit, goal, reference=reference))

    def beside(self, name: str, pairs: Pairs, unit: str, goal: Goal, peer: str) -> None:
        """A figure beside a peer; `goal` bounds the ratio ours / peer."""
        self.note(f"pairs ours/{peer}: " + ", ".join(f"{number(a)}/{number(b)}" for a, b in pairs.runs))
        self._add(Figure(name, pairs.ours, unit, goal, peer=Peer(peer, pairs.peer, pairs.ratio)))

    def _add(self, figure: Figure) -> None:
        self.figures.append(figure)
        self._say(str(figure))


@dataclass(frozen=True)
class Pairs:
    """Runs taken in turns: (ours, peer), (ours, peer), …"""

    runs: Sequence[tuple[float, float]]

    def __post_init__(self) -> None:
        if len(self.runs) < MIN_PAIRS:
            raise ValueError(f"expected at least {MIN_PAIRS} paired runs, got {len(self.runs)}")

    @property
    def ours(self) -> float:
        return statistics.median(ours for ours, _ in self.runs)

    @property
    def peer(self) -> float:
        return statistics.median(peer for _, peer in self.runs)

    @property
    def ratio(self) -> float:
        return statistics.median(ours / peer for ours, peer in self.runs)


def paired(ours: Callable[[], float], peer: Callable[[], float], rounds: int = MIN_PAIRS) -> Pairs:
    """Runs the two in turns; who goes first alternates, so that neither always meets the warmer machine."""
    runs = []
    for n in range(rounds):
        if n % 2 == 0:
            ours_value, peer_value = ours(), peer()
        else:
            peer_value, ours_value = peer(), ours()
        runs.append((ours_value, peer_value))
    return Pairs(runs)


async def paired_async(
    ours: Callable[[], Awaitable[float]], peer: Callable[[], Awaitable[float]], rounds: int = MIN_PAIRS
) -> Pairs:
    """`paired` for coroutines."""
    runs = []
    for n in range(rounds):
        if n % 2 == 0:
            ours_value, peer_value = await ours(), await peer()
        else:
            peer_value, ours_value = await peer(), await ours()
        runs.append((ours_value, peer_value))
    return Pairs(runs)


def number(value: float) -> str:
    """Three significant figures, no exponent: 0.412, 5.3, 31872."""
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"
