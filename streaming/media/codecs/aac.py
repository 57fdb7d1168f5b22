"""AAC configuration (ISO/IEC 14496-3 §1.6.2.1, AudioSpecificConfig)."""

from typing import NamedTuple

from streaming.media.codecs.bits import BitReader

_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_AAC_LC = 2
_WITH_SBR = (5, 29)


class AacConfig(NamedTuple):
    """A publisher's AAC configuration: the record as sent, and what we read from it."""

    record: bytes
    rate: int
    channels: int
    frame_samples: int


def parse_config(record: bytes) -> AacConfig:
    """Read an AudioSpecificConfig. `rate` is the core coder's, the clock of its frames. Raises ValueError."""
    read = BitReader(record)
    kind = _object_type(read)
    rate = _rate(read)
    channels = read.bits(4)
    if kind in _WITH_SBR:
        _rate(read)
        _object_type(read)
    if not 0 < rate <= 96000:
        raise ValueError(f"expected an AAC sample rate of at most 96000 Hz, got {rate}")
    if not 1 <= channels <= 7:
        raise ValueError(f"expected 1 to 7 AAC channel configurations, got {channels}")
    return AacConfig(record, rate, channels, 960 if read.flag() else 1024)


def build_config(rate: int, channels: int) -> AacConfig:
    """AAC-LC as our own encoder makes it."""
    bits = _AAC_LC << 11 | _RATES.index(rate) << 7 | channels << 3
    return AacConfig(bits.to_bytes(2, "big"), rate, channels, 1024)


def _object_type(read: BitReader) -> int:
    kind = read.bits(5)
    return 32 + read.bits(6) if kind == 31 else kind


def _rate(read: BitReader) -> int:
    index = read.bits(4)
    if index == 15:
        return read.bits(24)
    if index >= len(_RATES):
        raise ValueError(f"AAC sample rate index {index} is reserved")
    return _RATES[index]
