"""An uploaded file as rows, whatever it is: CSV or JSON lines, packed or not, UTF-8 or what Excel wrote.

Everything is bounded: the size unpacked, the ratio to the size packed, rows, columns, cells.
"""

import codecs
import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import msgspec

from content.bulk.rules import (
    MAX_COLUMNS,
    MAX_LINE,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED,
    MIB,
    BulkRefusal,
)
from schemas.bulk import FileFormat, Sheet
from schemas.problems import FieldError, Refused

GZIP = b"\x1f\x8b"
ARCHIVES = (GZIP, b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"%PDF")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t"
LOOKED_AT = 50
"""Lines of JSON lines whose names become the columns."""
csv.field_size_limit(MAX_LINE)


class Row(msgspec.Struct, frozen=True):
    """A row: cells by column as texts, or the values of a JSON object; or why it is neither."""

    number: int
    values: dict[str, Any]
    typed: bool
    """Values have their types; in CSV all are texts."""
    error: FieldError | None = None


def unpack(packed: Path, plain: Path) -> bool:
    """Write the file unpacked; tell whether it was packed. Raises Refused(bomb, not_text, not_a_table)."""
    size = packed.stat().st_size
    with packed.open("rb") as source:
        gzipped = source.read(2) == GZIP
        source.seek(0)
        if not gzipped:
            plain.write_bytes(source.read())
            return False
        limit = min(MAX_UNPACKED, max(MIB, size * MAX_RATIO))
        written = 0
        with gzip.GzipFile(fileobj=source) as opened, plain.open("wb") as target:
            try:
                while chunk := opened.read(MIB):
                    written += len(chunk)
                    if written > limit:
                        raise Refused(BulkRefusal.BOMB, limit=limit)
                    target.write(chunk)
            except (OSError, EOFError, zlib.error) as error:
                raise Refused(BulkRefusal.NOT_A_TABLE, detail=str(error)[:200]) from None
    return True


def examine(plain: Path, *, gzipped: bool) -> Sheet:
    """Find out what is in a file. Raises Refused(not_text, not_a_table, too_many_rows)."""
    with plain.open("rb") as file:
        head = file.read(64 * 1024)
    if head.startswith(ARCHIVES):
        raise Refused(BulkRefusal.NOT_TEXT, got=head[:4].hex())
    encoding = _encoding(plain, head)
    first = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if not first:
        raise Refused(BulkRefusal.NOT_A_TABLE, detail="empty")
    if first.startswith("{"):
        return _examine_lines(plain, encoding, gzipped)
    return _examine_table(plain, encoding, gzipped, first.splitlines()[0])


def _encoding(plain: Path, head: bytes) -> str:
    marked = next((name for mark, name in MARKS if head.startswith(mark)), "")
    wrong = "0"
    for name in [marked] if marked else ["utf-8", "gb18030"]:
        wrong = _undecodable(plain, name)
        if not wrong:
            return name
    raise Refused(BulkRefusal.NOT_TEXT, got=wrong)


def _undecodable(plain: Path, encoding: str) -> str:
    """Tell where a file is no text in that encoding; empty: it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    with plain.open("rb") as file:
        try:
            while chunk := file.read(MIB):
                text = decoder.decode(chunk)
                if "\0" in text:
                    return f"NUL in the bytes from {at} on"
                at += len(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return f"byte {at + error.start}"
    return ""


def _examine_lines(plain: Path, encoding: str, gzipped: bool) -> Sheet:
    sheet = Sheet(format=FileFormat.JSONL, encoding=encoding, gzipped=gzipped, columns=[], rows=0)
    with plain.open(encoding=encoding) as file:
        count = _counted(_bounded(file))
    names: dict[str, None] = {}
    for row in itertools.islice(rows(plain, sheet), LOOKED_AT):
        names |= dict.fromkeys(row.values)
    if any("\0" in name for name in names):
        raise Refused(BulkRefusal.NOT_A_TABLE, detail="a name with a NUL")
    return msgspec.structs.replace(sheet, columns=list(names)[:MAX_COLUMNS], rows=count)


def _examine_table(plain: Path, encoding: str, gzipped: bool, first: str) -> Sheet:
    delimiter = max(DELIMITERS, key=first.count)
    with plain.open(encoding=encoding, newline="") as file:
        try:
            reader = csv.reader(file, delimiter=delimiter, strict=False)
            header = [name.strip().lstrip("\ufeff") for name in next(reader, [])]
            while header and not header[-1]:
                header.pop()
            _check_header(header)
            count = _counted(row for row in reader if any(row))
        except csv.Error as error:
            raise Refused(BulkRefusal.NOT_A_TABLE, detail=str(error)[:200]) from None
    return Sheet(
        format=FileFormat.CSV,
        encoding=encoding,
        delimiter=delimiter,
        gzipped=gzipped,
        columns=header,
        rows=count,
    )


def _check_header(header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if not header or twice or len(header) > MAX_COLUMNS or not all(header):
        detail = f"columns: {len(header)}, twice: {', '.join(twice)[:100]}"
        raise Refused(BulkRefusal.NOT_A_TABLE, detail=detail)


def _counted(found: Iterator[Any]) -> int:
    count = sum(1 for _ in itertools.islice(found, MAX_ROWS + 1))
    if count > MAX_ROWS:
        raise Refused(BulkRefusal.TOO_MANY_ROWS, limit=MAX_ROWS)
    return count


def rows(plain: Path, sheet: Sheet, skip: int = 0) -> Iterator[Row]:
    """Give the rows of a file, those after the first `skip`."""
    found = _lines(plain, sheet) if sheet.format is FileFormat.JSONL else _table(plain, sheet)
    return itertools.islice(found, skip, None)


def _table(plain: Path, sheet: Sheet) -> Iterator[Row]:
    with plain.open(encoding=sheet.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=sheet.delimiter)
        next(reader, None)
        width = len(sheet.columns)
        for number, cells in enumerate((row for row in reader if any(row)), 1):
            given = dict(zip(sheet.columns, cells, strict=False))
            error = None
            if any(cells[width:]):
                error = FieldError(pointer="", expected=f"{width} cells", got=str(len(cells)))
            yield Row(number, given, typed=False, error=error)


def _lines(plain: Path, sheet: Sheet) -> Iterator[Row]:
    with plain.open(encoding=sheet.encoding) as file:
        for number, line in enumerate(_bounded(file), 1):
            values, error = _object(line)
            yield Row(number, values, typed=True, error=error)


def _bounded(file: TextIO) -> Iterator[str]:
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise Refused(BulkRefusal.NOT_A_TABLE, detail=f"a line of more than {MAX_LINE} characters")
        if line.strip():
            yield line


def _object(line: str) -> tuple[dict[str, Any], FieldError | None]:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        return {}, FieldError(pointer="", expected="a JSON object", got=str(error)[:100])
    if not isinstance(found, dict):
        return {}, FieldError(pointer="", expected="a JSON object", got=type(found).__name__)
    return found, None


def write_rows(header: list[str], table: Iterator[list[str]], *, bom: bool) -> bytes:
    """Write a small table whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(table)
    return (codecs.BOM_UTF8 if bom else b"") + out.getvalue().encode()
