"""The split of a rain's credit, fixed by a seed, and the commitment to that seed.

The whole method is in `docs/fairness.md`; `docs/verify_rain.py` is a second, independent writing of it.
"""

import hashlib
from collections.abc import Iterator
from itertools import pairwise

SEED_BYTES = 32


def commitment(envelope: str, total: int, packets: int, seed: str) -> str:
    """Hash the seed (hex) together with what it is for (SHA-256, hex)."""
    return hashlib.sha256(f"kaibo-rain-1:{envelope}:{total}:{packets}:{seed}".encode()).hexdigest()


def split(total: int, packets: int, seed: str) -> tuple[int, ...]:
    """Split `total` minor units into packets of at least 1 that add up exactly.

    Cuts the line of units at `packets - 1` different places, each set of places as likely as any
    other: the first draws of a Fisher-Yates shuffle of the places, without writing them all down.
    """
    if not 1 <= packets <= total:
        raise ValueError(f"expected 1 <= packets <= total, got {packets} packets, total {total}")
    numbers = _numbers(seed)
    moved: dict[int, int] = {}
    cuts = []
    for first in range(packets - 1):
        drawn = first + _below(total - 1 - first, numbers)
        cuts.append(moved.get(drawn, drawn) + 1)
        moved[drawn] = moved.get(first, first)
    edges = [0, *sorted(cuts), total]
    return tuple(right - left for left, right in pairwise(edges))


def _numbers(seed: str) -> Iterator[int]:
    """Give 64-bit numbers: the first eight bytes of SHA-256 over seed and counter."""
    start = hashlib.sha256(bytes.fromhex(seed))
    counter = 0
    while True:
        block = start.copy()
        block.update(counter.to_bytes(8, "big"))
        yield int.from_bytes(block.digest()[:8], "big")
        counter += 1


def _below(bound: int, numbers: Iterator[int]) -> int:
    """Draw a number below `bound`, all equally likely: what would favour small ones is drawn again."""
    fair = (1 << 64) - (1 << 64) % bound
    return next(number for number in numbers if number < fair) % bound
