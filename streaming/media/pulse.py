"""How a publisher is doing: what came in during the last seconds.

Counted per packet on the hot path, so it only remembers: an append and, once in a while, a pop.
"""

from collections import deque

import msgspec

from streaming.media.flv import Kind, Role

WINDOW_MS = 5_000
_LEAST_MS = 1_000


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """A show's health, of the last `WINDOW_MS`."""

    state: str
    """waiting, live, interrupted or ended."""
    protocol: str
    """rtmp or whip; empty without a publisher."""
    connected_at: int
    """Epoch ms; 0 without a publisher."""
    video_kbps: int
    audio_kbps: int
    fps: float
    key_every_ms: int
    """Time between the last two key frames; 0: there was one at most."""
    longest_gap_ms: int
    """The longest time no picture came in: above half a second the publisher's network stutters."""
    silent_ms: int
    """Since the last packet."""
    viewers: int
    """Connections to this machine that take the live stream over HTTP-FLV."""
    cut: int
    """Viewers cut off since the show began, because they read too slowly."""


class Pulse:
    """The arrivals of the last seconds. Times are epoch ms of the arrival."""

    def __init__(self) -> None:
        self._arrivals: deque[tuple[int, bool, int]] = deque()
        self._bytes = {True: 0, False: 0}
        self._keys: deque[int] = deque(maxlen=2)
        self._began_at = 0

    def feel(self, at: int, kind: Kind, role: Role, size: int) -> None:
        """Take note of a packet of `size` bytes."""
        video = kind is Kind.VIDEO
        if role is Role.KEY and video:
            self._keys.append(at)
        if not self._arrivals:
            self._began_at = at
        self._arrivals.append((at, video, size))
        self._bytes[video] += size
        self._forget(at)

    def reset(self) -> None:
        """The publisher is gone: nothing of it counts for the next."""
        self._arrivals.clear()
        self._keys.clear()
        self._bytes = {True: 0, False: 0}

    def video_kbps(self, now: int) -> int:
        """Kilobits of pictures a second."""
        return self._kbps(now, video=True)

    def audio_kbps(self, now: int) -> int:
        """Kilobits of sound a second."""
        return self._kbps(now, video=False)

    def fps(self, now: int) -> float:
        """Pictures a second."""
        self._forget(now)
        pictures = sum(video for _, video, _ in self._arrivals)
        return round(pictures * 1000 / self._span(now), 1)

    def key_every_ms(self) -> int:
        """Time between the last two key frames; 0 when there were not two."""
        return self._keys[1] - self._keys[0] if len(self._keys) == 2 else 0

    def longest_gap_ms(self, now: int) -> int:
        """The longest time without a picture, the running one included."""
        self._forget(now)
        times = [at for at, video, _ in self._arrivals if video]
        return max(
            (after - before for before, after in zip(times, [*times[1:], now], strict=True)), default=0
        )

    def _kbps(self, now: int, *, video: bool) -> int:
        self._forget(now)
        return round(self._bytes[video] * 8 / self._span(now))

    def _span(self, now: int) -> int:
        return max(min(WINDOW_MS, now - self._began_at), _LEAST_MS)

    def _forget(self, now: int) -> None:
        while self._arrivals and self._arrivals[0][0] < now - WINDOW_MS:
            _, video, size = self._arrivals.popleft()
            self._bytes[video] -= size
