from hypothesis import given
from hypothesis import strategies as st

from schemas.media import Segment
from streaming.replay.spans import ReplayClock, parts_of
from tests.streaming.replay.recorded import START, run, segment


def test_segments_without_a_hole_are_one_part() -> None:
    parts = parts_of(run(5))
    assert [len(part.segments) for part in parts] == [5]
    assert (parts[0].start_at, parts[0].end_at, parts[0].duration_ms) == (START, START + 10_000, 10_000)


def test_a_reconnect_a_lost_segment_and_another_init_each_begin_a_part() -> None:
    first = run(2)
    reconnected = run(2, START + 4_000, first_seq=2, broken=True)
    after_a_loss = run(2, START + 10_000, first_seq=5)
    reconfigured = run(2, START + 14_000, first_seq=7, init="init-1.mp4")
    parts = parts_of([*first, *reconnected, *after_a_loss, *reconfigured])
    assert [part.segments[0].seq for part in parts] == [0, 2, 5, 7]


def test_steps_of_the_wall_clock_do_not_split_a_part() -> None:
    assert (
        len(parts_of([segment(0, START, 2_033), segment(1, START + 1_700), segment(2, START + 4_030)])) == 1
    )


def test_a_part_narrows_to_the_segments_that_show_the_span() -> None:
    (part,) = parts_of(run(5))
    shown = part.between(START + 2_000, START + 4_001)
    assert shown is not None and [s.seq for s in shown.segments] == [1, 2]
    assert part.between(START + 10_000, START + 11_000) is None


def test_an_interruption_takes_no_time_in_the_replay() -> None:
    clock = ReplayClock([*run(2), *run(2, START + 60_000, first_seq=2, broken=True)])
    assert clock.duration_ms == 8_000
    assert clock.position(START + 3_500) == 3_500
    assert clock.position(START + 30_000) == 4_000
    assert clock.position(START + 61_000) == 5_000
    assert clock.moment(5_000) == START + 61_000


def test_moments_outside_the_recording_lie_at_its_ends() -> None:
    clock = ReplayClock(run(2))
    assert clock.position(START - 5) == 0
    assert clock.position(START + 99_000) == 4_000
    assert clock.moment(-1) == START
    assert clock.moment(99_000) == START + 4_000
    assert ReplayClock([]).position(START) == 0
    assert ReplayClock([]).moment(10) == 0


@st.composite
def recordings(draw: st.DrawFn) -> list[Segment]:
    segments: list[Segment] = []
    at = START
    for seq in range(draw(st.integers(1, 20))):
        hole = draw(st.sampled_from([0, 0, 0, 50, 700, 90_000]))
        broken = bool(seq) and hole >= 700
        at += hole
        length = draw(st.integers(100, 6_000))
        segments.append(segment(seq, at, length, broken=broken))
        at += length
    return segments


@given(recordings(), st.integers(0, 200_000))
def test_a_position_and_its_moment_agree(segments: list[Segment], position: int) -> None:
    clock = ReplayClock(segments)
    expected = min(position, clock.duration_ms)
    assert clock.position(clock.moment(position)) == expected


@given(recordings(), st.lists(st.integers(START - 1_000, START + 400_000), min_size=2))
def test_the_replay_never_runs_backwards(segments: list[Segment], moments: list[int]) -> None:
    clock = ReplayClock(segments)
    positions = [clock.position(at) for at in sorted(moments)]
    assert positions == sorted(positions)


@given(recordings())
def test_parts_keep_every_segment_in_order(segments: list[Segment]) -> None:
    assert [s for part in parts_of(segments) for s in part.segments] == segments
