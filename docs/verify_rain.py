"""Checks the proof of a red-envelope rain: python verify_rain.py proof.json (or - for standard input).

Needs nothing but Python. The method is told in fairness.md; this is written from that page alone.
Prints one line for each check and ends with 0 if all hold, 1 if one does not.
"""

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path


def split(total, packets, seed):
    """Compute what each packet is worth."""
    places = {}
    cuts = []
    counter = 0
    for first in range(packets - 1):
        left = total - 1 - first
        while True:
            block = hashlib.sha256(bytes.fromhex(seed) + counter.to_bytes(8, "big")).digest()
            number = int.from_bytes(block[:8], "big")
            counter += 1
            if number < 2**64 - 2**64 % left:
                break
        drawn = first + number % left
        cuts.append(places.get(drawn, drawn) + 1)
        places[drawn] = places.get(first, first)
    edges = [0, *sorted(cuts), total]
    return [edges[n + 1] - edges[n] for n in range(packets)]


def checks(proof):
    """Give each check as (what it says, whether it holds)."""
    rain, seed, grabs = proof["rain"], proof["seed"], proof["grabs"]
    yield "the method is known", proof["method"] == "kaibo-rain-1"
    yield "the seed is revealed", bool(seed)
    if not seed:
        return
    promise = f"kaibo-rain-1:{rain['envelope']}:{rain['total']}:{rain['packets']}:{seed}"
    yield (
        "the seed is the one that was promised before",
        hashlib.sha256(promise.encode()).hexdigest() == rain["commitment"],
    )
    amounts = split(rain["total"], rain["packets"], seed)
    yield "the packets are worth what the seed says", amounts == proof["slots"]
    yield "the packets add up to the envelope", sum(amounts) == rain["total"]
    yield (
        "packets were given out one after the other, in the order of the log",
        [grab["slot"] for grab in grabs] == list(range(len(grabs)))
        and all(one["seq"] < next_one["seq"] for one, next_one in pairwise(grabs)),
    )
    yield "everybody got what the packet is worth", [g["amount"] for g in grabs] == amounts[: len(grabs)]
    yield "nobody has two", len({grab["who"] for grab in grabs}) == len(grabs)
    yield (
        "nobody grabbed before the start or after the end",
        all(rain["starts_at"] <= grab["at"] < rain["ends_at"] for grab in grabs),
    )
    paid = sum(grab["amount"] for grab in grabs)
    yield (
        "what was paid and what went back is the envelope",
        (len(grabs), paid, rain["total"] - paid) == (rain["grabbed"], rain["paid"], rain["returned"]),
    )


def main(path):
    """Check the proof in a file."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    held = True
    for says, holds in checks(json.loads(text)):
        print("ok    " if holds else "FAILED", says)
        held = held and holds
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
