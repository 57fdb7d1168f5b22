"""Revisions: listed, read, compared so that a person can read it, and made a draft again."""

import asyncio
from typing import Any

from content.authority import authorise
from content.documents import edited
from content.models.actions.extending import newest
from content.models.layers import Modelled, anchor_of, find_document, layer_of
from content.models.moving import move
from content.models.rules.compiled import Compiled, compiled
from content.publishing import rules
from content.publishing.actions.drafting import (
    authors_so_far,
    begin,
    begun,
    keep,
    moved,
    record,
    transacted,
)
from content.publishing.desk import Desk, look, show
from content.publishing.ports import References
from content.publishing.rules import Move
from content.publishing.rules.face import EXT, base_model, face_of, fields_by_key, named, prepare, unwritten
from content.publishing.rules.readable import Side, readable, values_in, words_for
from content.publishing.store import revision_id, revisions
from content.publishing.views import (
    Comparison,
    DraftView,
    Label,
    RevisionView,
    WholeRevision,
    show_change,
    show_revision,
    show_whole,
)
from content.uses.store import extension_of
from infra.http import Page
from infra.mongo import Database, Session, from_doc
from schemas.accounts import Actor
from schemas.models import ModelVersion
from schemas.problems import CommonRefusal, FieldError, Refused
from schemas.publishing import Face, Revision

DRAFT, PUBLISHED = "draft", "published"


async def list_revisions(
    db: Database, actor: Actor, identifier: str, *, cursor: str, limit: int
) -> Page[RevisionView]:
    """List the revisions of a document, newest first."""
    await _own(db, actor, identifier)
    where: dict[str, Any] = {"document": identifier}
    if cursor:
        where["number"] = {"$lt": number_of(cursor, "/cursor")}
    docs = await revisions.collection(db).find(where, sort=[("number", -1)], limit=limit + 1)
    found = [from_doc(Revision, doc) for doc in docs[:limit]]
    return Page(
        items=[show_revision(one) for one in found],
        next_cursor=str(found[-1].number) if len(docs) > limit else None,
    )


async def read_revision(db: Database, actor: Actor, identifier: str, number: int) -> WholeRevision:
    """Give a revision with all it held."""
    await _own(db, actor, identifier)
    return show_whole(await revisions.get(db, revision_id(identifier, number)))


async def compare(
    db: Database, asked: References, actor: Actor, identifier: str, before: str, after: str
) -> Comparison:
    """Tell what changed from one to another, each a revision's number, `published` or `draft`.

    What nobody has seen yet is published as nothing: all of it is new to who reviews it.
    """
    document = await _own(db, actor, identifier)
    first, second = [
        await _side(db, document, name, f"/{place}") for name, place in ((before, "from"), (after, "to"))
    ]
    layer = layer_of(document)
    changes = await asyncio.to_thread(readable, layer, first, second)
    told = values_in(changes)
    references = [one for side in (first, second) for one in named(layer, side.face, side.extension)]
    titles = await asked.titles(document.business, [one for one in references if one.id in told])
    choices = words_for(changes, layer, first, second)
    return Comparison(
        document=identifier,
        layer=layer,
        from_=before,
        to=after,
        changes=[show_change(one) for one in changes],
        names={
            **{value: Label(**label) for value, label in choices.items()},
            **{key: Label(zh=title, en=title) for key, title in titles.items()},
        },
    )


async def restore(db: Database, actor: Actor, identifier: str, number: int, *, rev: int) -> DraftView:
    """Make a draft of a revision, its extension fields under the newest version."""
    document = await find_document(db, identifier)
    authorise(actor, rules.EDIT, document.business, await anchor_of(db, document))
    revision = await revisions.get(db, revision_id(identifier, number))
    version = await newest(db, document)
    old = await extension_of(db, revision.model)

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, rev)
        state = moved(desk.draft, Move.SAVE)
        draft = begun(desk, actor, await authors_so_far(db, session, desk))
        face, model = _carried(desk, revision, old, version)
        changes: dict[str, Any] = {
            "state": state,
            "face": face,
            "model": model,
            "base": desk.published,
            "title": revision.title,
            "reviewed_by": None,
            "restored": number,
        }
        await keep(db, session, desk, edited(draft, changes))
        await record(db, session, actor, rules.EDIT.name, desk, {"restored": number})
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))


def _carried(
    desk: Desk, revision: Revision, old: Compiled | None, version: ModelVersion | None
) -> tuple[Face, str]:
    """Give a revision's face as it can be published now, and the version of its extension fields."""
    ext = revision.face.get(EXT, {})
    document, layer = desk.document, desk.draft.layer
    known = fields_by_key(base_model(layer).fields)
    base = {name: value for name, value in revision.face.items() if name in known}
    if (ext, revision.model) == (document.ext, document.model) or version is None:
        return prepare(layer, {**base, EXT: ext}, None).face, revision.model
    new = compiled(version.text)
    if old is not None and revision.model != version.id:
        ext = move(ext, old, new).ext
    return prepare(layer, {**base, EXT: ext}, new).face, version.id


async def _own(db: Database, actor: Actor, identifier: str) -> Modelled:
    document = await find_document(db, identifier)
    authorise(actor, rules.READ, document.business)
    return document


async def _side(db: Database, document: Modelled, name: str, pointer: str) -> Side:
    if name == DRAFT:
        desk = await look(db, document)
        face, model = desk.face, desk.model
    elif name == PUBLISHED:
        face, model = face_of(document), document.model
        if rules.is_unseen(document):
            face, model = unwritten(layer_of(document)), ""
    else:
        revision = await revisions.get(db, revision_id(document.id, number_of(name, pointer)))
        face, model = revision.face, revision.model
    return Side(face=face, extension=await extension_of(db, model))


def number_in_path(text: str) -> int:
    """Read a revision's number where it names something; raises Refused(not_found)."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise Refused(CommonRefusal.NOT_FOUND)


def number_of(text: str, pointer: str) -> int:
    """Read a revision's number; raises Refused(invalid)."""
    if text.isascii() and text.isdigit() and 0 < len(text) < 10:
        return int(text)
    error = FieldError(pointer=pointer, expected="`published`, `draft` or a number", got=text[:60])
    raise Refused(CommonRefusal.INVALID, errors=[error])
