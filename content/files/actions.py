"""Verbs of files."""

import asyncio
import hashlib

from content import audit
from content.authority import authorise
from content.documents import reach, titled
from content.files import rules
from content.files.rules import FileRefusal
from content.files.sniff import fits, sniff
from content.files.store import files
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from infra.objects import ObjectStore
from schemas.accounts import Actor
from schemas.files import StoredFile
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refusal, Refused

SNIFFED_AT_ONCE = 2
"""Files looked through at a time: each may take a second of a core."""
_turn = asyncio.Semaphore(SNIFFED_AT_ONCE)


async def upload_file(
    db: Database,
    objects: ObjectStore,
    actor: Actor,
    business: str,
    body: bytes,
    *,
    content_type: str,
    name: str,
    shown_to_all: bool = True,
) -> StoredFile:
    """Look through a file and store it. The same bytes again are the same file, under the first name.

    Raises Refused(unsupported_type, too_large, file_not_as_said, file_unsafe).
    """
    authorise(actor, rules.UPLOAD, business)
    if content_type not in rules.SUFFIXES:
        expected = ", ".join(rules.SUFFIXES)
        raise Refused(CommonRefusal.UNSUPPORTED_TYPE, expected=expected, got=content_type)
    if len(body) > rules.MAX_BYTES:
        raise Refused(CommonRefusal.TOO_LARGE, limit=rules.MAX_BYTES, got=len(body))
    async with _turn:
        found = await asyncio.to_thread(sniff, body)
    if isinstance(found, Refusal):
        raise Refused(found)
    if not fits(content_type, found):
        raise Refused(FileRefusal.FILE_NOT_AS_SAID, expected=content_type, got=found)
    digest = hashlib.sha256(body).hexdigest()
    key = rules.file_key(business, digest, content_type, shown_to_all=shown_to_all)
    if known := await files.find(db, {"key": key}):
        return known
    await objects.put(key, body, _served_as(content_type))
    file = StoredFile(
        id=new_id("fil"),
        business=business,
        key=key,
        name=name,
        size=len(body),
        content_type=content_type,
        sha256=digest,
        open=shown_to_all,
        by=actor.id,
        by_name=actor.name,
    )

    async def work(session: Session) -> StoredFile:
        created = await files.insert(db, session, file)
        data = {"name": name, "size": file.size, "type": content_type}
        await audit.record(
            db, session, actor, rules.UPLOAD.name, target=file.id, business=business, data=data
        )
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:
        return await _known(db, key)


async def _known(db: Database, key: str) -> StoredFile:
    if known := await files.find(db, {"key": key}):
        return known
    raise Refused(CommonRefusal.CONFLICT, retry_after=1)


def _served_as(content_type: str) -> str:
    return f"{content_type}; charset=utf-8" if content_type.startswith("text/") else content_type


async def read_file(db: Database, actor: Actor, identifier: str) -> StoredFile:
    """Tell about a file to the people of its business."""
    file = await files.get(db, identifier)
    authorise(actor, rules.READ, file.business)
    return file


async def list_files(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    key: str = "",
    words: str = "",
    cursor: str,
    limit: int,
) -> Page[StoredFile]:
    """List the files of the actor's businesses, newest first; with a key, the one of it."""
    where = reach(actor, rules.READ, business)
    if key:
        where["key"] = key
    return await files.page(db, where | titled(words, "name"), cursor=cursor, limit=limit)
