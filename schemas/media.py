"""The media plane's records: streams, recordings, segments."""

from schemas.base import Document, Ms


class Stream(Document, frozen=True, kw_only=True):
    """One publish of a program: from the first packet to the disconnect."""

    program: str
    business: str
    protocol: str
    """`rtmp` or `whip`."""
    peer: str = ""
    started_at: Ms
    ended_at: Ms | None = None
    end_reason: str = ""


class Recording(Document, frozen=True, kw_only=True):
    """All that was recorded of a program; several streams of it continue one recording."""

    program: str
    business: str
    folder: str
    """Unguessable folder under `<data>/media/rec`, also the prefix of the objects."""
    started_at: Ms
    ended_at: Ms | None = None
    width: int = 0
    height: int = 0
    kept: bool = True
    """False: only what its viewers need is on the disk, and nothing once it is over."""


class Segment(Document, frozen=True, kw_only=True):
    """One closed fMP4 segment; id is `<recording>:<seq, 6 digits>`.

    `start_at` is the PROGRAM-DATE-TIME of its first picture: wall clock at ingest, the clock
    of pins and chat. `end_at` is `start_at + duration_ms`.
    """

    recording: str
    program: str
    seq: int
    start_at: Ms
    duration_ms: Ms
    file: str
    """File name inside the recording's folder."""
    init: str
    """File name of the init segment it needs."""
    bytes: int
    sha256: str
    discontinuity: bool = False
    """True for the first segment after a reconnect or a change of codec configuration."""
    uploaded_at: Ms | None = None

    @property
    def end_at(self) -> int:
        """When the segment ends, epoch ms."""
        return self.start_at + self.duration_ms
