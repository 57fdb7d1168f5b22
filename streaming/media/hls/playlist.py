"""The live playlist (RFC 8216, version 7): the last segments, with the wall clock of each."""

from collections.abc import Sequence
from datetime import UTC, datetime

from schemas.media import Segment

WINDOW = 6
CONTENT_TYPE = "application/vnd.apple.mpegurl"


def live_playlist(segments: Sequence[Segment], base: str, *, ended: bool) -> str:
    """The playlist over the end of a recording; `base` is the address of its folder, with a slash.

    `segments` are all of the recording, so that numbers and the target duration hold from start to end.
    """
    window = segments[-WINDOW:]
    before = segments[: len(segments) - len(window)]
    target = max((round(segment.duration_ms / 1000) for segment in segments), default=2) or 1
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target}",
        f"#EXT-X-MEDIA-SEQUENCE:{window[0].seq if window else 0}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{sum(segment.discontinuity for segment in before)}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    init = ""
    for segment in window:
        if segment.discontinuity:
            lines.append("#EXT-X-DISCONTINUITY")
        if segment.init != init:
            init = segment.init
            lines.append(f'#EXT-X-MAP:URI="{base}{init}"')
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_iso(segment.start_at)}")
        lines.append(f"#EXTINF:{segment.duration_ms / 1000:.3f},")
        lines.append(base + segment.file)
    if ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
