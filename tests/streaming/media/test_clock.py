from hypothesis import given
from hypothesis import strategies as st

from streaming.media.clock import Timeline, WallClock


def test_a_publisher_that_starts_anywhere_starts_at_zero() -> None:
    line = Timeline()

    assert [line.place(at) for at in (16_779_000, 16_779_033)] == [(0, False), (33, False)]


def test_the_next_publisher_follows_what_was_sent() -> None:
    line = Timeline()
    line.place(5000)
    line.place(5100)
    line.rebase()

    assert [line.place(at) for at in (0, 33)] == [(140, False), (173, False)]


def test_time_goes_on_when_32_bits_wrap() -> None:
    line = Timeline()

    placed = [line.place(at) for at in ((1 << 32) - 40, (1 << 32) - 7, 26)]

    assert placed == [(0, False), (33, False), (66, False)]


def test_a_jump_is_told_and_closed() -> None:
    line = Timeline()
    line.place(1000)

    assert [line.place(at) for at in (901_000, 901_033, 0)] == [(40, True), (73, False), (113, True)]


@given(st.lists(st.integers(0, 0xFFFFFFFF), max_size=30), st.sets(st.integers(0, 30)))
def test_time_never_leaps_whatever_a_publisher_sends(times: list[int], reconnects: set[int]) -> None:
    line, end = Timeline(), 0
    for index, time in enumerate(times):
        if index in reconnects:
            line.rebase()
        at, _ = line.place(time)
        assert at >= 0
        assert at <= end + 10_000
        end = max(end, at)


def test_the_least_late_packet_tells_the_time() -> None:
    clock = WallClock()

    assert clock.observe(0, 1_000_300) == 1_000_300
    assert clock.observe(33, 1_000_110) == 1_000_110
    assert clock.observe(66, 1_000_900) == 1_000_143


def test_a_slow_publisher_s_clock_is_followed_after_a_while() -> None:
    clock = WallClock()
    for at in range(0, 60_000, 40):
        last = clock.observe(at, 1_000_000 + at + at // 50)  # 2 % slow

    assert abs(last - (1_000_000 + 59_960 + 59_960 // 50)) <= 700


def test_another_publisher_has_another_delay() -> None:
    clock = WallClock()
    clock.observe(0, 1_000_000)
    clock.reset()

    assert clock.observe(40, 1_060_000) == 1_060_000
