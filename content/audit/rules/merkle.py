"""Merkle trees as in RFC 6962 §2.1: leaves and nodes are hashed apart, so neither passes for the other.

A large tree is kept in subtrees of `SPAN` leaves. `SPAN` is a power of two, so they are whole subtrees of the
large tree, and its head is the head over their heads.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

SPAN = 1024
EMPTY = hashlib.sha256().digest()


def canonical(value: Any) -> bytes:
    """Write a value as JSON in one way only: keys sorted, no blanks, UTF-8."""
    return msgspec.json.encode(value, order="sorted")


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def head(hashes: Sequence[bytes]) -> bytes:
    """Give the head of a tree of leaf hashes, or of heads of whole subtrees."""
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(*level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1 :]
    return level[0]


def path(hashes: Sequence[bytes], place: int) -> list[bytes]:
    """Give the hashes that lead from the leaf at `place` to the head (RFC 6962 §2.1.1)."""
    found = []
    level, at = list(hashes), place
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            found.append(level[beside])
        pairs = [node_hash(*level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        level, at = pairs + level[len(level) & ~1 :], at // 2
    return found


def climb(leaf: bytes, place: int, size: int, hashes: Sequence[bytes]) -> bytes | None:
    """Give the head that a leaf hash and its path lead to (RFC 9162 §2.1.3.2); None: it does not fit."""
    if place >= size:
        return None
    at, last, reached = place, size - 1, leaf
    for beside in hashes:
        if last == 0:
            return None
        if at & 1 or at == last:
            reached = node_hash(beside, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, beside)
        at, last = at >> 1, last >> 1
    return reached if last == 0 else None


def chained(previous: str, root: str) -> str:
    """Tie an hour to the one before."""
    return hashlib.sha256(f"{previous}:{root}".encode()).hexdigest()
