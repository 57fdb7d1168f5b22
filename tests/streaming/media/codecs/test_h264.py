import subprocess
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.codecs import h264


@pytest.mark.parametrize("size", ["640x360", "1280x720", "1080x1920", "322x182"])
@pytest.mark.parametrize("profile", ["baseline", "high", "high422"])
def test_the_size_in_the_sps_is_the_one_that_was_encoded(
    ffmpeg: str, tmp_path: Path, size: str, profile: str
) -> None:
    path = tmp_path / "x.mp4"
    pixels = "yuv422p" if profile == "high422" else "yuv420p"
    source = f"color=size={size}:rate=5:duration=0.4"
    command = [ffmpeg, "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", pixels, "-profile:v", profile]
    subprocess.run([*command, "-preset", "ultrafast", str(path)], check=True, timeout=30)
    with av.open(str(path)) as container:
        record = container.streams.video[0].codec_context.extradata
    assert record is not None

    config = h264.parse_config(record)

    assert f"{config.width}x{config.height}" == size
    assert config.record == record


SPS = bytes.fromhex("6742c01edb0280bfe5c044000003000400000300f03c58ba80")
PPS = bytes.fromhex("68ca8cb2")


def test_parameter_sets_in_band_make_a_record_that_reads_the_same() -> None:
    built = h264.build_config(SPS, PPS)

    assert h264.parse_config(built.record) == built
    assert (built.width, built.height) == (640, 360)


def test_access_units_are_split_and_length_prefixed() -> None:
    access_unit = b"\0\0\0\x01" + SPS + b"\0\0\x01" + PPS + b"\0\0\0\x01\x65abc\0\0\0"

    nals = h264.split_annexb(access_unit)

    assert nals == [SPS, PPS, b"\x65abc"]
    assert [h264.nal_type(nal) for nal in nals] == [7, 8, 5]
    assert h264.length_prefixed([b"\x65abc"]) == b"\0\0\0\x04\x65abc"


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (b"", "version 1"),
        (b"\x01\x42\xc0\x1e\xfc\xe1\0\0", "4-byte NAL lengths, got 1"),
        (b"\x01\x42\xc0\x1e\xff\xe0\0\0", "no SPS"),
        (b"\x01\x42\xc0\x1e\xff\xe1\0\x40" + SPS, "cut short"),
        (b"\x01\x42\xc0\x1e\xff\xe1\0\x04" + b"\x68abc", "expected an SPS"),
    ],
)
def test_what_is_refused(record: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        h264.parse_config(record)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_picture_size_or_a_value_error(data: bytes) -> None:
    try:
        width, height = h264.sps_size(b"\x67" + data)
    except ValueError:
        return
    assert 0 < width <= 8192
    assert 0 < height <= 8192


def test_emulation_prevention_bytes_are_no_part_of_the_numbers() -> None:
    def unsigned(value: int) -> str:
        code = f"{value + 1:b}"
        return "0" * (len(code) - 1) + code

    # Level 0 and a parameter set id of 127 put three zero bytes where a 03 has to be inserted.
    numbers = [127, 0, 2, 1], [39, 21]
    bits = "".join(map(unsigned, numbers[0])) + "0" + "".join(map(unsigned, numbers[1])) + "110" + "1"
    payload = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    assert payload[0] <= 3

    assert h264.sps_size(b"\x67\x42\0\0\x03" + payload) == (640, 352)
