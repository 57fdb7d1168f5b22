"""The initialisation segment: what a player needs before the first fragment (ISO/IEC 14496-12, -14, -15)."""

import struct

from streaming.media.codecs.aac import AacConfig
from streaming.media.codecs.h264 import AvcConfig
from streaming.media.fmp4.boxes import UNITY_MATRIX, box, full_box

VIDEO_TRACK, AUDIO_TRACK = 1, 2
VIDEO_CLOCK = 90_000
_UNDETERMINED = 0x55C4  # ISO 639-2 "und", packed


def init_segment(video: AvcConfig, audio: AacConfig | None) -> bytes:
    """`ftyp` and `moov` of an H.264 track at 90 kHz and, if given, an AAC track at its sample rate."""
    tracks = _video_track(video)
    defaults = _track_extends(VIDEO_TRACK)
    if audio is not None:
        tracks += _audio_track(audio)
        defaults += _track_extends(AUDIO_TRACK)
    movie_header = full_box(
        b"mvhd",
        0,
        0,
        struct.pack(">IIIIIH10x", 0, 0, 1000, 0, 0x10000, 0x100),
        UNITY_MATRIX,
        bytes(24),
        struct.pack(">I", AUDIO_TRACK + 1),
    )
    return box(b"ftyp", b"iso6\0\0\0\0iso6mp41") + box(b"moov", movie_header, tracks, box(b"mvex", defaults))


def _track_extends(track: int) -> bytes:
    return full_box(b"trex", 0, 0, struct.pack(">5I", track, 1, 0, 0, 0))


def _video_track(config: AvcConfig) -> bytes:
    entry = box(
        b"avc1",
        bytes(6) + b"\0\x01" + bytes(16),
        struct.pack(">HHIIIH", config.width, config.height, 0x480000, 0x480000, 0, 1),
        bytes(32),
        struct.pack(">Hh", 24, -1),
        box(b"avcC", config.record),
    )
    media_header = full_box(b"vmhd", 0, 1, bytes(8))
    size = struct.pack(">II", config.width << 16, config.height << 16)
    return _track(VIDEO_TRACK, VIDEO_CLOCK, b"vide", size, media_header, entry)


def _audio_track(config: AacConfig) -> bytes:
    entry = box(
        b"mp4a",
        bytes(6) + b"\0\x01" + bytes(8),
        struct.pack(">HHHHI", config.channels, 16, 0, 0, config.rate << 16 & 0xFFFFFFFF),
        _elementary_stream(config.record),
    )
    return _track(AUDIO_TRACK, config.rate, b"soun", bytes(8), full_box(b"smhd", 0, 0, bytes(4)), entry)


def _track(track: int, clock: int, handler: bytes, size: bytes, media_header: bytes, entry: bytes) -> bytes:
    volume = 0x100 if handler == b"soun" else 0
    samples = box(
        b"stbl",
        full_box(b"stsd", 0, 0, struct.pack(">I", 1), entry),
        full_box(b"stts", 0, 0, bytes(4)),
        full_box(b"stsc", 0, 0, bytes(4)),
        full_box(b"stsz", 0, 0, bytes(8)),
        full_box(b"stco", 0, 0, bytes(4)),
    )
    data_reference = full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    media = box(
        b"mdia",
        full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, clock, 0, _UNDETERMINED, 0)),
        full_box(b"hdlr", 0, 0, bytes(4), handler, bytes(12), b"Kaibo\0"),
        box(b"minf", media_header, box(b"dinf", data_reference), samples),
    )
    header = full_box(
        b"tkhd", 0, 3, struct.pack(">5I8xhhhh", 0, 0, track, 0, 0, 0, 0, volume, 0), UNITY_MATRIX, size
    )
    return box(b"trak", header, media)


def _elementary_stream(audio_config: bytes) -> bytes:
    """The `esds` box (ISO/IEC 14496-1 §7.2.6): MPEG-4 audio with its AudioSpecificConfig."""
    decoder = _descriptor(
        4, b"\x40\x15\0\0\0" + struct.pack(">II", 128_000, 128_000) + _descriptor(5, audio_config)
    )
    return full_box(b"esds", 0, 0, _descriptor(3, b"\0\x02\0" + decoder + _descriptor(6, b"\x02")))


def _descriptor(tag: int, body: bytes) -> bytes:
    return bytes([tag, 0x80, 0x80, 0x80, len(body)]) + body
