"""The collection keeps what is made of a show single, and lets people write as much as they like."""

import pytest

from content.contents.store import by_source, contents, ensure_indexes
from infra.mongo import Database, DuplicateKey, Session
from schemas.content import Content, ContentKind
from schemas.ids import new_id


async def put(db: Database, kind: ContentKind, program: str = "") -> Content:
    made = Content(id=new_id("cnt"), business="biz_1", program=program, kind=kind, title="t")

    async def work(session: Session) -> Content:
        return await contents.insert(db, session, made)

    return await db.transact(work)


async def test_a_database_of_before_takes_articles_too(db: Database) -> None:
    keys = [("program", 1), ("kind", 1), ("source.mark", 1)]
    await db.collection(contents.name).ensure_index(keys, name="source", unique=True)
    for _ in range(2):
        await ensure_indexes(db)
    for kind in (ContentKind.ARTICLE, ContentKind.PICTURE_SET, ContentKind.TRAILER):
        for program in ("", "", "prg_1", "prg_1"):
            await put(db, kind, program)
    replay = await put(db, ContentKind.REPLAY, "prg_1")
    with pytest.raises(DuplicateKey):
        await put(db, ContentKind.REPLAY, "prg_1")
    assert await by_source(db, "prg_1", ContentKind.REPLAY) == replay


async def test_a_content_of_before_reads_as_it_was_meant(db: Database) -> None:
    old = {"_id": "cnt_old", "business": "b", "program": "p", "room": "r", "kind": "clip", "title": "t"}
    await db.collection(contents.name).insert_one({**old, "state": "published", "rev": 3})
    found = await contents.get(db, "cnt_old")
    assert (found.visibility, found.channels, found.expires_at, found.pictures) == ("public", [], None, [])
