"""Identifiers: a prefix that names the noun and 26 characters that sort by time of creation."""

import os
import re
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32, lower case
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)
_RANDOM_BITS = 80
_FORM = re.compile(rf"[a-z]{{2,4}}_[{_ALPHABET}]{{26}}")


def new_id(prefix: str, at_ms: int = 0) -> str:
    """Make an identifier such as `prg_01jd3…`: 48 bits of milliseconds (0: now), 80 random bits (ULID)."""
    random = int.from_bytes(os.urandom(10), "big")
    return _spell(prefix, (at_ms or time.time_ns() // 1_000_000) << _RANDOM_BITS | random)


def first_id(prefix: str, at_ms: int) -> str:
    """Give the identifier that sorts after all those made before a time (epoch ms)."""
    return _spell(prefix, at_ms << _RANDOM_BITS)


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an identifier."""
    return _FORM.fullmatch(text) is not None


def id_time_ms(identifier: str) -> int:
    """Read the time of creation (epoch ms) out of an identifier made by `new_id`."""
    number = 0
    for character in identifier.rpartition("_")[2]:
        number = number << 5 | _ALPHABET.index(character)
    return number >> _RANDOM_BITS


def _spell(prefix: str, number: int) -> str:
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])}"
