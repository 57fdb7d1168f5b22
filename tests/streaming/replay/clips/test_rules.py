from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.jobs import Mark
from streaming.replay.clips.rules import (
    MIN_CLIP_MS,
    PATIENCE_MS,
    PRE_ROLL_MS,
    Cover,
    cover,
    explanation_of,
    explanations,
    length_ms,
    pieces,
)
from tests.streaming.replay.recorded import START, mark, run, segment

S = 1_000


def test_two_products_give_two_explanations() -> None:
    marks = [mark("a", START, START + 9 * S), mark("b", START + 9 * S, START + 20 * S, product="prd_2")]
    assert [(one.product, one.marks) for one in explanations(marks)] == [
        ("prd_1", ("mrk_a",)),
        ("prd_2", ("mrk_b",)),
    ]


def test_touching_marks_of_one_product_merge() -> None:
    marks = [mark("b", START + 5 * S, START + 10 * S), mark("a", START, START + 5 * S)]
    (one,) = explanations(marks)
    assert (one.marks, one.from_at, one.to_at) == (("mrk_a", "mrk_b"), START, START + 10 * S)
    assert not one.too_short
    assert explanation_of(marks, "mrk_b") == one
    assert explanation_of(marks, "mrk_c") is None


def test_marks_whose_clips_would_overlap_by_the_pre_roll_merge() -> None:
    close = [mark("a", START, START + 9 * S), mark("b", START + 9 * S + PRE_ROLL_MS, START + 30 * S)]
    apart = [mark("a", START, START + 9 * S), mark("b", START + 9 * S + PRE_ROLL_MS + 1, START + 30 * S)]
    assert len(explanations(close)) == 1
    assert len(explanations(apart)) == 2


def test_a_mark_inside_another_does_not_shorten_it() -> None:
    marks = [mark("a", START, START + 30 * S), mark("b", START + 5 * S, START + 10 * S)]
    (one,) = explanations(marks)
    assert one.to_at == START + 30 * S


def test_under_eight_seconds_is_no_clip() -> None:
    (short,) = explanations([mark("a", START, START + MIN_CLIP_MS - 1)])
    (enough,) = explanations([mark("a", START, START + MIN_CLIP_MS)])
    assert short.too_short
    assert not enough.too_short


def test_a_clip_begins_inside_a_segment_two_seconds_before_the_pin() -> None:
    (one,) = explanations([mark("a", START + 5 * S, START + 15 * S)])
    (piece,) = pieces(run(10), one.opening_at, one.to_at)
    assert [s.seq for s in piece.part.segments] == [1, 2, 3, 4, 5, 6, 7]
    assert (piece.skip_ms, piece.duration_ms) == (1 * S, 12 * S)


def test_the_pre_roll_stops_at_the_start_of_the_recording() -> None:
    (one,) = explanations([mark("a", START + 500, START + 10 * S)])
    (piece,) = pieces(run(10), one.opening_at, one.to_at)
    assert (piece.skip_ms, piece.duration_ms) == (0, 10 * S)


def test_a_clip_across_a_reconnect_is_joined() -> None:
    segments = [*run(5), *run(5, START + 40 * S, first_seq=5, broken=True)]
    before, after = pieces(segments, START + 3 * S, START + 45 * S)
    assert (before.part.start_at, before.skip_ms, before.duration_ms) == (START + 2 * S, 1 * S, 7 * S)
    assert (after.part.start_at, after.skip_ms, after.duration_ms) == (START + 40 * S, 0, 5 * S)


def test_across_another_codec_configuration_the_longer_run_is_the_clip() -> None:
    segments = [*run(3), *run(5, START + 6 * S, first_seq=3, init="init-1.mp4", broken=True)]
    (piece,) = pieces(segments, START + 2 * S, START + 15 * S)
    assert (piece.part.config, piece.duration_ms) == (("rec_1", "init-1.mp4"), 9 * S)


def test_steps_of_the_wall_clock_do_not_shift_the_pictures() -> None:
    """The recorder learns a publisher's delay: its clock steps back while the picture goes on."""
    stepped = [segment(0, START), segment(1, START + 1_600), segment(2, START + 3_600)]
    (piece,) = pieces(stepped, START + 500, START + 4 * S)
    assert (piece.skip_ms, piece.duration_ms) == (500, 3_900)


def test_nothing_recorded_gives_no_pieces() -> None:
    assert pieces(run(3), START + 60 * S, START + 90 * S) == []
    assert pieces([], START, START + 90 * S) == []


def test_cover_waits_for_the_open_segment_and_no_longer() -> None:
    unpinned = START + 3 * S
    assert cover(segment(0, START), unpinned, now=unpinned, finished=False) is Cover.COMING
    assert cover(None, unpinned, now=unpinned, finished=False) is Cover.COMING
    assert cover(segment(1, START + 2 * S), unpinned, now=unpinned + S, finished=False) is Cover.WHOLE


def test_cover_takes_what_is_there_when_the_rest_will_not_come() -> None:
    unpinned = START + 3 * S
    assert cover(segment(0, START), unpinned, now=unpinned, finished=True) is Cover.PARTIAL
    stalled = unpinned + PATIENCE_MS + 1
    assert cover(segment(0, START), unpinned, now=stalled, finished=False) is Cover.PARTIAL


@st.composite
def some_marks(draw: st.DrawFn) -> list[Mark]:
    found = []
    for n in range(draw(st.integers(0, 12))):
        start = START + draw(st.integers(0, 120 * S))
        length = draw(st.integers(0, 40 * S))
        found.append(mark(str(n), start, start + length, product=draw(st.sampled_from(["prd_1", "prd_2"]))))
    return found


@given(some_marks())
def test_every_mark_lies_in_exactly_one_explanation_of_its_product(marks: list[Mark]) -> None:
    found = explanations(marks)
    assert sorted(m for one in found for m in one.marks) == sorted(m.id for m in marks)
    for m in marks:
        one = explanation_of(marks, m.id)
        assert one is not None and one.product == m.product
        assert one.from_at <= m.from_at and m.to_at <= one.to_at


@given(some_marks(), st.randoms(use_true_random=False))
def test_explanations_do_not_depend_on_the_order_of_marks(marks: list[Mark], random: object) -> None:
    shuffled = list(marks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert explanations(shuffled) == explanations(marks)


@given(some_marks())
def test_clips_of_one_product_never_overlap(marks: list[Mark]) -> None:
    for product in ("prd_1", "prd_2"):
        own = [one for one in explanations(marks) if one.product == product]
        assert all(before.to_at < after.opening_at for before, after in pairwise(own))


@given(st.integers(1, 15), st.integers(0, 90 * S), st.integers(0, 90 * S), st.integers(0, 60 * S))
def test_pieces_show_what_was_recorded_of_the_span_and_nothing_else(
    count: int, from_ms: int, length: int, gap: int
) -> None:
    first = run(count)
    segments = [*first, *run(count, first[-1].end_at + gap, first_seq=count, broken=True)]
    from_at, to_at = START + from_ms, START + from_ms + length
    found = pieces(segments, from_at, to_at)
    recorded = sum(max(0, min(s.end_at, to_at) - max(s.start_at, from_at)) for s in segments)
    assert length_ms(found) == recorded
    assert all(piece.skip_ms == 0 for piece in found[1:])
