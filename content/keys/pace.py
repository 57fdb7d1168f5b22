"""How often an API key may ask: so many requests a second, and a burst after a rest (a token bucket)."""

import math
import time

from schemas.problems import CommonRefusal, Refused

A_SECOND = 50.0
BURST = 200.0
MOST = 10_000
"""Keys that are remembered; beyond, all begin with a full burst."""


class Pace:
    """The keys' pace in this process."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}

    def step(self, account: str, now: float | None = None) -> None:
        """Count a request of a service account; raises Refused(too_many) when it comes too soon."""
        at = time.monotonic() if now is None else now
        left, before = self._left.get(account, (BURST, at))
        left = min(BURST, left + (at - before) * A_SECOND)
        if left < 1:
            raise Refused(CommonRefusal.TOO_MANY, retry_after=math.ceil((1 - left) / A_SECOND * 1000) / 1000)
        if len(self._left) >= MOST and account not in self._left:
            self._left.clear()
        self._left[account] = (left - 1, at)


pace = Pace()
