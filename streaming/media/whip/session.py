"""One browser publishing: its peer connection, and the packets it gives the hub."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Protocol

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpReceiver,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from infra.telemetry import get_logger
from schemas.problems import Refused
from streaming.media import flv
from streaming.media.codecs import h264
from streaming.media.codecs.h264 import NalType, nal_type
from streaming.media.flv import Kind
from streaming.media.refusals import MediaRefusal
from streaming.media.whip.aiortc_seam import EncodedFrame, ask_for_key_frame, on_sender_report
from streaming.media.whip.clock import RtpClock
from streaming.media.whip.offer import Offer
from streaming.media.whip.recoding import Recoder, RecoderGone
from streaming.media.whip.sound import Transcoder

log = get_logger("whip.session")

KEY_FRAME_EVERY_S = 2.0
FIRST_KEY_FRAME_EVERY_S = 0.3
CONNECTED_WITHIN_S = 15.0
_OUTSIDE_PICTURE = frozenset({NalType.SPS, NalType.PPS, NalType.DELIMITER})


class Sink(Protocol):
    """Where the packets go: the hub, over its socket."""

    over: "asyncio.Task[Refused]"

    def send(self, kind: Kind, at: int, body: bytes) -> None:
        """Publish a packet."""

    async def close(self) -> None:
        """End the publish."""


class Session:
    """Runs until the browser leaves, the hub ends the publish, or nothing connects in time."""

    def __init__(self, offer: Offer, sink: Sink) -> None:
        self.over = asyncio.Event()
        self._offer = offer
        self._sink = sink
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._clock = RtpClock()
        self._pictures = _Pictures()
        self._transcoder = Transcoder()
        self._recoder: Recoder | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def transcoded(self) -> bool:
        """Whether its picture is made anew here."""
        return self._offer.transcoded

    async def answer(self) -> str:
        """The SDP answer: the offer's picture and Opus, receive only. Raises Refused if it can't be read."""
        if self._offer.transcoded:
            self._recoder = await Recoder.start()
        # Preferences count for an answer only if they are there before the offer.
        for kind in self._offer.kinds:
            transceiver = self._connection.addTransceiver(kind, direction="recvonly")
            transceiver.setCodecPreferences(_codecs(kind, self._offer.codec))
        self._connection.on("track", self._receive)
        self._connection.on("connectionstatechange", self._state_changed)
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(self._offer.sdp, "offer"))
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as broken:  # noqa: BLE001  # aiortc raises whatever its parser stumbles on
            raise Refused(MediaRefusal.OFFER_UNREADABLE, why=type(broken).__name__) from None
        return self._connection.localDescription.sdp

    async def run(self) -> str:
        """Pass on what the browser sends, to the end; returns why it ended."""
        self._start(self._leave_unless_connected())
        try:
            ended = asyncio.create_task(self.over.wait())
            await asyncio.wait({ended, self._sink.over}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            return str(self._sink.over.result().code) if self._sink.over.done() else "browser_left"
        finally:
            await self.close()

    async def close(self) -> None:
        """End the publish and the peer connection."""
        self.over.set()
        for task in self._tasks:
            task.cancel()
        await self._sink.close()
        await self._connection.close()
        if self._recoder is not None:
            await self._recoder.close()

    def _receive(self, track: MediaStreamTrack) -> None:
        receiver = _receiver_of(self._connection.getTransceivers(), track)
        if track.kind == "video":
            on_sender_report(receiver, self._clock.video_report)
            if self._recoder is None:
                self._start(self._pass_pictures(track))
            else:
                self._start(self._recode_pictures(track, self._recoder))
                self._start(self._pass_recoded(self._recoder))
            self._start(self._ask_for_key_frames(receiver))
        else:
            on_sender_report(receiver, self._clock.audio_report)
            self._sink.send(Kind.AUDIO, 0, flv.audio_body(self._transcoder.config.record, config=True))
            self._start(self._pass_sound(track))

    def _state_changed(self) -> None:
        state = self._connection.connectionState
        log.info("whip_state", state=state)
        if state in ("failed", "closed"):
            self.over.set()

    async def _pass_pictures(self, track: MediaStreamTrack) -> None:
        while True:
            frame = await _frame(track)
            at = self._clock.video(frame.at, time.monotonic() * 1000)
            for body in self._pictures.bodies(frame.data):
                self._sink.send(Kind.VIDEO, at, body)

    async def _recode_pictures(self, track: MediaStreamTrack, recoder: Recoder) -> None:
        while True:
            frame = await _frame(track)
            recoder.feed(self._clock.video(frame.at, time.monotonic() * 1000), frame.data)

    async def _pass_recoded(self, recoder: Recoder) -> None:
        while True:
            at, picture = await recoder.take()
            for body in self._pictures.bodies(picture):
                self._sink.send(Kind.VIDEO, at, body)

    async def _pass_sound(self, track: MediaStreamTrack) -> None:
        while True:
            frame = await _frame(track)
            for at, body in self._transcoder.feed(frame.at, frame.data):
                arrived = time.monotonic() * 1000
                self._sink.send(Kind.AUDIO, self._clock.audio(at, arrived), flv.audio_body(body))

    async def _ask_for_key_frames(self, receiver: RTCRtpReceiver) -> None:
        """A browser sends one key frame at the start and then only when asked.

        Until there is a picture it is asked often: the first request goes out before the connection stands
        and is lost, which measured as a viewer's first picture after 2.2 s.
        """
        while True:
            if self._offer.main_ssrc is not None:
                ssrcs = [self._offer.main_ssrc]
            else:
                ssrcs = [source.source for source in receiver.getSynchronizationSources()]
            for ssrc in ssrcs:
                await ask_for_key_frame(receiver, ssrc)
            await asyncio.sleep(KEY_FRAME_EVERY_S if self._pictures.begun else FIRST_KEY_FRAME_EVERY_S)

    async def _leave_unless_connected(self) -> None:
        await asyncio.sleep(CONNECTED_WITHIN_S)
        if self._connection.connectionState != "connected":
            log.warning("whip_never_connected", state=self._connection.connectionState)
            self.over.set()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        async def run() -> None:
            with suppress(MediaStreamError):
                await work

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if task.cancelled() or (failure := task.exception()) is None:
            return
        if isinstance(failure, RecoderGone):
            log.warning("recoder_gone")
        else:
            log.error("whip_failed", exc_info=failure)
        self.over.set()


class _Pictures:
    """Turns access units into FLV tag bodies: parameter sets become a configuration."""

    def __init__(self) -> None:
        self._sps = self._pps = b""
        self._announced: tuple[bytes, bytes] | None = None

    @property
    def begun(self) -> bool:
        """Whether there were parameter sets, and so a key frame."""
        return self._announced is not None

    def bodies(self, access_unit: bytes) -> list[bytes]:
        """The tag bodies of an access unit; none before the first parameter sets."""
        nals = h264.split_annexb(access_unit)
        for nal in nals:
            if nal_type(nal) == NalType.SPS:
                self._sps = nal
            elif nal_type(nal) == NalType.PPS:
                self._pps = nal
        bodies = []
        if self._sps and self._pps and self._announced != (self._sps, self._pps):
            self._announced = (self._sps, self._pps)
            record = h264.build_config(self._sps, self._pps).record
            bodies.append(flv.video_body(record, key=True, config=True))
        pictures = [nal for nal in nals if nal_type(nal) not in _OUTSIDE_PICTURE]
        if self._announced is not None and pictures:
            key = any(nal_type(nal) == NalType.IDR for nal in pictures)
            bodies.append(flv.video_body(h264.length_prefixed(pictures), key=key))
        return bodies


async def _frame(track: MediaStreamTrack) -> EncodedFrame:
    frame: object = await track.recv()
    assert isinstance(frame, EncodedFrame)  # the seam is installed
    return frame


def _receiver_of(transceivers: list[RTCRtpTransceiver], track: MediaStreamTrack) -> RTCRtpReceiver:
    return next(item.receiver for item in transceivers if item.receiver.track is track)


def _codecs(kind: str, picture: str) -> "list[RTCRtpCodecCapability]":
    capabilities = RTCRtpReceiver.getCapabilities(kind)
    assert capabilities is not None
    wanted = (f"video/{picture.lower()}", "video/rtx", "audio/opus")
    return [codec for codec in capabilities.codecs if codec.mimeType.lower() in wanted]
