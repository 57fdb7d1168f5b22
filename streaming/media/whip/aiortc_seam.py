"""Everything that reaches into aiortc, which has no public way to receive encoded frames. Pinned: 1.16.0.

`install` replaces four names that `aiortc.rtcrtpreceiver` looks up when a receiver is made. After it, a
received track gives `EncodedFrame`s instead of decoded ones. A fifth, of `aioice.ice`, says where
UDP is taken.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import aiortc
from aioice import ice
from aiortc import RTCRtpCodecParameters, RTCRtpReceiver, clock, rtcrtpreceiver
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rate import RemoteBitrateEstimator
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

from streaming.media.codecs.h264 import NalType, nal_type, split_annexb

AIORTC_VERSION = "1.16.0"
BITRATE = 2_500_000
GIVE_UP_S = 1.0
MAX_AUDIO_HOLE = 4
_WRAP = 1 << 32
_VP8_START = b"\x9d\x01\x2a"


class EncodedFrame(NamedTuple):
    """A picture (H.264 in Annex B, or VP8) or Opus packet; `at` is its RTP time, unwrapped."""

    at: int
    data: bytes


class SenderReport(NamedTuple):
    """The sender says: this RTP time was that moment of its clock (NTP, seconds)."""

    ntp: float
    rtp: int


def install(hosts: Sequence[str] = ()) -> None:
    """Put our parts in place of aiortc's. Call it once, before any RTCPeerConnection is made.

    UDP is taken on `hosts` only; on all addresses of the machine when there are none.
    """
    if aiortc.__version__ != AIORTC_VERSION:
        raise RuntimeError(f"expected aiortc {AIORTC_VERSION}, got {aiortc.__version__}")
    names = vars(rtcrtpreceiver)
    names["get_decoder"] = _undecoded
    names["JitterBuffer"] = _jitter_buffer
    names["TimestampMapper"] = Unwrapped
    names["RemoteBitrateEstimator"] = _HighEstimate
    if hosts:
        vars(ice)["get_host_addresses"] = lambda **_kinds: list(hosts)


def _undecoded(codec: RTCRtpCodecParameters) -> "_Undecoded":
    del codec
    return _Undecoded()


def on_sender_report(receiver: RTCRtpReceiver, take: Callable[[SenderReport], None]) -> None:
    """Tell `take` of every sender report of this receiver's stream."""
    handle = receiver._handle_rtcp_packet

    async def listen(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            take(SenderReport(info.ntp_timestamp / _WRAP, info.rtp_timestamp))
        await handle(packet)

    receiver._handle_rtcp_packet = listen  # type: ignore[method-assign]


async def ask_for_key_frame(receiver: RTCRtpReceiver, ssrc: int) -> None:
    """Send a picture loss indication for `ssrc`, which must be the main stream's, not the repair stream's."""
    await receiver._send_rtcp_pli(ssrc)


class Unwrapped:
    """RTP time that does not wrap. aiortc's own starts every track at zero and so loses A/V sync."""

    def __init__(self) -> None:
        self._last: int | None = None

    def map(self, timestamp: int) -> int:
        """The unwrapped time of a 32-bit RTP timestamp."""
        if self._last is None:
            self._last = timestamp
        self._last += (timestamp - self._last + _WRAP // 2) % _WRAP - _WRAP // 2
        return self._last


class _Undecoded:
    """Stands where a decoder would."""

    def decode(self, frame: JitterFrame) -> list[EncodedFrame]:
        if isinstance(frame, Batch):
            return [
                EncodedFrame(frame.timestamp + (at - frame.first) % _WRAP, data) for at, data in frame.packets
            ]
        return [EncodedFrame(frame.timestamp, frame.data)]


class _HighEstimate(RemoteBitrateEstimator):
    """Tells the browser from the start that BITRATE fits.

    aiortc says nothing for 3 s and then what it saw so far, about 250 kbit/s: a phone would start with 1 to 2
    pictures a second. Measured with this: 1.7 to 2 Mbit/s within 5 s.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rate_control.set_estimate(BITRATE, clock.current_ms())


def _jitter_buffer(capacity: int, prefetch: int = 0, is_video: bool = False) -> "VideoBuffer | AudioBuffer":
    del prefetch
    return VideoBuffer(capacity, is_video=True) if is_video else AudioBuffer()


class VideoBuffer(JitterBuffer):
    """aiortc's, but it gives up on a hole after GIVE_UP_S and then lets nothing pass that can't be decoded.

    Measured with a hole of 0.8 s in the uplink: aiortc's own froze for 3.4 s, then passed 43 broken frames.
    """

    def __init__(self, capacity: int, prefetch: int = 0, is_video: bool = True) -> None:
        super().__init__(capacity, prefetch, is_video)
        self._stalled_at: float | None = None
        self._broken = False

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Take a packet; returns whether a key frame is needed, and the frame that is complete."""
        lost, frame = super().add(packet)
        now = time.monotonic()
        if frame is not None:
            self._stalled_at = None
        elif self._stalled_at is None:
            self._stalled_at = now
        elif now - self._stalled_at > GIVE_UP_S:
            self.remove(self.capacity)
            self._origin = None
            self._stalled_at = None
            lost = True
        self._broken = self._broken or lost
        if frame is not None and self._broken:
            if not _is_key(frame.data):
                return lost, None
            self._broken = lost
        return lost, frame


def _is_key(picture: bytes) -> bool:
    """Whether decoding can begin with it: VP8 key frames have a start code of their own (RFC 6386 §9.1)."""
    if picture[3:6] == _VP8_START:
        return not picture[0] & 1
    return any(nal_type(nal) == NalType.SPS for nal in split_annexb(picture)[:3])


class Batch(JitterFrame):
    """Several packets that became ready together."""

    def __init__(self, packets: list[tuple[int, bytes]]) -> None:
        self.first = packets[0][0]
        super().__init__(b"", self.first)
        self.packets = packets


class AudioBuffer:
    """Puts audio packets in order; after MAX_AUDIO_HOLE newer ones a missing packet is passed over.

    aiortc's own multiplies loss: at 3 % it delivers 85 % of the sound, this one 97 %.
    """

    capacity = 16

    def __init__(self) -> None:
        self._next: int | None = None
        self._held: dict[int, RtpPacket] = {}

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Take a packet; returns those that are ready, in order."""
        number = packet.sequence_number
        if self._next is None:
            self._next = number
        ahead = (number - self._next) & 0xFFFF
        if 0x8000 <= ahead < 0x10000 - 100:
            self._next, self._held = number, {}  # the sender began anew
        elif ahead >= 0x8000:
            return False, None  # too late
        self._held[number] = packet
        if self._next not in self._held and len(self._held) >= MAX_AUDIO_HOLE:
            expected = self._next
            self._next = min(self._held, key=lambda held: (held - expected) & 0xFFFF)
        ready = []
        while (following := self._held.pop(self._next, None)) is not None:
            ready.append((following.timestamp, bytes(following._data)))  # type: ignore[attr-defined]
            self._next = (self._next + 1) & 0xFFFF
        return False, Batch(ready) if ready else None
