from streaming.media.flv import Kind, Role
from streaming.media.pulse import WINDOW_MS, Pulse


def show(pulse: Pulse, from_ms: int, to_ms: int, *, every_ms: int = 40, size: int = 5_000) -> None:
    """Pictures of `size` bytes, a key frame every second, and 100 bytes of sound every 20 ms."""
    for at in range(from_ms, to_ms, 20):
        if (at - from_ms) % every_ms == 0:
            pulse.feel(at, Kind.VIDEO, Role.KEY if (at - from_ms) % 1000 == 0 else Role.FRAME, size)
        pulse.feel(at, Kind.AUDIO, Role.FRAME, 100)


def test_a_steady_publisher() -> None:
    pulse = Pulse()
    show(pulse, 10_000, 20_000)
    assert pulse.video_kbps(20_000) == 1000
    assert pulse.audio_kbps(20_000) == 40
    assert pulse.fps(20_000) == 25.0
    assert pulse.key_every_ms() == 1000
    assert pulse.longest_gap_ms(20_000) == 40


def test_the_first_seconds_are_not_averaged_with_nothing() -> None:
    pulse = Pulse()
    show(pulse, 10_000, 12_000)
    assert pulse.fps(12_000) == 25.0
    assert pulse.video_kbps(12_000) == 1000


def test_a_stutter_shows_and_is_forgotten() -> None:
    pulse = Pulse()
    show(pulse, 10_000, 12_000)
    show(pulse, 13_500, 15_000)
    assert pulse.longest_gap_ms(15_000) == 1_540
    show(pulse, 15_000, 20_000)
    assert pulse.longest_gap_ms(20_000) == 40


def test_who_falls_silent_fades_and_its_gap_grows() -> None:
    pulse = Pulse()
    show(pulse, 10_000, 15_000)
    assert pulse.longest_gap_ms(17_000) == 2_040
    assert pulse.fps(17_000) < 16
    assert pulse.fps(15_000 + WINDOW_MS) == 0
    assert pulse.video_kbps(15_000 + WINDOW_MS) == 0


def test_the_next_publisher_begins_anew() -> None:
    pulse = Pulse()
    show(pulse, 10_000, 15_000)
    pulse.reset()
    assert (pulse.fps(15_000), pulse.key_every_ms()) == (0, 0)
    show(pulse, 20_000, 22_000, every_ms=100)
    assert pulse.fps(22_000) == 10.0
