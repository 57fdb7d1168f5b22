"""Documents of one kind in their collection: what every store does alike."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from content.audit.trail import note
from content.authority import Grant, authorise, own_places, places
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Collection, Database, Session, from_doc, to_doc
from schemas.accounts import Actor
from schemas.base import Document
from schemas.models import Extended
from schemas.problems import CommonRefusal, Refused

D = TypeVar("D", bound=Document)


class Documents(Generic[D]):
    """Reads and writes documents of `kind` in the collection `name`."""

    def __init__(self, name: str, kind: type[D]) -> None:
        self.name = name
        self.kind = kind

    def collection(self, db: Database) -> Collection:
        """Give the collection itself, for queries only this kind has."""
        return db.collection(self.name)

    def read(self, doc: Mapping[str, Any]) -> D:
        """Turn what is stored into a document."""
        return from_doc(self.kind, dict(doc))

    async def find(self, db: Database, where: Mapping[str, Any], session: Session | None = None) -> D | None:
        """Give the first document that matches."""
        doc = await self.collection(db).find_one(where, session=session)
        return None if doc is None else from_doc(self.kind, doc)

    async def get(self, db: Database, identifier: str, session: Session | None = None) -> D:
        """Give a document by id; raises Refused(not_found)."""
        found = await self.find(db, {"_id": identifier}, session)
        if found is None:
            raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
        return found

    async def several(
        self, db: Database, identifiers: Iterable[str], session: Session | None = None
    ) -> dict[str, D]:
        """Give those of the documents that exist, by id."""
        docs = await self.collection(db).find({"_id": {"$in": sorted(set(identifiers))}}, session=session)
        return {doc["_id"]: from_doc(self.kind, doc) for doc in docs}

    async def insert(self, db: Database, session: Session, document: D) -> D:
        """Insert a new document, with its times set; raises DuplicateKey."""
        now = now_ms()
        stamped = msgspec.structs.replace(document, created_at=now, updated_at=now)
        doc = to_doc(stamped)
        await self.collection(db).insert_one(doc, session=session)
        note(session, self.kind, {}, doc)
        return stamped

    async def replace(self, db: Database, session: Session, document: D) -> D:
        """Store an edited document over the revision it was read at.

        Raises Refused(precondition_failed) when somebody else was faster.
        """
        stamped = msgspec.structs.replace(document, rev=document.rev + 1, updated_at=now_ms())
        where = {"_id": document.id, "rev": document.rev}
        doc = to_doc(stamped)
        before = await self.collection(db).find_one_and_replace(where, doc, session=session)
        if before is None:
            raise Refused(CommonRefusal.PRECONDITION_FAILED, id=document.id)
        note(session, self.kind, before, doc)
        return stamped

    async def delete(self, db: Database, session: Session, document: D) -> None:
        """Delete a document; the audit trail keeps what it was."""
        await self.collection(db).delete_one({"_id": document.id}, session=session)
        note(session, self.kind, to_doc(document), {})

    async def page(
        self,
        db: Database,
        where: Mapping[str, Any],
        *,
        cursor: str,
        limit: int,
        without: Sequence[str] = (),
    ) -> Page[D]:
        """Give a page, newest first; ids sort by time of creation, so the last id is the cursor.

        Fields of `without`, which the kind has to do without, are not read.
        """
        bounded = {"$and": [where, {"_id": {"$lt": cursor}}]} if cursor else where
        docs = await self.collection(db).find(
            bounded, projection=dict.fromkeys(without, 0), sort=[("_id", -1)], limit=limit + 1
        )
        items = [from_doc(self.kind, doc) for doc in docs[:limit]]
        return Page(items=items, next_cursor=items[-1].id if len(docs) > limit else None)


def check_rev(document: Document, wanted: int) -> None:
    """Raise Refused(precondition_failed) unless the document is at the revision the caller saw (0: any)."""
    if wanted and document.rev != wanted:
        raise Refused(CommonRefusal.PRECONDITION_FAILED, id=document.id, expected=wanted, got=document.rev)


def within(businesses: Sequence[str] | None) -> dict[str, Any]:
    """Make the filter that keeps a list inside the given businesses (None: all)."""
    return {} if businesses is None else {"business": {"$in": list(businesses)}}


def reach(actor: Actor, wanted: Grant, business: str = "") -> dict[str, Any]:
    """Make the filter of what the actor may list: the things of a business, or of all in which she may.

    Raises Refused when she may not in that one, or is nobody.
    """
    if business or actor.guest:
        authorise(actor, wanted, business)
        return {"business": business}
    return within(places(actor, wanted))


def listed(actor: Actor, wanted: Grant, own: str) -> dict[str, Any]:
    """Make the filter of what the actor may list: all of her businesses, and what she supplies elsewhere.

    `own` is the field that names the supplier.
    """
    general, supplied = within(places(actor, wanted)), own_places(actor, wanted)
    if not supplied:
        return general
    return {"$and": [{"$or": [general, {"business": {"$in": supplied}, own: actor.id}]}]}


def changed_fields(edit: msgspec.Struct) -> dict[str, Any]:
    """Give the fields of an edit that the caller sent (the others are UNSET)."""
    return {
        name: value for name in edit.__struct_fields__ if (value := getattr(edit, name)) is not msgspec.UNSET
    }


def fields_of(extended: Extended | None) -> dict[str, Any]:
    """Give the extension fields a document is to be made with."""
    return {} if extended is None else {"ext": extended.ext, "model": extended.model}


def edited(document: D, changes: Mapping[str, Any]) -> D:
    """Give the document with those fields changed."""
    return msgspec.structs.replace(document, **changes)


def titled(words: str, field: str = "title") -> dict[str, Any]:
    """Make the filter of documents whose title has these words (letters alike in any case); none: all."""
    pattern = re.escape(words).replace("\0", r"\x00")  # the database takes no bare zero in a pattern
    return {field: {"$regex": pattern, "$options": "i"}} if words else {}
