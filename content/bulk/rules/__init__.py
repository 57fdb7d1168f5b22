"""Pure decisions about bulk: bounds, who may, cells and values."""

from collections.abc import Mapping
from typing import TypeVar

from content.authority import grant
from schemas.accounts import Role
from schemas.bulk import ExportState, ImportState
from schemas.problems import CommonRefusal, Refusal, RefusalCode

IMPORT = grant("bulk.import", Role.BUSINESS_OPERATOR, Role.EDITOR)
EXPORT = grant("bulk.export", Role.BUSINESS_OPERATOR, Role.REVIEWER, Role.EDITOR)
READ = grant("bulk.read", Role.BUSINESS_OPERATOR, Role.REVIEWER, Role.EDITOR)
GRANTS = (IMPORT, EXPORT, READ)

MIB = 1 << 20
MAX_BYTES = 64 * MIB
"""Largest file as it is sent."""
MAX_UNPACKED = 512 * MIB
MAX_RATIO = 200
"""A file that unpacks to more than this many times its size is a bomb."""
MAX_ROWS = 1_000_000
MAX_COLUMNS = 300
MAX_LINE = 2 * MIB
"""Longest line of JSON lines, and longest cell."""
MAX_ERRORS = 100_000
"""Rows whose error is kept; later ones are only counted."""
MAX_IDS = 1_000
"""Documents that are chosen one by one for an export."""
PREVIEWED = 500
"""Rows that a preview tries at once; a longer file is checked aside."""
SHOWN = 20
"""Rows that a preview shows."""
OUTCOMES = ("created", "updated", "unchanged", "failed")
"""What a row can come to; each is counted."""


class BulkRefusal(RefusalCode):
    """Why a file is refused as a whole."""

    NOT_A_TABLE = "not_a_table"
    NOT_TEXT = "not_text"
    BOMB = "bomb"
    TOO_MANY_ROWS = "too_many_rows"
    NOTHING_MAPPED = "nothing_mapped"
    NOT_IMPORTED = "not_imported"
    FILE_GONE = "file_gone"
    MAY_NO_LONGER = "may_no_longer"


S = ImportState
E = ExportState
MOVES = {
    "check": {S.READY: S.CHECKING, S.CHECKING: S.CHECKING},
    "run": {S.READY: S.RUNNING, S.CHECKING: S.RUNNING},
    "stop": {S.RUNNING: S.STOPPED, S.CHECKING: S.READY},
    "resume": {S.STOPPED: S.RUNNING, S.FAILED: S.RUNNING},
}
"""From which state of an import a verb leads where."""
EXPORT_MOVES = {
    "stop": {E.RUNNING: E.STOPPED},
    "resume": {E.STOPPED: E.RUNNING, E.FAILED: E.RUNNING},
}
ANEW = ("check", "run")
"""Verbs that begin with the first row."""
State = TypeVar("State", ImportState, ExportState)


def move(moves: Mapping[str, Mapping[State, State]], state: State, verb: str) -> State | Refusal:
    """Give the state a verb leads to."""
    leads = moves[verb]
    if state not in leads:
        expected = " or ".join(leads)
        return Refusal(CommonRefusal.WRONG_STATE, {"move": verb, "expected": expected, "got": state})
    return leads[state]
