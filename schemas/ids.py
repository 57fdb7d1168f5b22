"""Identifiers: a prefix that names the noun and 26 characters that sort by time of creation."""

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32, lower case
_RANDOM_BITS = 80


def new_id(prefix: str) -> str:
    """Make an identifier such as `prg_01jd3…`: 48 bits of milliseconds, then 80 random bits (ULID)."""
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | int.from_bytes(os.urandom(10), "big")
    return f"{prefix}_{''.join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))}"


def id_time_ms(identifier: str) -> int:
    """Read the time of creation (epoch ms) out of an identifier made by `new_id`."""
    number = 0
    for character in identifier.rpartition("_")[2]:
        number = number << 5 | _ALPHABET.index(character)
    return number >> _RANDOM_BITS
