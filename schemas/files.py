"""Files people upload: manuals, price lists, trailers. Pictures are apart: they are made anew."""

from typing import Annotated

import msgspec

from schemas.base import Document

FileName = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f/\\]+$", description="As people know it"
    ),
]


class StoredFile(Document, frozen=True, kw_only=True):
    """A file in the object store. The same bytes again are the same file."""

    business: str
    key: str
    """Object key: what values of the type `file` hold."""
    name: FileName
    size: int
    content_type: str
    """What it is, by what is in it."""
    sha256: str
    open: bool = True
    """Shown to whoever knows the key; otherwise to the people of its business only."""
    by: str = ""
    by_name: str = ""
