"""Recorded shows: real fMP4 segments in a recording's folder, as the recorder names them."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

import av

from schemas.media import Segment
from streaming.media.recorder.layout import SegmentName, init_file
from tests.streaming.replay.recorded import START

SEGMENT_MS = 2_000


@dataclass(frozen=True)
class Take:
    """One stretch of a publisher: its init segment's bytes and its closed segments' bytes."""

    init: bytes
    segments: list[bytes]


def take(ffmpeg: str, clip: Path, folder: Path, *, skip_s: int = 0, b_frames: int = 0) -> Take:
    """Pack a clip into 2 s segments of 1 s GOPs; with B frames it is encoded anew."""
    folder.mkdir(parents=True, exist_ok=True)
    video = ["-c", "copy"]
    if b_frames:
        video = ["-c:a", "copy", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-bf", str(b_frames)]
    hls = ["-f", "hls", "-hls_time", "2", "-hls_segment_type", "fmp4", "-hls_list_size", "0"]
    subprocess.run(
        [
            *(ffmpeg, "-v", "error", "-y", "-ss", str(skip_s), "-i", str(clip), *video, *hls),
            *("-hls_segment_filename", "%d.m4s", "list.m3u8"),
        ],
        check=True,
        timeout=60,
        cwd=folder,
    )
    files = sorted(folder.glob("*.m4s"), key=lambda path: int(path.stem))
    return Take((folder / "init.mp4").read_bytes(), [path.read_bytes() for path in files])


def record(
    taken: Take,
    folder: Path,
    *,
    recording: str = "rec_1",
    program: str = "prg_1",
    start_at: int = START,
    first_seq: int = 0,
    init: int = 0,
    broken: bool = False,
) -> list[Segment]:
    """Lay the segments into a recording's folder and give their documents."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / init_file(init)).write_bytes(taken.init)
    documents = []
    for n, body in enumerate(taken.segments):
        seq, at = first_seq + n, start_at + n * SEGMENT_MS
        file = SegmentName(seq, at, SEGMENT_MS, broken and n == 0).file
        (folder / file).write_bytes(body)
        documents.append(
            Segment(
                id=f"{recording}:{seq:06d}",
                recording=recording,
                program=program,
                seq=seq,
                start_at=at,
                duration_ms=SEGMENT_MS,
                file=file,
                init=init_file(init),
                bytes=len(body),
                sha256=hashlib.sha256(body).hexdigest(),
                discontinuity=broken and n == 0,
            )
        )
    return documents


def pictures(path: Path | str) -> list[tuple[float, bytes]]:
    """Decode all pictures as a player shows them: (time in seconds, luma plane)."""
    with av.open(str(path)) as container:
        return [(float(frame.time or 0), bytes(frame.planes[0])) for frame in container.decode(video=0)]


def sound_s(path: Path | str) -> float:
    """Decode all sound and give its length in seconds."""
    with av.open(str(path)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
