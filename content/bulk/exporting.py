"""The work of an export: documents page by page into a file. Killed, it begins anew: it changes nothing."""

import asyncio
import csv
import datetime
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import msgspec

from content.audit.actions import Wanted
from content.audit.actions import filter_of as trail_filter
from content.audit.rules.merkle import canonical
from content.audit.store import entries
from content.authority import authorise
from content.bulk.importing import Nouns
from content.bulk.layout import EXT, columns_of
from content.bulk.noun import Noun
from content.bulk.rules import KEPT_DAYS, BulkRefusal, cells
from content.bulk.store import exports, keys_of
from content.documents import edited
from content.library.listing import list_library
from content.library.views import Listing
from infra.clock import now_ms
from infra.jobs import Handler, Progress
from infra.mongo import Collection, Database, Session, Unavailable, Unknown, plain
from infra.objects import ObjectStore, StoreUnavailable
from infra.telemetry import get_logger
from schemas.accounts import PLATFORM, SYSTEM, Actor
from schemas.bulk import Export, ExportState, FileFormat, NounName
from schemas.jobs import Job
from schemas.problems import Refused

JOB = "bulk_export"
PAGE = 1_000
LISTED = 100
DAY_MS = 86_400_000
LOOK_S = 600.0
TYPES = {FileFormat.CSV: "text/csv; charset=utf-8", FileFormat.JSONL: "application/x-ndjson"}
TRAIL = ("id", "created_at", "action", "target", "title", "actor", "actor_name", "reason", "request",
         "before", "after", "also", "data")  # fmt: skip
log = get_logger("bulk")
Doc = dict[str, Any]


def handlers(db: Database, objects: ObjectStore, nouns: Nouns) -> dict[str, Handler]:
    """Give the handlers of our jobs."""

    async def do_export(job: Job, progress: Progress) -> dict[str, Any]:
        return await run(db, objects, nouns, job.data["export"], progress)

    return {JOB: do_export}


async def filter_of(db: Database, nouns: Nouns, actor: Actor, export: Export) -> Doc:
    """Make the filter of an export, for those who may read what it shows."""
    if export.noun is NounName.AUDIT:
        said = export.where
        return trail_filter(
            actor,
            Wanted(
                business=export.business or PLATFORM,
                actor=said.get("actor", ""),
                action=said.get("action", ""),
                target=said.get("target", ""),
                since=_moment(said.get("since", "")),
                until=_moment(said.get("until", "")),
                words=said.get("q", "")[:60],
            ),
        )
    noun = (await nouns(db, export.business)).get(export.noun)
    if noun is None:
        raise Refused(BulkRefusal.NOT_IMPORTED, noun=export.noun)
    authorise(actor, noun.read, export.business)
    return noun.where(export.business, export.where, export.ids)


def _moment(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


async def run(
    db: Database, objects: ObjectStore, nouns: Nouns, identifier: str, progress: Progress
) -> dict[str, Any]:
    """Write the file and put it into the object store."""
    export = await exports.get(db, identifier)
    if export.state is not ExportState.RUNNING:
        return {"rows": export.rows}
    where = await filter_of(db, nouns, SYSTEM, export)
    writer = await _writer(db, nouns, export)
    total = await writer.collection.count(where)
    day = datetime.datetime.fromtimestamp(export.created_at / 1000, datetime.UTC).strftime("%Y-%m-%d")
    key = f"exp/{export.id}/{export.noun}-{day}.{export.format}"
    with tempfile.TemporaryDirectory(prefix="kaibo-export-") as folder:
        path = Path(folder, "file")
        written = 0
        with await asyncio.to_thread(path.open, "w", encoding=writer.encoding, newline="") as file:
            writer.begin(file)
            async for docs in _pages(db, export, writer.collection, where):
                await writer.write(file, docs)
                written += len(docs)
                await progress(min(1.0, written / max(1, total)))
        info = await objects.put(key, path, TYPES[export.format])
    now = now_ms()
    changes = {
        "state": ExportState.DONE,
        "total": total,
        "rows": written,
        "file": key,
        "bytes": info.size,
        "sha256": info.sha256,
        "finished_at": now,
        "expires_at": now + KEPT_DAYS * DAY_MS,
    }

    async def work(session: Session) -> None:
        current = await exports.get(db, identifier, session)
        await exports.replace(db, session, edited(current, changes))

    await db.transact(work)
    return {"rows": written}


async def _pages(
    db: Database, export: Export, collection: Collection, where: Doc
) -> AsyncIterator[list[Doc]]:
    """Give what is to be written: all that `where` takes, or what the list gives page by page."""
    if not export.listing or export.ids:
        after = ""
        while docs := await collection.find(
            {"$and": [where, {"_id": {"$gt": after}}]}, sort=[("_id", 1)], limit=PAGE
        ):
            yield [plain(doc) for doc in docs]
            after = docs[-1]["_id"]
        return
    wanted = msgspec.json.decode(export.listing, type=Listing)
    cursor: str | None = ""
    while cursor is not None:
        asked = msgspec.structs.replace(wanted, cursor=cursor, limit=LISTED)
        page = await list_library(db, SYSTEM, asked)
        ids = [row.id for row in page.items]
        there = {doc["_id"]: plain(doc) for doc in await collection.find({"_id": {"$in": ids}})}
        yield [there[one] for one in ids if one in there]
        cursor = page.next_cursor


class _Writer:
    """Writes stored documents down."""

    def __init__(self, collection: Collection, export: Export, header: Sequence[str]) -> None:
        self.collection = collection
        self._format = export.format
        self._header = list(header)
        self.encoding = "utf-8-sig" if export.bom and self._format is FileFormat.CSV else "utf-8"

    def begin(self, file: TextIO) -> None:
        """Write what stands before the first document."""
        if self._format is FileFormat.CSV:
            csv.writer(file, lineterminator="\r\n").writerow(self._header)

    async def write(self, file: TextIO, docs: Sequence[Doc]) -> None:
        """Write documents."""
        fields = await self.fields(docs)
        if self._format is FileFormat.CSV:
            table = [[cells.cell(one) for one in cells.flat(given, self._header)] for given in fields]
            csv.writer(file, lineterminator="\r\n").writerows(table)
        else:
            file.writelines(f"{msgspec.json.encode(given).decode()}\n" for given in fields)

    async def fields(self, docs: Sequence[Doc]) -> list[Doc]:
        """Give the fields of documents as they are told."""
        raise NotImplementedError


class _Trail(_Writer):
    """The trail: its JSON lines are exactly what the Merkle trees hash."""

    async def write(self, file: TextIO, docs: Sequence[Doc]) -> None:
        if self._format is FileFormat.CSV:
            await super().write(file, docs)
        else:
            file.writelines(f"{canonical(doc).decode()}\n" for doc in docs)

    async def fields(self, docs: Sequence[Doc]) -> list[Doc]:
        return [{**doc, "id": doc["_id"]} for doc in docs]


class _OfNoun(_Writer):
    def __init__(self, db: Database, noun: Noun, export: Export, header: Sequence[str]) -> None:
        super().__init__(noun.documents.collection(db), export, header)
        self._db, self._noun, self._business = db, noun, export.business
        self._top = {name.split(".")[0] for name in header}

    async def fields(self, docs: Sequence[Doc]) -> list[Doc]:
        keys = await keys_of(self._db, [doc["_id"] for doc in docs])
        told = []
        for one in (self._noun.documents.read(doc) for doc in docs):
            given = {**self._noun.shown(one, self._business), "external": keys.get(one.id, "")}
            told.append({name: value for name, value in given.items() if name in self._top})
        return told


async def _writer(db: Database, nouns: Nouns, export: Export) -> _Writer:
    if export.noun is NounName.AUDIT:
        return _Trail(entries.collection(db), export, TRAIL)
    noun = (await nouns(db, export.business))[export.noun]
    header = [one.name for one in await columns_of(db, noun, export.business)]
    if export.format is FileFormat.CSV and EXT in header:
        header.remove(EXT)
    return _OfNoun(db, noun, export, header)


async def make_rounds(db: Database, objects: ObjectStore) -> None:
    """Let files go that were kept long enough, until cancelled."""
    while True:
        try:
            await sweep(db, objects, now_ms())
        except (Unavailable, Unknown, StoreUnavailable) as away:
            log.warning("sweep_interrupted", reason=str(away)[:200])
        await asyncio.sleep(LOOK_S)


async def sweep(db: Database, objects: ObjectStore, now: int) -> int:
    """Delete the files of exports that are over; tell how many."""
    where = {"expires_at": {"$lt": now}, "state": ExportState.DONE}
    due = await exports.collection(db).find(where, limit=100)
    for doc in due:
        await objects.delete(doc["file"])
        change = {"$set": {"state": ExportState.EXPIRED, "file": ""}, "$inc": {"rev": 1}}
        await exports.collection(db).update_one({"_id": doc["_id"]}, change)
    return len(due)
