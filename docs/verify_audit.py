#!/usr/bin/env python3
"""Check the audit trail without Kaibo: a proof of one entry, or all entries of an hour.

    python verify_audit.py proof-aud_….json
    python verify_audit.py audit-2026-01-31.jsonl root.json

The first takes what `GET /v1/audit/{entry}/proof` answers. The second takes the exported trail of a business
(JSON lines) and one item of `GET /v1/audit/roots`. Trees are those of RFC 6962, section 2.1. Standard library
only.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def climb(leaf: bytes, place: int, size: int, path: list[bytes]) -> bytes:
    """Go from a leaf hash up its path to the root (RFC 9162, section 2.1.3.2)."""
    at, last, reached = place, size - 1, leaf
    for beside in path:
        if last == 0:
            raise ValueError("the path is too long")
        if at & 1 or at == last:
            reached = node_hash(beside, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return reached


def head(hashes: list[bytes]) -> bytes:
    """Give the root over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(head(hashes[:split]), head(hashes[split:]))


def check_chain(root: dict[str, Any]) -> None:
    """Check that the root is tied to the hour before as it says."""
    tied = hashlib.sha256(f"{root['previous']}:{root['root']}".encode()).hexdigest()
    if tied != root["chain"]:
        raise ValueError("the chain does not follow from the root and the hour before")


def check_proof(proof: dict[str, Any]) -> str:
    """Check a proof; give what it proves."""
    path = [bytes.fromhex(one) for one in proof["path"]]
    root = proof["root"]
    reached = climb(leaf_hash(proof["leaf"].encode()), proof["place"], root["entries"], path)
    if reached.hex() != root["root"]:
        raise ValueError(f"the path leads to {reached.hex()}, not to the root {root['root']}")
    check_chain(root)
    entry = json.loads(proof["leaf"])
    return f"{entry['_id']}: {entry['actor_name']} {entry['action']} {entry['target']}"


def check_hour(lines: list[bytes], root: dict[str, Any]) -> str:
    """Check that the entries of an hour are exactly those under its root."""
    hour = 3_600_000
    of_hour = [line for line in lines if root["hour"] <= json.loads(line)["created_at"] < root["hour"] + hour]
    of_hour.sort(key=lambda line: json.loads(line)["_id"])
    if len(of_hour) != root["entries"]:
        raise ValueError(f"{len(of_hour)} entries, the root is over {root['entries']}")
    reached = head([leaf_hash(line) for line in of_hour]).hex()
    if reached != root["root"]:
        raise ValueError(f"the entries make {reached}, not the root {root['root']}")
    check_chain(root)
    return f"{len(of_hour)} entries"


def main(names: list[str]) -> int:
    """Check the files named."""
    if len(names) not in (1, 2):
        print(__doc__)
        return 2
    try:
        if len(names) == 1:
            told = check_proof(json.loads(Path(names[0]).read_text("utf-8")))
        else:
            lines = [line for line in Path(names[0]).read_bytes().split(b"\n") if line]
            told = check_hour(lines, json.loads(Path(names[1]).read_text("utf-8")))
    except (ValueError, KeyError) as wrong:
        print(f"does not hold: {wrong}")
        return 1
    print(f"holds: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
