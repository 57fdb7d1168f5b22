"""What a browser offers: which picture we take of it. Pure."""

import re
from typing import NamedTuple

from schemas.problems import Refused
from streaming.media.refusals import MediaRefusal

_KINDS = re.compile(r"^m=(audio|video) ", re.MULTILINE)
_CODECS = re.compile(r"^a=rtpmap:\d+ (H264|VP8)/90000", re.MULTILINE)
_MAIN_SSRC = re.compile(r"^a=ssrc-group:FID (\d+)", re.MULTILINE)


class Offer(NamedTuple):
    """A checked offer."""

    sdp: str
    kinds: tuple[str, ...]
    """`audio` and `video` in their order."""
    codec: str
    """The picture's codec: H264 where there is one, which is passed on; else VP8, which is transcoded."""
    main_ssrc: int | None
    """The picture's stream, not that of its repairs."""

    @property
    def transcoded(self) -> bool:
        """Whether its picture has to be made anew."""
        return self.codec == "VP8"


def read_offer(sdp: str) -> Offer:
    """Raises Refused unless there is one picture that we can take, and at most one sound."""
    kinds = tuple(_KINDS.findall(sdp))
    if not sdp.startswith("v=0"):
        raise Refused(MediaRefusal.OFFER_UNREADABLE, why="expected v=0 first")
    if "video" not in kinds or kinds.count("video") > 1 or kinds.count("audio") > 1:
        raise Refused(MediaRefusal.OFFER_UNREADABLE, why="expected one video and at most one audio")
    codecs = set(_CODECS.findall(sdp))
    if not codecs:
        raise Refused(MediaRefusal.NO_H264_OFFERED)
    main = _MAIN_SSRC.search(sdp)
    return Offer(sdp, kinds, "H264" if "H264" in codecs else "VP8", int(main[1]) if main else None)
