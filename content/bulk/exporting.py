"""The work of an export: documents into parts, parts into a file; killed or stopped, it goes on where it was.

A part is an object of its own. Its name, the cursor behind it and the count of rows are written at once, over
the revision they were read at: what a stopped run wrote, or one of two, is no part of the file.
"""

import asyncio
import datetime
import tempfile
from pathlib import Path
from typing import Any

from content.bulk import choosing
from content.bulk.importing import Nouns
from content.bulk.store import exports
from content.bulk.writing import Writing, begun, of_noun, of_trail, written
from content.documents import edited
from infra.clock import now_ms
from infra.jobs import Handler, Progress
from infra.mongo import Database, Session
from infra.objects import ObjectStore
from schemas.accounts import SYSTEM
from schemas.base import DAY_MS
from schemas.bulk import Export, ExportState, FileFormat, NounName
from schemas.ids import new_id
from schemas.jobs import Job
from schemas.problems import CommonRefusal, Refused

JOB = "bulk_export"
PART_ROWS = 5_000
PART_BYTES = 8 << 20
"""A part ends behind the page that reaches one of these."""
TYPES = {FileFormat.CSV: "text/csv; charset=utf-8", FileFormat.JSONL: "application/x-ndjson"}


def handlers(db: Database, objects: ObjectStore, nouns: Nouns, kept_days: int) -> dict[str, Handler]:
    """Give the handlers of our jobs; files are kept for `kept_days`."""

    async def do_export(job: Job, progress: Progress) -> dict[str, Any]:
        return await run(db, objects, nouns, job.data["export"], progress, kept_days)

    return {JOB: do_export}


async def run(
    db: Database, objects: ObjectStore, nouns: Nouns, identifier: str, progress: Progress, kept_days: int
) -> dict[str, Any]:
    """Write the file and put it into the object store, or as much of it as nobody stops."""
    export = await exports.get(db, identifier)
    if export.state is ExportState.RUNNING:
        try:
            export = await _Run(db, objects, nouns, export, kept_days).run(progress)
        except _Overtaken:
            export = await exports.get(db, identifier)
        except Refused as refused:
            changes = {"state": ExportState.FAILED, "reason": str(refused.code)}
            export = await _changed(db, await exports.get(db, identifier), changes, kept_days)
    if export.state is ExportState.DONE:
        await clear(objects, parts_of(export))
    return {"state": export.state, "rows": export.rows}


def place_of(identifier: str) -> str:
    """Say where all objects of an export are."""
    return f"exp/{identifier}/"


def parts_of(export: Export) -> str:
    """Say where the parts of an export are."""
    return f"{place_of(export.id)}parts/"


class _Overtaken(Exception):
    """It was stopped, or another run goes on with it."""


class _Run:
    """One run of an export."""

    def __init__(
        self, db: Database, objects: ObjectStore, nouns: Nouns, export: Export, kept_days: int
    ) -> None:
        self._db, self._objects, self._nouns = db, objects, nouns
        self._export = export
        self._kept_days = kept_days

    async def run(self, progress: Progress) -> Export:
        """Write what is left."""
        where = await choosing.filter_of(self._db, self._nouns, SYSTEM, self._export)
        writing = await self._writing()
        if not self._export.header:
            reach = await choosing.extent(self._export, writing.documents.collection(self._db), where)
            await self._keep({"header": list(writing.header), "last": reach.last, "total": reach.total})
        while self._export.cursor is not None:
            await self._write_part(writing, where, self._export.cursor)
            await progress(self._export.rows / self._export.total if self._export.total else 0.0)
        await self._put_together()
        return self._export

    async def _writing(self) -> Writing:
        if self._export.noun is NounName.AUDIT:
            return of_trail()
        noun = (await self._nouns(self._db, self._export.business))[self._export.noun]
        return await of_noun(self._db, noun, self._export)

    async def _write_part(self, writing: Writing, where: dict[str, Any], cursor: str | None) -> None:
        """Write the next rows, and keep that they are written."""
        body, rows = bytearray(), 0
        while cursor is not None and rows < PART_ROWS and len(body) < PART_BYTES:
            collection = writing.documents.collection(self._db)
            page = await choosing.page(self._db, self._export, collection, where, cursor)
            body += await written(self._export, writing, page.docs)
            rows, cursor = rows + len(page.docs), page.cursor
        key = f"{parts_of(self._export)}{new_id('prt')}"
        await self._objects.put(key, bytes(body), TYPES[self._export.format])
        parts = [*self._export.parts, key]
        await self._keep({"parts": parts, "cursor": cursor, "rows": self._export.rows + rows})

    async def _put_together(self) -> None:
        export = self._export
        day = datetime.datetime.fromtimestamp(export.created_at / 1000, datetime.UTC).strftime("%Y-%m-%d")
        key = f"{place_of(export.id)}{export.noun}-{day}.{export.format}"
        with tempfile.TemporaryDirectory(prefix="kaibo-export-") as folder:
            path = Path(folder, "file")
            with await asyncio.to_thread(path.open, "wb") as file:
                file.write(begun(export))
                for part in export.parts:
                    await asyncio.to_thread(file.write, await self._objects.get(part))
            info = await self._objects.put(key, path, TYPES[export.format])
        done = {"state": ExportState.DONE, "file": key, "bytes": info.size, "sha256": info.sha256}
        await self._keep({**done, "total": export.rows, "finished_at": now_ms()})

    async def _keep(self, changes: dict[str, Any]) -> None:
        try:
            self._export = await _changed(self._db, self._export, changes, self._kept_days)
        except Refused as refused:
            if refused.code is CommonRefusal.PRECONDITION_FAILED:
                raise _Overtaken from None
            raise


async def _changed(db: Database, export: Export, changes: dict[str, Any], kept_days: int) -> Export:
    """Change an export over the revision it was read at; whatever becomes of it, it is kept for some days."""
    until = {"expires_at": now_ms() + kept_days * DAY_MS}

    async def work(session: Session) -> Export:
        return await exports.replace(db, session, edited(export, changes | until))

    return await db.transact(work)


async def clear(objects: ObjectStore, place: str) -> None:
    """Delete all objects of a place."""
    for key in await objects.keys(place):
        await objects.delete(key)
