"""Passwords as Argon2id hashes (RFC 9106, its second recommended set), off the event loop.

One hash costs some 40 ms of a core and 64 MiB, so at most two are made at a time.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hash_password(password: str) -> str:
    """Hash a password with a salt of its own."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the stored one (empty: there is none); takes as long in any case."""
    same = await asyncio.get_running_loop().run_in_executor(_threads, _verify, stored, password)
    return same and bool(stored)


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    """Give what is checked for unknown logins, so that they answer as slowly as known ones."""
    return _hasher.hash("nobody has this password")


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
