import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.codecs import aac


@pytest.mark.parametrize(
    ("record", "rate", "channels"),
    [
        ("1210", 44100, 2),
        ("1190", 48000, 2),
        ("1208", 44100, 1),
        ("2b920800", 22050, 2),  # HE-AAC: core at half the rate
        ("131056e598", 24000, 2),  # LC with an SBR extension behind
    ],
)
def test_what_encoders_send(record: str, rate: int, channels: int) -> None:
    config = aac.parse_config(bytes.fromhex(record))

    assert (config.rate, config.channels, config.frame_samples) == (rate, channels, 1024)


def test_our_own_configuration_reads_the_same() -> None:
    assert aac.parse_config(aac.build_config(48000, 2).record) == aac.build_config(48000, 2)


@given(st.binary(max_size=10))
def test_any_bytes_are_a_configuration_or_a_value_error(data: bytes) -> None:
    try:
        config = aac.parse_config(data)
    except ValueError:
        return
    assert 0 < config.rate <= 96000
    assert 1 <= config.channels <= 7
