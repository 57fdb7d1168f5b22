"""HTTP of files."""

from typing import Annotated

import msgspec

from content.files import actions
from content.files.rules import MAX_BYTES, FileRefusal
from infra.http import Call, Page, PageQuery, Routes, Upload, Words
from schemas.base import Value
from schemas.files import FileName, StoredFile

routes = Routes("files")


class FileQuery(Value, frozen=True, kw_only=True):
    """Whose file it is, and what it is called."""

    business: str
    name: FileName
    open: Annotated[
        bool, msgspec.Meta(description="Shown to whoever knows its key; otherwise to the business's people")
    ] = True


class FilesQuery(PageQuery, frozen=True, kw_only=True):
    """Which files are wanted."""

    business: str = ""
    key: Annotated[str, msgspec.Meta(max_length=200, description="The one with this key")] = ""
    q: Words = ""


@routes.post(
    "/v1/files",
    status=201,
    body_limit=MAX_BYTES,
    refusals=(FileRefusal.FILE_NOT_AS_SAID, FileRefusal.FILE_UNSAFE),
)
async def upload_file(call: Call[FileQuery, Upload]) -> StoredFile:
    """Upload a file: PDF, MP4, Word, Excel, PowerPoint, text or CSV, at most 64 MiB.

    The body is the file itself with its Content-Type. It is looked through: what is not what it says,
    has macros or unpacks to too much is refused. The same bytes again are the same file, so no
    Idempotency-Key is needed. Pictures are uploaded apart.
    """
    query, sent = call.query, call.body
    return await actions.upload_file(
        call.db,
        call.objects,
        call.actor,
        query.business,
        sent.body,
        content_type=sent.content_type,
        name=query.name,
        shown_to_all=query.open,
    )


@routes.get("/v1/files")
async def list_files(call: Call[FilesQuery, None]) -> Page[StoredFile]:
    """List the files of my businesses, newest first."""
    query = call.query
    return await actions.list_files(
        call.db,
        call.actor,
        business=query.business,
        key=query.key,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )


@routes.get("/v1/files/{file}")
async def read_file(call: Call[None, None]) -> StoredFile:
    """Read what is known of a file; the file itself is at `/o/<key>`."""
    return await actions.read_file(call.db, call.actor, call.path["file"])
