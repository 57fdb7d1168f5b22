"""Comparing, applying, merging: laws that hold for whatever is in a face."""

import time
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from content.models.rules.compiled import compiled
from content.publishing.rules.compare import apply, differences, same
from content.publishing.rules.merge import merge
from content.publishing.rules.readable import Side, readable
from content.publishing.rules.script import Budget, Op, script
from content.publishing.rules.words import compare_words
from schemas.models import Layer
from tests.content.models.making import field, model

QUICK = settings(max_examples=60)
NAMES = st.sampled_from(["title", "intro", "ext", "tags", "a", "b"])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from(["", "a", "b", "铁壶 和 茶"]),
    st.lists(st.integers(0, 2), max_size=3),
)
FACES = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=4),
    lambda inner: st.dictionaries(NAMES, LEAVES | inner, max_size=4),
    max_leaves=12,
)
TEXTS = st.text(st.sampled_from("铁壶茶ab .。\n"), max_size=30)


@QUICK
@given(FACES, FACES)
def test_what_changed_put_on_the_first_gives_the_second(before: Any, after: Any) -> None:
    assert same(apply(differences(before, after), before), after)


@QUICK
@given(FACES)
def test_nothing_changed_in_what_is_the_same(face: Any) -> None:
    assert differences(face, face) == []


@QUICK
@given(FACES, FACES)
def test_nobody_else_changed_anything(base: Any, mine: Any) -> None:
    assert merge(base, mine, base).conflicts == []
    assert same(merge(base, mine, base).face, mine)
    assert same(merge(base, base, mine).face, mine)
    assert merge(base, mine, mine).conflicts == []


@QUICK
@given(FACES, FACES, FACES)
def test_no_edit_of_either_is_lost(base: Any, mine: Any, theirs: Any) -> None:
    merged = merge(base, mine, theirs)
    at_odds = [one.path for one in merged.conflicts]

    def settled(path: tuple[str, ...]) -> bool:
        return not any(path[: len(one)] == one or one[: len(path)] == path for one in at_odds)

    for side in (mine, theirs):
        for one in differences(base, side):
            if settled(one.path):
                assert same(apply([one], merged.face), merged.face), one.path
    for conflict in merged.conflicts:
        assert not same(conflict.mine, conflict.theirs)


@QUICK
@given(FACES, FACES, FACES)
def test_either_order_finds_the_same_conflicts(base: Any, mine: Any, theirs: Any) -> None:
    there = {one.path for one in merge(base, mine, theirs).conflicts}
    back = {one.path for one in merge(base, theirs, mine).conflicts}
    assert there == back
    if not there:
        assert same(merge(base, mine, theirs).face, merge(base, theirs, mine).face)


@QUICK
@given(TEXTS, TEXTS, st.sampled_from([0, 10, 1_000]))
def test_words_make_both_texts_again(before: str, after: str, budget: int) -> None:
    pieces = compare_words(before, after, Budget(budget))
    assert "".join(one.text for one in pieces if one.op is not Op.ADDED) == before
    assert "".join(one.text for one in pieces if one.op is not Op.REMOVED) == after


@QUICK
@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_a_script_makes_both_again_and_is_the_shortest(old: list[int], new: list[int]) -> None:
    found = script(old, new, Budget())
    assert found is not None
    assert [one for op, one in found if op is not Op.ADDED] == old
    assert [one for op, one in found if op is not Op.REMOVED] == new
    assert sum(op is Op.SAME for op, _ in found) == longest_common(old, new)


def longest_common(old: list[int], new: list[int]) -> int:
    rows = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for x, one in enumerate(old):
        for y, other in enumerate(new):
            rows[x + 1][y + 1] = rows[x][y] + 1 if one == other else max(rows[x][y + 1], rows[x + 1][y])
    return rows[-1][-1]


def test_texts_made_to_take_long_do_not() -> None:
    began = time.process_time()
    for one, other in (("a b" * 20_000, "b a " * 20_000), ("ab" * 30_000, "甲乙" * 30_000)):
        pieces = compare_words(one, other, Budget())
        assert "".join(piece.text for piece in pieces if piece.op is not Op.ADDED) == one
    assert time.process_time() - began < 4


def test_a_word_changed_in_a_long_text_is_told_by_the_word() -> None:
    text = "春天的第一杯茶。" * 5_000
    changed = text[:20_000] + "秋" + text[20_001:]
    pieces = compare_words(text, changed, Budget())
    assert [str(piece.op) for piece in pieces] == ["same", "removed", "added", "same"]


def test_a_long_text_with_nothing_in_common_takes_no_time() -> None:
    one, other = "".join(chr(0x4E00 + n % 9000) for n in range(40_000)), "b。" * 20_000
    pieces = compare_words(one, other, Budget())
    assert [piece.op for piece in pieces] == [Op.REMOVED, Op.ADDED]


def test_chinese_is_compared_by_the_character_and_latin_by_the_word() -> None:
    pieces = compare_words("春茶专场 iron kettle", "秋茶专场 iron pot", Budget())
    assert [(str(one.op), one.text) for one in pieces] == [
        ("removed", "春"),
        ("added", "秋"),
        ("same", "茶专场 iron "),
        ("removed", "kettle"),
        ("added", "pot"),
    ]


def side(schema: Any, **face: Any) -> Side:
    return Side(face=face, extension=compiled(msgspec.json.encode(schema).decode()))


def test_a_renamed_field_is_one_change_under_its_new_label() -> None:
    old = side(
        model({"tier": field("text", "t"), "size": field("integer", "s")}), ext={"tier": "红", "size": 1}
    )
    new = side(
        model({"grade": field("text", "t"), "size": field("integer", "s")}), ext={"grade": "绿", "size": 1}
    )
    [change] = readable(Layer.ROOM, old, new)
    assert (change.difference.pointer, change.was) == ("/ext/grade", ("ext", "tier"))
    assert (change.difference.before, change.difference.after) == ("红", "绿")
    assert change.labels == [{"zh": "字段", "en": "Field"}]
    [same_value] = readable(
        Layer.ROOM,
        old,
        side(
            model({"grade": field("text", "t"), "size": field("integer", "s")}),
            ext={"grade": "红", "size": 1},
        ),
    )
    assert (same_value.was, same_value.difference.path) == (("ext", "tier"), ("ext", "grade"))


def test_fields_come_in_the_order_of_the_form_and_lists_item_by_item() -> None:
    empty = model({})
    before = side(empty, title="春", cover="pic/a/1.jpg", tags=["tag_1", "tag_2"])
    after = side(empty, tags=["tag_2", "tag_3"], title="秋", intro="新茶")
    found = readable(Layer.PROGRAM, before, after)
    assert [one.difference.pointer for one in found] == ["/title", "/intro", "/cover", "/tags"]
    assert found[0].labels == [{"zh": "标题", "en": "Title"}]
    assert found[2].difference.after is msgspec.UNSET
    assert [(str(item.op), item.value) for item in found[3].items] == [
        ("removed", "tag_1"),
        ("same", "tag_2"),
        ("added", "tag_3"),
    ]
