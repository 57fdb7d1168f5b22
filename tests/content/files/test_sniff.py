import zipfile

import pytest

from content.files import sniff as module
from content.files.rules import DOCX, MP4, PDF, PPTX, SUFFIXES, TEXT, XLSX, business_of, file_key
from content.files.sniff import fits, sniff
from schemas.problems import Refusal
from tests.content.files import packages
from tests.content.files.packages import MOVIE, box, lying, package


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (packages.PDF, PDF),
        (MOVIE, MP4),
        (package(), DOCX),
        (package("xl/workbook.xml"), XLSX),
        (package("ppt/presentation.xml"), PPTX),
        ("名称,价格\n茶杯,39\n".encode(), TEXT),
        ("\ufeff名称".encode(), TEXT),
    ],
    ids=["pdf", "mp4", "docx", "xlsx", "pptx", "csv", "bom"],
)
def test_a_file_is_known_by_what_is_in_it(body: bytes, kind: str) -> None:
    assert sniff(body) == kind


ZEROS = b"\0" * (8 << 20)
BAD = {
    "nothing": b"",
    "program": b"\x7fELF\x02\x01\x01",
    "page of zeros": b"\0" * 64,
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "half a pdf": packages.PDF[:-8],
    "half a movie": MOVIE[:-1],
    "movie without a head": box(b"ftyp", b"isom") + box(b"mdat"),
    "movie whose box ends before it begins": box(b"ftyp", b"isom") + b"\0\0\0\x04moov",
    "plain zip": package("readme.txt"),
    "half a package": package()[:-30],
    "zip bomb": package(parts={"bomb": ZEROS}),
    "zip bomb that lies": lying(package(parts={"bomb": ZEROS}), 1000),
    "macros": package(parts={"word/vbaProject.bin": b"x"}),
    "way out of the folder": package(parts={"word/../../etc/passwd": b"x"}),
    "root": package(parts={"/etc/passwd": b"x"}),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_not_whole_safe_or_known_is_refused(body: bytes) -> None:
    assert isinstance(sniff(body), Refusal)


def test_a_bomb_of_many_parts_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    body = package(parts={f"p{n}": bytes([n]) * 900_000 for n in range(5)})
    assert sniff(body) == DOCX
    monkeypatch.setattr(module, "MAX_UNPACKED", 4_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert isinstance(sniff(body), Refusal)


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 2)
    assert sniff(package()) == DOCX
    assert isinstance(sniff(package(parts={"one": b"1"})), Refusal)


def test_a_table_is_a_text_and_a_text_no_table_of_another_kind() -> None:
    assert fits("text/csv", TEXT)
    assert not fits(PDF, TEXT)
    assert not fits(TEXT, PDF)


@pytest.mark.parametrize("kind", SUFFIXES)
def test_a_key_tells_whose_it_is_when_it_is_not_for_all(kind: str) -> None:
    digest = "ab" * 32
    assert business_of(file_key("biz_1", digest, kind, shown_to_all=True)) == ""
    assert business_of(file_key("biz_1", digest, kind, shown_to_all=False)) == "biz_1"
