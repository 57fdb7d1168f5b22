"""The collection of uses, and the collections whose documents are entered in it with every write."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from content.documents import Documents
from content.models.rules.compiled import Compiled, compiled
from content.models.versions import versions
from content.uses.rules import DRAFT, uses_of
from infra.mongo import Database, Session, to_doc
from schemas.content import Content, Program, Room
from schemas.publishing import Uses

D = TypeVar("D", bound=Room | Program | Content)
uses = Documents("uses", Uses)
KEPT = 500
_texts: dict[str, str] = {}
"""Texts of versions, which never change."""


async def ensure_indexes(db: Database) -> None:
    """Create the index: every question is one range of it."""
    await db.collection(uses.name).ensure_index(
        [("business", 1), ("refs", 1), ("_id", -1)], name="where_used"
    )


class Using(Documents[D]):
    """Documents that refer to others: what they refer to is entered in the transaction of every write."""

    async def insert(self, db: Database, session: Session, document: D) -> D:
        """Insert a new document."""
        stored = await super().insert(db, session, document)
        entry = uses_of(stored, await extension_of(db, stored.model, session))
        if entry.refs:
            await db.collection(uses.name).insert_one(to_doc(entry), session=session)
        return stored

    async def replace(self, db: Database, session: Session, document: D) -> D:
        """Store an edited document over the revision it was read at."""
        stored = await super().replace(db, session, document)
        await keep_uses(db, session, [uses_of(stored, await extension_of(db, stored.model, session))])
        return stored


async def extension_of(db: Database, model: str, session: Session | None = None) -> Compiled | None:
    """Give a version made ready; None: there is none of that name."""
    if not model:
        return None
    if model not in _texts:
        found = await versions.find(db, {"_id": model}, session)
        if found is None:
            return None
        if len(_texts) >= KEPT:
            _texts.clear()
        _texts[model] = found.text
    return compiled(_texts[model])


async def keep_uses(db: Database, session: Session, entries: Sequence[Uses]) -> None:
    """Enter what documents refer to, where that is not what is entered already."""
    known = await uses.several(db, [one.id for one in entries], session)
    changed = [one for one in entries if _said(known.get(one.id)) != _said(one)]
    if gone := [one.id for one in changed if one.id in known]:
        await uses.collection(db).delete_many({"_id": {"$in": gone}}, session=session)
    if fresh := [to_doc(one) for one in changed if one.refs]:
        await uses.collection(db).insert_many(fresh, session=session)


async def forget_uses(db: Database, session: Session, documents: Iterable[str]) -> None:
    """Forget what documents and their drafts referred to, for they are gone."""
    await forget_entries(db, session, [name for one in documents for name in entry_ids(one)])


def entry_ids(document: str) -> tuple[str, str]:
    """Name the entries of a document and of its draft."""
    return document, f"{document}{DRAFT}"


async def forget_entries(db: Database, session: Session, names: Sequence[str]) -> None:
    """Forget entries by their ids."""
    await uses.collection(db).delete_many({"_id": {"$in": list(names)}}, session=session)


def _said(entry: Uses | None) -> tuple[str, list[object]] | None:
    if entry is None or not entry.refs:
        return None
    return entry.title, [msgspec.structs.astuple(one) for one in entry.uses]
