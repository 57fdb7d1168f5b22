"""How an export writes documents down: as lines of a table, or as JSON lines."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from content.audit.rules.merkle import canonical
from content.audit.store import entries
from content.bulk.extensions import Extensions
from content.bulk.layout import EXT, columns_of
from content.bulk.noun import Noun
from content.bulk.rules import cells
from content.bulk.store import keys_of
from content.documents import Documents
from infra.mongo import Database
from schemas.bulk import Export, FileFormat

Doc = dict[str, Any]
TRAIL = ("id", "created_at", "action", "target", "title", "actor", "actor_name", "reason", "request",
         "before", "after", "also", "data")  # fmt: skip


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of the documents of a noun."""

    documents: Documents[Any]
    header: Sequence[str]
    told: Callable[[Sequence[Doc]], Awaitable[Sequence[Doc]]]
    """Gives the fields of stored documents."""
    named: Mapping[str, str] = {}
    """Columns whose field is called otherwise."""
    line: Callable[[Doc], bytes] = msgspec.json.encode
    """Writes the fields of a document as JSON."""


def begun(export: Export) -> bytes:
    """Give what stands before the first document."""
    if export.format is FileFormat.JSONL:
        return b""
    return _table([export.header]).encode("utf-8-sig" if export.bom else "utf-8")


async def written(export: Export, writing: Writing, docs: Sequence[Doc]) -> bytes:
    """Write documents down, under the columns the export began with."""
    told = await writing.told(docs)
    if export.format is FileFormat.JSONL:
        return b"".join(b"%s\n" % writing.line(one) for one in told)
    fields = [writing.named.get(name, name) for name in export.header]
    return _table([[cells.cell(one) for one in cells.flat(given, fields)] for given in told]).encode()


def _table(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def of_trail() -> Writing:
    """Tell the trail: its JSON lines are exactly what the Merkle trees hash."""

    async def told(docs: Sequence[Doc]) -> Sequence[Doc]:
        return docs

    return Writing(documents=entries, header=TRAIL, told=told, named={"id": "_id"}, line=canonical)


async def of_noun(db: Database, noun: Noun, export: Export) -> Writing:
    """Tell the documents of a noun as its imports take them."""
    names = [one.name for one in await columns_of(db, noun, export.business)]
    top = {name.split(".")[0] for name in names}
    extensions = Extensions(db, noun, export.business)

    async def told(docs: Sequence[Doc]) -> Sequence[Doc]:
        keys = await keys_of(db, [doc["_id"] for doc in docs])
        found = []
        for one in (noun.documents.read(doc) for doc in docs):
            given = {**noun.shown(one, export.business), "external": keys.get(one.id, "")}
            if noun.layers:
                given["ext"] = await extensions.carried(one)
            found.append({name: value for name, value in given.items() if name in top})
        return found

    header = [name for name in names if export.format is FileFormat.JSONL or name != EXT]
    return Writing(documents=noun.documents, header=header, told=told)
