"""Two texts compared word by word: Chinese by the character, other scripts by the word.

The comparison of long texts that have little in common would take time in the product of their lengths. It
is done in what the caller's budget allows, then sentence by sentence, then not at all.
"""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from enum import StrEnum

import msgspec

_WORDS = re.compile(r"[㐀-鿿豈-﫿぀-ヿ]|\w+|\s+|[^\w\s]")
_SENTENCES = re.compile(r"[^。！？.!?\n]*[。！？.!?\n]*")
Split = Callable[[str], list[str]]


class Op(StrEnum):
    """What became of a piece."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(msgspec.Struct, frozen=True):
    """A run of text: what is same and removed makes the old text, what is same and added the new one."""

    op: Op
    text: str


class Budget:
    """How many comparisons of two words may still be made."""

    def __init__(self, left: int = 4_000_000) -> None:
        self.left = left

    def take(self, wanted: int) -> bool:
        """Take so many, if there are."""
        if wanted > self.left:
            return False
        self.left -= wanted
        return True


def compare_words(before: str, after: str, budget: Budget) -> list[Piece]:
    """Tell what was taken out and what was put in."""
    for split in (_WORDS.findall, _sentences):
        old, new = split(before), split(after)
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        middle = old[head : len(old) - tail], new[head : len(new) - tail]
        if budget.take(len(middle[0]) * len(middle[1])):
            same_tail = old[len(old) - tail :]
            return _joined([(Op.SAME, old[:head]), *_matched(*middle), (Op.SAME, same_tail)])
    return _joined([(Op.REMOVED, [before]), (Op.ADDED, [after])])


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCES.findall(text) if one]


def _common(one: list[str], other: list[str]) -> int:
    most = min(len(one), len(other))
    return next((place for place in range(most) if one[place] != other[place]), most)


def _matched(old: list[str], new: list[str]) -> Iterable[tuple[Op, list[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag == "equal":
            yield Op.SAME, old[from_old:to_old]
        else:
            yield Op.REMOVED, old[from_old:to_old]
            yield Op.ADDED, new[from_new:to_new]


def _joined(runs: Iterable[tuple[Op, list[str]]]) -> list[Piece]:
    """Put neighbours of a kind together; a removal stands before what took its place."""
    pieces: list[Piece] = []
    for op, words in runs:
        text = "".join(words)
        if not text:
            continue
        if pieces and pieces[-1].op is op:
            pieces[-1] = Piece(op, pieces[-1].text + text)
        else:
            pieces.append(Piece(op, text))
    return pieces
