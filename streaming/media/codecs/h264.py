"""H.264 as it travels: NAL units in Annex B (WebRTC) or length-prefixed (FLV, MP4), and their configuration.

Sources: ITU-T H.264 §7.3.2.1 (SPS), Annex B; ISO/IEC 14496-15 §5.3.3 (AVCDecoderConfigurationRecord).
"""

import struct
from enum import IntEnum
from typing import NamedTuple

from streaming.media.codecs.bits import BitReader


class NalType(IntEnum):
    """The NAL unit types the pipeline looks at."""

    SLICE = 1
    IDR = 5
    SEI = 6
    SPS = 7
    PPS = 8
    DELIMITER = 9


class AvcConfig(NamedTuple):
    """A publisher's H.264 configuration: the record as sent, and what we read from it."""

    record: bytes
    width: int
    height: int


# Profiles whose SPS carries chroma format and scaling lists (H.264 §7.3.2.1.1).
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_MAX_SIDE = 8192


def nal_type(nal: bytes) -> int:
    """The NAL unit type, 0 for an empty unit."""
    return nal[0] & 0x1F if nal else 0


def split_annexb(access_unit: bytes) -> list[bytes]:
    """The NAL units of an Annex B access unit, start codes and trailing zeros removed."""
    nals = []
    start = access_unit.find(b"\0\0\1")
    while start >= 0:
        end = access_unit.find(b"\0\0\1", start + 3)
        nal = access_unit[start + 3 : end if end >= 0 else len(access_unit)].rstrip(b"\0")
        if nal:
            nals.append(nal)
        start = end
    return nals


def length_prefixed(nals: list[bytes]) -> bytes:
    """NAL units as FLV and MP4 carry them: each after its 4-byte length."""
    return b"".join(struct.pack(">I", len(nal)) + nal for nal in nals)


def build_config(sps: bytes, pps: bytes) -> AvcConfig:
    """The configuration of a publisher that sends its parameter sets in band (WebRTC).

    Raises ValueError if the SPS can't be read.
    """
    width, height = sps_size(sps)
    record = (
        bytes([1, sps[1], sps[2], sps[3], 0xFF, 0xE1])
        + struct.pack(">H", len(sps))
        + sps
        + b"\x01"
        + struct.pack(">H", len(pps))
        + pps
    )
    if sps[1] in _HIGH_PROFILES:
        record += bytes([0xFC | 1, 0xF8, 0xF8, 0])  # 4:2:0, 8 bits, no SPS extensions
    return AvcConfig(record, width, height)


def parse_config(record: bytes) -> AvcConfig:
    """Read an AVCDecoderConfigurationRecord. Raises ValueError with what was wrong."""
    if len(record) < 8 or record[0] != 1:
        raise ValueError("expected an AVC configuration record of version 1")
    if record[4] & 3 != 3:
        raise ValueError(f"expected 4-byte NAL lengths, got {(record[4] & 3) + 1}")
    if not record[5] & 0x1F:
        raise ValueError("AVC configuration has no SPS")
    (size,) = struct.unpack_from(">H", record, 6)
    sps = record[8 : 8 + size]
    if len(sps) != size:
        raise ValueError("AVC configuration is cut short")
    width, height = sps_size(sps)
    return AvcConfig(record, width, height)


def sps_size(sps: bytes) -> tuple[int, int]:
    """Width and height of the shown picture, from a sequence parameter set with its NAL header byte."""
    if len(sps) < 4 or nal_type(sps) != NalType.SPS:
        raise ValueError("expected an SPS")
    read = BitReader(_unescape(sps[1:]))
    profile = read.bits(8)
    read.bits(16)  # constraint flags, level
    read.unsigned()  # seq_parameter_set_id
    chroma, separate_planes = 1, False
    if profile in _HIGH_PROFILES:
        chroma = read.unsigned()
        separate_planes = chroma == 3 and read.flag()
        read.unsigned()  # bit_depth_luma_minus8
        read.unsigned()  # bit_depth_chroma_minus8
        read.flag()  # qpprime_y_zero_transform_bypass_flag
        if read.flag():
            _skip_scaling_lists(read, 12 if chroma == 3 else 8)
    read.unsigned()  # log2_max_frame_num_minus4
    _skip_picture_order(read)
    read.unsigned()  # max_num_ref_frames
    read.flag()  # gaps_in_frame_num_value_allowed_flag
    columns = read.unsigned() + 1
    rows = read.unsigned() + 1
    frames_only = read.flag()
    if not frames_only:
        read.flag()  # mb_adaptive_frame_field_flag
    read.flag()  # direct_8x8_inference_flag
    left = right = top = bottom = 0
    if read.flag():
        left, right, top, bottom = (read.unsigned() for _ in range(4))
    fields = 1 if frames_only else 2
    unit_x = 1 if chroma in (0, 3) or separate_planes else 2
    unit_y = (2 if chroma == 1 and not separate_planes else 1) * fields
    width = columns * 16 - (left + right) * unit_x
    height = rows * 16 * fields - (top + bottom) * unit_y
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise ValueError(f"expected a picture of at most {_MAX_SIDE} pixels a side, got {width}x{height}")
    return width, height


def _unescape(payload: bytes) -> bytes:
    """RBSP of a NAL unit: emulation prevention bytes removed (H.264 §7.4.1)."""
    return payload.replace(b"\0\0\3", b"\0\0")


def _skip_scaling_lists(read: BitReader, lists: int) -> None:
    for index in range(lists):
        if not read.flag():
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + read.signed()) & 0xFF
            last = following or last


def _skip_picture_order(read: BitReader) -> None:
    kind = read.unsigned()
    if kind == 0:
        read.unsigned()
    elif kind == 1:
        read.flag()
        read.signed()
        read.signed()
        for _ in range(min(read.unsigned(), 255)):
            read.signed()
