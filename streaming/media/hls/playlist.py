"""The live playlist (RFC 8216, version 7): the last segments, with the wall clock of each."""

from collections.abc import Sequence
from datetime import UTC, datetime

from schemas.media import Segment

WINDOW = 6
CONTENT_TYPE = "application/vnd.apple.mpegurl"


def live_playlist(window: Sequence[Segment], base: str, *, longest_ms: int, breaks: int, ended: bool) -> str:
    """The playlist of the last segments; `base` is the address of their folder, with a slash.

    `longest_ms` and `breaks` (discontinuities) are of the whole recording up to here, so that target duration
    and numbers stay true while old segments leave the window.
    """
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(round(longest_ms / 1000), 1)}",
        f"#EXT-X-MEDIA-SEQUENCE:{window[0].seq if window else 0}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{breaks - sum(segment.discontinuity for segment in window)}",
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
