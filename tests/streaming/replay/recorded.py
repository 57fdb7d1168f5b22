"""Segment documents as a recorder would have left them, without any bytes behind them."""

from schemas.jobs import Mark
from schemas.media import Segment
from streaming.media.recorder.layout import SegmentName

START = 1_700_000_000_000


def segment(
    seq: int, start_at: int, duration_ms: int = 2_000, *, init: str = "init-0.mp4", broken: bool = False
) -> Segment:
    return Segment(
        id=f"rec_1:{seq:06d}",
        recording="rec_1",
        program="prg_1",
        seq=seq,
        start_at=start_at,
        duration_ms=duration_ms,
        file=SegmentName(seq, start_at, duration_ms, broken).file,
        init=init,
        bytes=1,
        sha256="",
        discontinuity=broken,
    )


def run(
    count: int,
    start_at: int = START,
    *,
    first_seq: int = 0,
    init: str = "init-0.mp4",
    broken: bool = False,
    duration_ms: int = 2_000,
) -> list[Segment]:
    """`count` segments without a hole; `broken` puts a discontinuity before the first."""
    return [
        segment(first_seq + n, start_at + n * duration_ms, duration_ms, init=init, broken=broken and n == 0)
        for n in range(count)
    ]


def mark(name: str, from_at: int, to_at: int, product: str = "prd_1") -> Mark:
    return Mark(
        id=f"mrk_{name}",
        program="prg_1",
        business="biz_1",
        log="log_1",
        product=product,
        offer=f"off_{product}",
        from_at=from_at,
        to_at=to_at,
        from_seq=1,
        to_seq=2,
    )
