import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.rtmp import amf0

values: st.SearchStrategy[amf0.Value] = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=20), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.lists(values, max_size=5))
def test_what_is_encoded_is_decoded(given_values: list[amf0.Value]) -> None:
    assert amf0.decode(amf0.encode(*given_values)) == given_values


@given(st.binary(max_size=200))
def test_any_bytes_give_values_or_a_value_error(data: bytes) -> None:
    try:
        amf0.decode(data)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x00\x40\x59\x00\x00\x00\x00\x00\x00", [100.0]),
        (b"\x08\x00\x00\x00\x01\x00\x01a\x01\x01\x00\x00\x09", [{"a": True}]),
        (b"\x0a\x00\x00\x00\x02\x05\x06", [[None, None]]),
        (b"\x0b" + bytes(10), [0.0]),
        (b"\x0c\x00\x00\x00\x02hi", ["hi"]),
    ],
)
def test_what_encoders_send(data: bytes, expected: list[amf0.Value]) -> None:
    assert amf0.decode(data) == expected


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x11\x04\x01", "marker 0x11"),
        (b"\x02\x00\x09short", "cut short"),
        (b"\x00\x00", "cut short"),
        (b"\x03\x00\x01a" * 40, "nested too deep"),
        (b"\x0a\xff\xff\xff\xff", "cut short"),
    ],
)
def test_what_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        amf0.decode(data)


def test_a_nan_stays_one() -> None:
    [value] = amf0.decode(amf0.encode(math.nan))
    assert isinstance(value, float)
    assert math.isnan(value)
