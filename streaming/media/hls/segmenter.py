"""Cuts a channel's packets into fMP4 segments at key frames. Pure: packets in, closed segments out."""

from typing import NamedTuple

from streaming.media import flv
from streaming.media.codecs import aac, h264
from streaming.media.flv import Kind, Packet, Role
from streaming.media.fmp4.fragment import DEPENDENT, SYNC, Run, Sample, fragment
from streaming.media.fmp4.init import AUDIO_TRACK, VIDEO_CLOCK, VIDEO_TRACK, init_segment

TARGET_MS = 2000
CUT_FROM_MS = 1500
"""A key frame this long after the segment's start closes it: steady encoders give segments of TARGET_MS."""
_DEFAULT_FRAME_MS = 33
_AUDIO_DRIFT_MS = 50
_TICKS_PER_MS = VIDEO_CLOCK // 1000


class ClosedSegment(NamedTuple):
    """A finished segment: starts with a key frame, holds whole frames only.

    `start_at` is the wall clock of its first picture (epoch ms). `init` is given when a new initialisation
    segment is needed from here on; `discontinuity` when time or codec broke off before it.
    """

    start_at: int
    duration_ms: int
    discontinuity: bool
    init: bytes | None
    data: bytes


class _Frame(NamedTuple):
    at: int
    body: bytes
    key: bool


class Segmenter:
    """One recording's cutter. Packets must not go back in time within their kind.

    The first segment is a discontinuity if `resumed`: a recording goes on after a restart.
    """

    def __init__(self, *, resumed: bool = False) -> None:
        self._video_config: h264.AvcConfig | None = None
        self._audio_config: aac.AacConfig | None = None
        self._audio: aac.AacConfig | None = None
        self._frames: list[_Frame] = []
        self._sounds: list[_Frame] = []
        self._start_at = 0
        self._sequence = 0
        self._audio_clock: int | None = None
        self._broken = resumed
        self._config_changed = True
        self._init: bytes | None = None
        self._discontinuity = False
        self._frame_ms = _DEFAULT_FRAME_MS

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, zeros before it is known."""
        config = self._video_config
        return (config.width, config.height) if config else (0, 0)

    def configure(self, packet: Packet) -> None:
        """Take a codec configuration; it counts from the next key frame on. May raise ValueError."""
        if packet.kind == Kind.VIDEO:
            video = h264.parse_config(packet.body[5:])
            if self._video_config is None or video.record != self._video_config.record:
                self._video_config, self._config_changed = video, True
        else:
            audio = aac.parse_config(packet.body[2:])
            if self._audio_config is None or audio.record != self._audio_config.record:
                self._audio_config, self._config_changed = audio, True

    def interrupt(self) -> ClosedSegment | None:
        """Time breaks off here: close what is open; the next segment is a discontinuity."""
        end = self._frames[-1].at + self._frame_ms if self._frames else 0
        closed = self._close(end)
        self._broken = self._broken or self._sequence > 0
        self._audio_clock = None
        return closed

    def feed(self, packet: Packet, wall_at: int) -> ClosedSegment | None:
        """Add a frame, seen at `wall_at` (epoch ms); returns the segment it closes, if any."""
        if packet.kind == Kind.AUDIO:
            if self._frames and self._audio is not None and not self._config_changed:
                self._sounds.append(_Frame(packet.at, packet.body[2:], True))
            return None
        key = packet.role == Role.KEY
        closed = None
        if key and self._frames and (self._config_changed or packet.at - self._frames[0].at >= CUT_FROM_MS):
            closed = self._close(packet.at)
        if not self._frames:
            if not key or self._video_config is None:
                return closed
            self._open(wall_at)
        elif packet.at > self._frames[-1].at:
            self._frame_ms = packet.at - self._frames[-1].at
        self._frames.append(_Frame(packet.at, packet.body, key))
        return closed

    def _open(self, wall_at: int) -> None:
        assert self._video_config is not None
        self._start_at = wall_at
        self._discontinuity = self._broken or (self._config_changed and self._sequence > 0)
        if self._discontinuity:
            self._audio_clock = None
        if self._config_changed or self._discontinuity:
            self._init = init_segment(self._video_config, self._audio_config)
        self._audio = self._audio_config
        self._broken = self._config_changed = False

    def _close(self, end: int) -> ClosedSegment | None:
        """Close the open segment at `end`, the time of the frame that follows."""
        frames, sounds = self._frames, self._sounds
        if not frames:
            return None
        self._sequence += 1
        start = frames[0].at
        ends = [frame.at for frame in frames[1:]] + [max(end, frames[-1].at + 1)]
        samples = [
            Sample(
                max(until - frame.at, 0) * _TICKS_PER_MS,
                SYNC if frame.key else DEPENDENT,
                flv.composition_ms(frame.body) * _TICKS_PER_MS,
                frame.body[5:],
            )
            for frame, until in zip(frames, ends, strict=True)
        ]
        runs = [Run(VIDEO_TRACK, start * _TICKS_PER_MS, samples)]
        if sounds:
            runs.append(self._audio_run(sounds))
        closed = ClosedSegment(
            self._start_at, ends[-1] - start, self._discontinuity, self._init, fragment(self._sequence, runs)
        )
        self._frames, self._sounds, self._init = [], [], None
        self._discontinuity = False
        return closed

    def _audio_run(self, sounds: list[_Frame]) -> Run:
        """AAC frames have an exact length; follow it, and the publisher's ms only where they part."""
        config = self._audio
        assert config is not None
        clock = sounds[0].at * config.rate // 1000
        drift = abs(clock - self._audio_clock) if self._audio_clock is not None else None
        if drift is None or drift * 1000 > _AUDIO_DRIFT_MS * config.rate:
            self._audio_clock = clock
        assert self._audio_clock is not None
        start = self._audio_clock
        self._audio_clock += config.frame_samples * len(sounds)
        return Run(
            AUDIO_TRACK, start, [Sample(config.frame_samples, SYNC, 0, sound.body) for sound in sounds]
        )
