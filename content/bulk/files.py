"""Uploaded files on their way from the object store to rows."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from content.bulk import reading
from content.bulk.rules import BulkRefusal
from infra.objects import ObjectMissing, ObjectStore
from schemas.bulk import Sheet
from schemas.problems import Refused


@asynccontextmanager
async def unpacked(body: bytes) -> AsyncIterator[tuple[Path, bool]]:
    """Lay a file out unpacked while it is needed; tell whether it was packed. Raises Refused(bomb, …)."""
    with tempfile.TemporaryDirectory(prefix="kaibo-import-") as folder:
        packed, plain = Path(folder, "packed"), Path(folder, "plain")

        def lay_out() -> bool:
            packed.write_bytes(body)
            gzipped = reading.unpack(packed, plain)
            packed.unlink()
            return gzipped

        yield plain, await asyncio.to_thread(lay_out)


async def examined(body: bytes) -> Sheet:
    """Find out what is in a file."""
    async with unpacked(body) as (plain, gzipped):
        return await asyncio.to_thread(reading.examine, plain, gzipped=gzipped)


@asynccontextmanager
async def opened(objects: ObjectStore, key: str) -> AsyncIterator[Path]:
    """Fetch an uploaded file and lay it out. Raises Refused(file_gone)."""
    try:
        body = await objects.get(key)
    except ObjectMissing:
        raise Refused(BulkRefusal.FILE_GONE, key=key) from None
    async with unpacked(body) as (plain, _):
        yield plain
