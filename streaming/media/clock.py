"""Two clocks: the publisher's, made continuous for viewers, and the wall clock of what it sends."""

from collections import deque

_MAX_JUMP_MS = 10_000
_WRAP = 1 << 32
_FRAME_MS = 40
_SETTLE_MS = 10_000
_TOLERANCE_MS = 500


class Timeline:
    """Places each publisher's times on the channel's one timeline, which starts at 0 and never goes back.

    A publisher’s clock starts anywhere, wraps at 2^32 ms and may jump; viewers stay connected through it all.
    """

    def __init__(self) -> None:
        self._end = -_FRAME_MS
        self._offset: int | None = None
        self._source = 0

    def rebase(self) -> None:
        """Another publisher, or the same one again: its next packet follows what was sent so far."""
        self._offset = None

    def place(self, source_ms: int) -> tuple[int, bool]:
        """The channel time of a packet, and whether the publisher's clock broke off just before it."""
        jumped = False
        if self._offset is not None:
            step = (source_ms - self._source + _WRAP // 2) % _WRAP - _WRAP // 2
            jumped = abs(step) > _MAX_JUMP_MS
            if not jumped:
                self._source += step
        if self._offset is None or jumped:
            self._source = source_ms
            self._offset = self._end + _FRAME_MS - source_ms
        at = max(self._source + self._offset, 0)
        self._end = max(self._end, at)
        return at, jumped


class WallClock:
    """The wall clock of packets: packets are late by turns but never early, so the least late tells the time.

    Follows a publisher whose clock runs slow or fast once they part by half a second.
    """

    def __init__(self) -> None:
        self._base: int | None = None
        self._window: deque[tuple[int, int]] = deque()

    def reset(self) -> None:
        """Forget what was learnt: another publisher has another delay."""
        self._base = None
        self._window.clear()

    def observe(self, at: int, arrived_at: int) -> int:
        """Learn from a packet of channel time `at` that arrived at `arrived_at`; returns its wall time."""
        base = arrived_at - at
        window = self._window
        while window and window[-1][1] >= base:
            window.pop()
        window.append((at, base))
        while window[0][0] < at - _SETTLE_MS:
            window.popleft()
        least = window[0][1]
        if self._base is None or least < self._base or least > self._base + _TOLERANCE_MS:
            self._base = least
        return self._base + at
