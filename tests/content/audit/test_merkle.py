"""Trees and their proofs, beside the recursive definition of RFC 6962 §2.1."""

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.audit.rules.merkle import EMPTY, SPAN, canonical, climb, head, leaf_hash, node_hash, path

sizes = st.integers(1, 300)


def defined(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(defined(leaves[:split]), defined(leaves[split:]))


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def test_the_head_of_nothing_is_the_hash_of_nothing() -> None:
    assert head([]) == EMPTY == hashlib.sha256(b"").digest()


@given(sizes)
def test_a_head_is_as_defined(size: int) -> None:
    assert head(leaves_of(size)) == defined(leaves_of(size))


@given(sizes, st.data())
def test_a_path_leads_from_its_leaf_to_the_head_and_no_other_leaf(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    place = data.draw(st.integers(0, size - 1))
    way = path(leaves, place)

    assert len(way) <= math.ceil(math.log2(size)) if size > 1 else not way
    assert climb(leaves[place], place, size, way) == head(leaves)
    assert climb(leaf_hash(b"another"), place, size, way) != head(leaves)
    assert climb(leaves[place], place, size, [*way, way[0] if way else EMPTY]) is None


@pytest.mark.parametrize("size", [SPAN - 1, SPAN, SPAN + 1, 2 * SPAN + 7])
def test_the_head_over_parts_is_the_head_over_all(size: int) -> None:
    leaves = leaves_of(size)
    parts = [leaves[at : at + SPAN] for at in range(0, size, SPAN)]
    tops = [head(part) for part in parts]
    place = size - 1

    assert head(tops) == head(leaves)
    whole = path(parts[place // SPAN], place % SPAN) + path(tops, place // SPAN)
    assert climb(leaves[place], place, size, whole) == head(leaves)


def test_a_leaf_and_a_node_are_never_alike() -> None:
    left, right = leaves_of(2)
    assert leaf_hash(left + right) != node_hash(left, right)


def test_the_order_of_keys_does_not_count() -> None:
    assert canonical({"b": 1, "a": {"d": "茶", "c": 2}}) == canonical({"a": {"c": 2, "d": "茶"}, "b": 1})
    assert canonical({"a": "茶"}) == '{"a":"茶"}'.encode()
