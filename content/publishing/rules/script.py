"""The shortest way from one sequence to another by taking out and putting in.

E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986: time grows with how different the two
are, not with the product of their lengths. A budget bounds it all the same.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Op(StrEnum):
    """What became of a piece."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Budget:
    """How many steps may still be made."""

    def __init__(self, left: int = 1_000_000) -> None:
        self.left = left

    def take(self, wanted: int) -> bool:
        """Take so many, if there are."""
        self.left -= wanted
        return self.left >= 0


def script(old: Sequence[T], new: Sequence[T], budget: Budget) -> list[tuple[Op, T]] | None:
    """Give every element of both with what became of it, in order; None: beyond the budget."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    trace = _trace(middle_old, middle_new, budget)
    if trace is None:
        return None
    middle = list(_backwards(middle_old, middle_new, trace))[::-1]
    same_head = [(Op.SAME, one) for one in old[:head]]
    return [*same_head, *middle, *((Op.SAME, one) for one in old[len(old) - tail :])]


def _common(one: Sequence[T], other: Sequence[T]) -> int:
    most = min(len(one), len(other))
    return next((place for place in range(most) if one[place] != other[place]), most)


def _trace(old: Sequence[T], new: Sequence[T], budget: Budget) -> list[dict[int, int]] | None:
    """Give, for each number of edits, how far on each diagonal one comes with fewer."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(len(old) + len(new) + 1):
        trace.append(dict(furthest))
        if not budget.take(2 * edits + 1):
            return None
        for diagonal in range(-edits, edits + 1, 2):
            x = begin = _step(furthest, edits, diagonal)
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            if not budget.take(x - begin):
                return None
            furthest[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return trace
    return trace


def _step(furthest: dict[int, int], edits: int, diagonal: int) -> int:
    down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
    return furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1


def _backwards(old: Sequence[T], new: Sequence[T], trace: list[dict[int, int]]) -> Iterator[tuple[Op, T]]:
    x, y = len(old), len(new)
    for edits in range(len(trace) - 1, -1, -1):
        furthest, diagonal = trace[edits], x - y
        down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        came_x = furthest[before]
        came_y = came_x - before
        while x > came_x and y > came_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            yield Op.SAME, old[x]
        if edits == 0:
            return
        if down:
            yield Op.ADDED, new[came_y]
        else:
            yield Op.REMOVED, old[came_x]
        x, y = came_x, came_y
