"""What is in a file, by its bytes: nothing is believed that the sender says, nothing unpacked unbounded."""

import io
import zipfile

from content.files.rules import CSV, DOCX, MIB, MP4, PDF, PPTX, TEXT, XLSX, FileRefusal
from schemas.problems import Refusal

MAX_ENTRIES = 5_000
MAX_UNPACKED = 256 * MIB
MAX_RATIO = 200
"""How many times larger than packed a large part may be: what people write packs far less."""
LARGE = MIB
CHUNK = 256 * 1024
MAX_BOXES = 10_000

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1


def sniff(body: bytes) -> str | Refusal:
    """Tell the type of a file, or why it is not taken."""
    if body.startswith(b"PK\x03\x04"):
        return _office(body)
    if body.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in body[-2048:] else _unsafe("a whole PDF")
    if body[4:8] == b"ftyp":
        return _movie(body)
    if _is_text(body):
        return TEXT
    return Refusal(FileRefusal.FILE_UNSAFE, {"expected": "PDF, MP4, Word, Excel, PowerPoint, text or CSV"})


def fits(said: str, found: str) -> bool:
    """Tell whether a file is what its sender says; a table with commas is a text too."""
    return said == found or (said == CSV and found == TEXT)


def _office(body: bytes) -> str | Refusal:
    """Look through a package: parts are counted, named harmlessly, whole, and unpack to a bounded size."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
            if refusal := _check_parts(parts):
                return refusal
            names = {part.filename for part in parts}
            found = next((kind for name, kind in _PARTS.items() if name in names), None)
            if found is None or "[Content_Types].xml" not in names:
                return _unsafe("a Word, Excel or PowerPoint file")
            return _unpack(package, parts) or found
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        return _unsafe("a package that can be read")


def _check_parts(parts: list[zipfile.ZipInfo]) -> Refusal | None:
    if len(parts) > MAX_ENTRIES or len({part.filename for part in parts}) < len(parts):
        return _unsafe(f"at most {MAX_ENTRIES} parts, each once")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        return _unsafe(f"at most {MAX_UNPACKED // MIB} MiB unpacked")
    for part in parts:
        steps = part.filename.replace("\\", "/").split("/")
        if part.filename.startswith("/") or ".." in steps:
            return _unsafe("parts inside the package")
        if part.flag_bits & _ENCRYPTED or part.compress_type not in _PACKED:
            return _unsafe("parts without a password, packed the usual way")
        if part.file_size > LARGE and part.file_size > MAX_RATIO * max(1, part.compress_size):
            return _unsafe(f"parts at most {MAX_RATIO} times their packed size")
        if steps[-1].lower() == "vbaproject.bin":
            return _unsafe("a file without macros")
    return None


def _unpack(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Refusal | None:
    """Unpack every part bit by bit and throw it away: one that is larger than it says is found out."""
    unpacked = 0
    for part in parts:
        with package.open(part) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    return _unsafe(f"at most {MAX_UNPACKED // MIB} MiB unpacked")
    return None


def _movie(body: bytes) -> str | Refusal:
    """Walk the boxes of a movie (ISO/IEC 14496-12): they fill the file, and one says what is in it."""
    at = 0
    seen: list[bytes] = []
    while at < len(body):
        if len(seen) > MAX_BOXES or at + 8 > len(body):
            return _unsafe("a whole MP4")
        size, head = int.from_bytes(body[at : at + 4], "big"), 8
        if size == 1 and at + 16 <= len(body):
            size, head = int.from_bytes(body[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(body) - at
        if size < head or at + size > len(body):
            return _unsafe("a whole MP4")
        seen.append(body[at + 4 : at + 8])
        at += size
    return MP4 if b"moov" in seen else _unsafe("a whole MP4")


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(ord(one) < 32 and one not in "\t\r\n" for one in text)


def _unsafe(expected: str) -> Refusal:
    return Refusal(FileRefusal.FILE_UNSAFE, {"expected": expected})
