"""Pure decisions about files: which types are taken, how large, under which key."""

from content.authority import STAFF, grant
from schemas.accounts import Role
from schemas.problems import RefusalCode

UPLOAD = grant("files.upload", Role.BUSINESS_OPERATOR, Role.EDITOR, Role.ANCHOR, Role.ASSISTANT)
READ = grant("files.read", *STAFF)
GRANTS = (UPLOAD, READ)

MIB = 1 << 20
MAX_BYTES = 64 * MIB
PREFIX = "file"
OWN = "own"

PDF = "application/pdf"
MP4 = "video/mp4"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
TEXT = "text/plain"
CSV = "text/csv"
SUFFIXES = {PDF: "pdf", MP4: "mp4", DOCX: "docx", XLSX: "xlsx", PPTX: "pptx", TEXT: "txt", CSV: "csv"}
"""The types that are taken, each with the ending of its name."""


class FileRefusal(RefusalCode):
    """Why a file is refused."""

    FILE_NOT_AS_SAID = "file_not_as_said"
    FILE_UNSAFE = "file_unsafe"


def file_key(business: str, digest: str, content_type: str, *, shown_to_all: bool) -> str:
    """Name a file by what is in it; those for the business's own people stand apart."""
    folder = business if shown_to_all else f"{business}/{OWN}"
    return f"{PREFIX}/{folder}/{digest[:32]}.{SUFFIXES[content_type]}"


def business_of(key: str) -> str:
    """Tell whose file a key is, if it is for the business's own people only; empty: anybody may see it."""
    parts = key.split("/")
    return parts[1] if len(parts) == 4 and parts[0] == PREFIX and parts[2] == OWN else ""
