"""A connected publisher, whatever protocol it speaks."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from infra.clock import now_ms
from infra.telemetry import get_logger
from schemas.media import Stream
from schemas.problems import Refused
from streaming.media import metrics
from streaming.media.flv import Kind, Role, UnsupportedCodec, classify
from streaming.media.refusals import MediaRefusal, text

log = get_logger("media.publisher")

FIRST_PICTURE_MS = 10_000
MAX_KEY_GAP_MS = 20_000
MAX_KEY_GAP_BYTES = 64 << 20
TAKEOVER_AFTER_MS = 5_000
SILENT_AFTER_MS = 10_000


class Stage(Protocol):
    """Where a publisher's packets go: the show."""

    def accept(self, publisher: "Publisher", kind: Kind, role: Role, source_at: int, body: bytes) -> None:
        """Take a packet."""

    def detach(self, publisher: "Publisher", reason: str) -> None:
        """The publisher is gone."""


class Publisher:
    """Checks and bounds what one connection sends. `hang_up` closes the connection with a reason."""

    def __init__(
        self, stage: Stage, stream: Stream, credential: str, hang_up: Callable[[Refused], None]
    ) -> None:
        self.stream = stream
        self.credential = credential
        self.last_at = self._began_at = stream.started_at
        self.seen_picture = False
        self._stage: Stage | None = stage
        self._hang_up = hang_up
        self._key_at = self.last_at
        self._since_key = 0

    def feed(self, kind: Kind, source_at: int, body: bytes) -> None:
        """Take one message of the connection; `source_at` in ms modulo 2^32. Closes it if it may not be."""
        if self._stage is None:
            return
        self.last_at = now_ms()
        metrics.RECEIVED.inc(len(body))
        try:
            role = classify(kind, body)
            if role is not None:
                self._bound(role, len(body))
                self._stage.accept(self, kind, role, source_at, body)
        except UnsupportedCodec as codec:
            self.close(Refused(MediaRefusal.CODEC_UNSUPPORTED, expected=codec.expected, got=codec.got))
        except Refused as refused:
            self.close(refused)

    def check(self, now: int) -> None:
        """Called every second: a publisher that sends nothing, or no picture, is closed."""
        if now - self.last_at > SILENT_AFTER_MS:
            self.close(Refused(MediaRefusal.SILENT, seconds=SILENT_AFTER_MS // 1000))
        elif not self.seen_picture and now - self._began_at > FIRST_PICTURE_MS:
            self.close(Refused(MediaRefusal.NO_PICTURE, seconds=FIRST_PICTURE_MS // 1000))

    def may_be_replaced(self, now: int) -> bool:
        """Whether it has been silent so long that another connection may take over."""
        return now - self.last_at > TAKEOVER_AFTER_MS

    def close(self, refused: Refused) -> None:
        """End the publish from our side, with a reason the publisher is told."""
        if self._leave(refused.code):
            metrics.REFUSED.labels(refused.code).inc()
            log.warning(
                "publisher_closed",
                program=self.stream.program,
                stream=self.stream.id,
                code=refused.code,
                text=text(refused),
            )
            self._hang_up(refused)

    def leave(self, reason: str) -> None:
        """The connection ended from the other side."""
        if self._leave(reason):
            log.info("publisher_left", program=self.stream.program, stream=self.stream.id, reason=reason)

    def ended(self, at: int, reason: str) -> Stream:
        """The stream's document after its end."""
        return msgspec.structs.replace(self.stream, ended_at=at, updated_at=at, end_reason=reason)

    def _leave(self, reason: str) -> bool:
        stage, self._stage = self._stage, None
        if stage is None:
            return False
        stage.detach(self, reason)
        return True

    def _bound(self, role: Role, size: int) -> None:
        """Everything between two key frames is held in memory: it must not grow for ever."""
        if role == Role.KEY:
            self._key_at, self._since_key = self.last_at, 0
        self._since_key += size
        if not self.seen_picture:
            if self.last_at - self._began_at > FIRST_PICTURE_MS or self._since_key > MAX_KEY_GAP_BYTES:
                raise Refused(MediaRefusal.NO_PICTURE, seconds=FIRST_PICTURE_MS // 1000)
        elif self.last_at - self._key_at > MAX_KEY_GAP_MS or self._since_key > MAX_KEY_GAP_BYTES:
            raise Refused(MediaRefusal.KEY_FRAMES_TOO_RARE, seconds=MAX_KEY_GAP_MS // 1000)
