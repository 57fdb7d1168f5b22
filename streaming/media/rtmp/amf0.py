"""AMF0 (Adobe Action Message Format 0): the values inside RTMP commands and metadata."""

import struct
from typing import TypeAlias

Value: TypeAlias = "float | int | bool | str | dict[str, Value] | list[Value] | None"

_MAX_DEPTH = 16
_OBJECT_END = 9


def decode(data: bytes) -> list[Value]:
    """All values in `data`. Raises ValueError for anything else, also for AMF3 behind its marker."""
    values: list[Value] = []
    at = 0
    try:
        while at < len(data):
            value, at = _value(data, at, 0)
            values.append(value)
    except (IndexError, struct.error) as broken:
        raise ValueError("AMF0 value is cut short") from broken
    return values


def encode(*values: Value) -> bytes:
    """The values one after the other. Dicts become objects, lists strict arrays."""
    out = bytearray()
    for value in values:
        _write(out, value)
    return bytes(out)


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    if depth > _MAX_DEPTH:
        raise ValueError("AMF0 value is nested too deep")
    marker = data[at]
    at += 1
    match marker:
        case 0:
            return struct.unpack_from(">d", data, at)[0], at + 8
        case 1:
            return data[at] != 0, at + 1
        case 2:
            return _string(data, at, 2)
        case 3:
            return _object(data, at, depth)
        case 5 | 6:
            return None, at
        case 8:
            return _object(data, at + 4, depth)
        case 10:
            return _array(data, at, depth)
        case 11:
            return struct.unpack_from(">d", data, at)[0], at + 10
        case 12:
            return _string(data, at, 4)
    raise ValueError(f"AMF0 marker 0x{marker:02x} is not known")


def _string(data: bytes, at: int, width: int) -> tuple[str, int]:
    start = at + width
    end = start + int.from_bytes(data[at:start], "big")
    if end > len(data):
        raise ValueError("AMF0 string is cut short")
    return data[start:end].decode("utf-8", "replace"), end


def _object(data: bytes, at: int, depth: int) -> tuple[dict[str, Value], int]:
    fields: dict[str, Value] = {}
    while True:
        name, at = _string(data, at, 2)
        if not name and data[at] == _OBJECT_END:
            return fields, at + 1
        fields[name], at = _value(data, at, depth + 1)


def _array(data: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    (count,) = struct.unpack_from(">I", data, at)
    at += 4
    items: list[Value] = []
    for _ in range(count):
        item, at = _value(data, at, depth + 1)
        items.append(item)
    return items, at


def _write(out: bytearray, value: Value) -> None:
    match value:
        case None:
            out.append(5)
        case bool():
            out += bytes([1, value])
        case int() | float():
            out += b"\x00" + struct.pack(">d", value)
        case str():
            text = value.encode()
            wide = len(text) > 0xFFFF
            out += b"\x0c" if wide else b"\x02"
            out += len(text).to_bytes(4 if wide else 2, "big") + text
        case dict():
            out.append(3)
            for name, item in value.items():
                key = name.encode()
                out += struct.pack(">H", len(key)) + key
                _write(out, item)
            out += b"\0\0\x09"
        case list():
            out += b"\x0a" + struct.pack(">I", len(value))
            for item in value:
                _write(out, item)
