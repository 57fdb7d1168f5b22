"""Two texts compared word by word: Chinese by the character, other scripts by the word.

Long texts with little in common are compared sentence by sentence, and when that is too much, not at all.
"""

import re
from collections.abc import Iterable

import msgspec

from content.publishing.rules.script import Budget, Op, script

_WORDS = re.compile(r"[㐀-鿿豈-﫿぀-ヿ]|\w+|\s+|[^\w\s]")
_SENTENCES = re.compile(r"[^。！？.!?\n]*[。！？.!?\n]*")


class Piece(msgspec.Struct, frozen=True):
    """A run of text: what is same and removed makes the old text, what is same and added the new one."""

    op: Op
    text: str


def compare_words(before: str, after: str, budget: Budget) -> list[Piece]:
    """Tell what was taken out and what was put in; no more steps are made than half of what is left."""
    for split in (_WORDS.findall, _sentences):
        part = Budget(budget.left // 2)
        spared = budget.left - part.left
        found = script(split(before), split(after), part)
        budget.left = spared + max(0, part.left)
        if found is not None:
            return _joined(found)
    return _joined([(Op.REMOVED, before), (Op.ADDED, after)])


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCES.findall(text) if one]


def _joined(found: Iterable[tuple[Op, str]]) -> list[Piece]:
    """Put what is alike together; between two same runs all that was removed stands before what was added."""
    pieces: list[Piece] = []
    removed: list[str] = []
    added: list[str] = []

    def close() -> None:
        for op, run in ((Op.REMOVED, removed), (Op.ADDED, added)):
            if text := "".join(run):
                pieces.append(Piece(op, text))
            run.clear()

    same: list[str] = []
    for op, text in found:
        if op is Op.SAME:
            close()
            same.append(text)
            continue
        if same:
            pieces.append(Piece(Op.SAME, "".join(same)))
            same.clear()
        (removed if op is Op.REMOVED else added).append(text)
    close()
    return [*pieces, Piece(Op.SAME, "".join(same))] if same else pieces
