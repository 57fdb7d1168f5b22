from schemas.media import Segment
from streaming.media.hls.playlist import WINDOW, live_playlist

START = 1_795_327_200_000  # 2026-11-22T06:00:00Z


def segment(seq: int, *, duration_ms: int = 2000, init: str = "init-0.mp4", broken: bool = False) -> Segment:
    return Segment(
        id=f"rec_1:{seq:06d}",
        recording="rec_1",
        program="prg_1",
        seq=seq,
        start_at=START + seq * 2000,
        duration_ms=duration_ms,
        file=f"{seq}.mp4",
        init=init,
        bytes=1,
        sha256="",
        discontinuity=broken,
    )


def render(segments: list[Segment], base: str = "", *, ended: bool = False) -> str:
    return live_playlist(
        segments[-WINDOW:],
        base,
        longest_ms=max(one.duration_ms for one in segments),
        breaks=sum(one.discontinuity for one in segments),
        ended=ended,
    )


def test_a_live_playlist() -> None:
    segments = [segment(0), segment(1, duration_ms=1999), segment(2, init="init-1.mp4", broken=True)]

    assert render(segments, "http://h/seg/f/") == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-TARGETDURATION:2\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="http://h/seg/f/init-0.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T06:00:00.000Z\n"
        "#EXTINF:2.000,\n"
        "http://h/seg/f/0.mp4\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T06:00:02.000Z\n"
        "#EXTINF:1.999,\n"
        "http://h/seg/f/1.mp4\n"
        "#EXT-X-DISCONTINUITY\n"
        '#EXT-X-MAP:URI="http://h/seg/f/init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T06:00:04.000Z\n"
        "#EXTINF:2.000,\n"
        "http://h/seg/f/2.mp4\n"
    )


def test_old_segments_leave_the_window_but_are_counted() -> None:
    segments = [segment(seq, broken=seq in (1, 7)) for seq in range(12)]

    text = render(segments)

    assert "#EXT-X-MEDIA-SEQUENCE:6\n" in text
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in text
    assert text.count("#EXTINF") == 6
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1


def test_the_target_duration_covers_the_longest_segment_also_after_it_left() -> None:
    segments = [segment(0, duration_ms=4600), *(segment(seq) for seq in range(1, 10))]

    assert "#EXT-X-TARGETDURATION:5\n" in render(segments)


def test_the_end_is_told() -> None:
    assert render([segment(0)], ended=True).endswith("0.mp4\n#EXT-X-ENDLIST\n")
