"""Files of all kinds: what they are taken for, and what is refused as a whole."""

import gzip
from pathlib import Path

import pytest

from content.bulk import reading, rules
from content.bulk.reading import Row, examine, unpack
from content.bulk.rules import BulkRefusal
from schemas.bulk import FileFormat, Sheet
from schemas.problems import Refused

TABLE = "标题,intro\r\n春茶,新\r\n\r\n夏茶,\r\n"


def lay(folder: Path, body: bytes) -> tuple[Path, Sheet]:
    packed, plain = folder / "packed", folder / "plain"
    packed.write_bytes(body)
    gzipped = unpack(packed, plain)
    return plain, examine(plain, gzipped=gzipped)


def refusal(folder: Path, body: bytes) -> str:
    with pytest.raises(Refused) as refused:
        lay(folder, body)
    return str(refused.value.code)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_table_is_read_in_whatever_excel_wrote(
    tmp_path: Path, encoding: str, found: str, packed: bool
) -> None:
    body = TABLE.encode(encoding)
    plain, sheet = lay(tmp_path, gzip.compress(body) if packed else body)

    assert (sheet.format, sheet.encoding, sheet.gzipped) == (FileFormat.CSV, found, packed)
    assert (sheet.columns, sheet.rows, sheet.delimiter) == (["标题", "intro"], 2, ",")
    assert list(reading.rows(plain, sheet)) == [
        Row(1, {"标题": "春茶", "intro": "新"}, typed=False),
        Row(2, {"标题": "夏茶", "intro": ""}, typed=False),
    ]
    assert [row.number for row in reading.rows(plain, sheet, skip=1)] == [2]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_found_and_line_breaks_stay_in_cells(tmp_path: Path, delimiter: str) -> None:
    plain, sheet = lay(tmp_path, f'a{delimiter}b\n"x\ny"{delimiter}z\n'.encode())

    assert (sheet.delimiter, sheet.rows) == (delimiter, 1)
    assert next(reading.rows(plain, sheet)).values == {"a": "x\ny", "b": "z"}


def test_json_lines_keep_their_types_and_bad_lines_their_place(tmp_path: Path) -> None:
    plain, sheet = lay(tmp_path, b'{"a":1,"ext":{"b":[2]}}\n\n{"a":\n[1]\n{"c":true}\n')

    assert (sheet.format, sheet.columns, sheet.rows) == (FileFormat.JSONL, ["a", "ext", "c"], 4)
    found = list(reading.rows(plain, sheet))
    assert found[0].values == {"a": 1, "ext": {"b": [2]}}
    assert [row.number for row in found if row.error] == [2, 3]


def test_a_row_with_too_many_cells_says_so(tmp_path: Path) -> None:
    plain, sheet = lay(tmp_path, b"a,b\n1,2,3\n")
    error = next(reading.rows(plain, sheet)).error
    assert error is not None
    assert (error.expected, error.got) == ("2 cells", "3")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", BulkRefusal.NOT_A_TABLE),
        (b" \n\n", BulkRefusal.NOT_A_TABLE),
        (b"a,a\n1,2\n", BulkRefusal.NOT_A_TABLE),
        (b"a,,b\n1,2,3\n", BulkRefusal.NOT_A_TABLE),
        (b"PK\x03\x04" + b"x" * 99, BulkRefusal.NOT_TEXT),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, BulkRefusal.NOT_TEXT),
        (b"a,b\n\xff\xff\xff\n", BulkRefusal.NOT_TEXT),
        (b"a,b\n1,\x00\n", BulkRefusal.NOT_TEXT),
        (b"\x1f\x8b nothing that was ever packed", BulkRefusal.NOT_A_TABLE),
        (gzip.compress(gzip.compress(b"a,b\n1,2\n", mtime=0), mtime=0), BulkRefusal.NOT_TEXT),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, body: bytes, code: BulkRefusal) -> None:
    assert refusal(tmp_path, body) == code


def test_a_bomb_is_refused_before_it_has_grown(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a,b\n" + b"0" * (64 * rules.MIB))

    assert refusal(tmp_path, bomb) == BulkRefusal.BOMB
    assert (tmp_path / "plain").stat().st_size <= len(bomb) * rules.MAX_RATIO


def test_a_file_has_a_bounded_number_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert refusal(tmp_path, b"a\n1\n2\n3\n4\n") == BulkRefusal.TOO_MANY_ROWS
