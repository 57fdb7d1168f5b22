"""Puts a browser's pictures and sound on one clock. Pure."""

from streaming.media.whip.aiortc_seam import SenderReport

_SLEW_MS = 2.0
_WRAP = 1 << 32


class RtpClock:
    """RTP times of video and audio as ms since the first frame.

    Each track begins at the moment its first frame arrived. Sender reports then tell how far apart the two
    really are, and the sound is moved there, 2 ms a packet so that nobody hears it.
    """

    def __init__(self, video_rate: int = 90_000, audio_rate: int = 48_000) -> None:
        self._video = _Track(video_rate)
        self._audio = _Track(audio_rate)
        self._began_at: float | None = None
        self._shift = 0.0

    def video(self, at: int, arrived_ms: float) -> int:
        """The ms of a picture."""
        return round(self._video.place(at, arrived_ms - self._began(arrived_ms)))

    def audio(self, at: int, arrived_ms: float) -> int:
        """The ms of a packet of sound."""
        placed = self._audio.place(at, arrived_ms - self._began(arrived_ms))
        apart = self._apart()
        if apart is not None:
            self._shift += max(-_SLEW_MS, min(_SLEW_MS, apart - self._shift))
        return max(round(placed + self._shift), 0)

    def video_report(self, report: SenderReport) -> None:
        """The sender's clock for the pictures."""
        self._video.report = report

    def audio_report(self, report: SenderReport) -> None:
        """The sender's clock for the sound."""
        self._audio.report = report

    def _began(self, arrived_ms: float) -> float:
        if self._began_at is None:
            self._began_at = arrived_ms
        return self._began_at

    def _apart(self) -> float | None:
        """By how much the sound has to move to be where the sender's clock has it."""
        video, audio = self._video.sender_ms(), self._audio.sender_ms()
        return None if video is None or audio is None else audio - video


class _Track:
    """One track: a rate, where it began, what its sender said."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.report: SenderReport | None = None
        self._first: int | None = None
        self._last = 0
        self._began = 0.0

    def place(self, at: int, now_ms: float) -> float:
        if self._first is None:
            self._first, self._began = at, now_ms
        self._last = at
        return self._began + (at - self._first) * 1000 / self.rate

    def sender_ms(self) -> float | None:
        """The sender's clock at our zero, ms."""
        if self.report is None or self._first is None:
            return None
        behind = (self.report.rtp - self._last + _WRAP // 2) % _WRAP - _WRAP // 2
        ahead = self._last + behind - self._first
        return self.report.ntp * 1000 - ahead * 1000 / self.rate - self._began
