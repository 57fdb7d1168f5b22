"""A replay's playlist (HLS, RFC 8216): the recorded segments themselves, nothing is copied.

Segments on the disk are served from the web server's static path; those that left it come straight
from the object store under addresses that expire.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from infra.mongo import Database
from infra.objects import ObjectStore
from infra.settings import Settings
from schemas.content import Content, ContentKind
from schemas.media import Recording, Segment
from schemas.problems import CommonRefusal, Refused
from streaming.replay import store
from streaming.replay.footage import object_key
from streaming.replay.spans import continues

STATIC_PATH = "/seg"
"""Where the web server shows the recordings folder."""
ADDRESS_LIFE_S = 12 * 3600
"""How long an address in the object store works: the longest show, paused for lunch."""
CONTENT_TYPE = "application/vnd.apple.mpegurl"

Locate = Callable[[str], str]
"""Gives the address of a recorded file."""


async def render_playlist(db: Database, settings: Settings, objects: ObjectStore, content: Content) -> str:
    """Render the playlist of a replay. Raises Refused(not_found) when it is none, or nothing was recorded."""
    if content.kind is not ContentKind.REPLAY:
        raise Refused(CommonRefusal.NOT_FOUND, id=content.id)
    takes = []
    for recording in await store.recordings(db, content.source.recordings):
        there = await asyncio.to_thread(_listing, settings.recordings_dir / recording.folder)
        takes.append((await store.segments(db, recording.id), locator(recording, there, objects)))
    if not any(segments for segments, _ in takes):
        raise Refused(CommonRefusal.NOT_FOUND, id=content.id)
    # Signing thousands of addresses takes seconds: not in the loop that serves everybody.
    return await asyncio.to_thread(render, takes)


def render(takes: Iterable[tuple[Sequence[Segment], Locate]]) -> str:
    """Write the playlist of recordings that follow each other."""
    lines: list[str] = []
    longest_ms = 0
    before: Segment | None = None
    for segments, locate in takes:
        for segment in segments:
            if before is None or not continues(before, segment):
                if before is not None:
                    lines.append("#EXT-X-DISCONTINUITY")
                lines.append(f'#EXT-X-MAP:URI="{locate(segment.init)}"')
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_date_time(segment.start_at)}")
            lines.append(f"#EXTINF:{segment.duration_ms / 1000:.3f},")
            lines.append(locate(segment.file))
            longest_ms = max(longest_ms, segment.duration_ms)
            before = segment
    head = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{-(-longest_ms // 1000)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    return "\n".join([*head, *lines, "#EXT-X-ENDLIST", ""])


def locator(recording: Recording, there: frozenset[str], objects: ObjectStore) -> Locate:
    """Say where each file of a recording is, `there` being the files on the disk."""

    def locate(file: str) -> str:
        if file in there:
            return f"{STATIC_PATH}/{recording.folder}/{file}"
        return objects.presign(object_key(recording, file), ADDRESS_LIFE_S)

    return locate


def _listing(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()


def _date_time(at: int) -> str:
    stamp = datetime.fromtimestamp(at / 1000, UTC)
    return f"{stamp:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"
