"""Files of every kind that is taken, and such as lie."""

import io
import zipfile
from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def package(main: str = "word/document.xml", parts: Mapping[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(CONTENT_TYPES, "<Types/>")
        made.writestr(main, "<document/>")
        for name, body in (parts or {}).items():
            made.writestr(name, body)
    return out.getvalue()


def box(kind: bytes, body: bytes = b"") -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


MOVIE = box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", b"\0" * 16) + box(b"mdat", b"\0" * 32)


def lying(body: bytes, claimed: int) -> bytes:
    """A package whose last part says it is smaller than it is."""
    with zipfile.ZipFile(io.BytesIO(body)) as made:
        real = made.infolist()[-1].file_size
    at = body.rindex(real.to_bytes(4, "little"))
    return body[:at] + claimed.to_bytes(4, "little") + body[at + 4 :]
