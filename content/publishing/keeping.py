"""Revisions: every face that a document ever showed is kept, whichever way it came to be.

Other components call `keep_face` where they change documents in place. What was changed past it, by a
process of ours, is found at the next change and kept then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from content.businesses.store import businesses
from content.contents.store import contents
from content.documents import edited
from content.models.layers import Modelled, layer_of
from content.programs.store import programs
from content.publishing import rules
from content.publishing.due import plan_expiry
from content.publishing.rules.face import face_of
from content.publishing.store import (
    FIRST_REV,
    draft_id,
    draft_of,
    drafts,
    last_revision,
    outdate,
    revision_id,
    revisions,
)
from content.rooms.store import rooms
from content.uses.rules import uses_of
from content.uses.store import extension_of, keep_uses
from infra.mongo import Database, Session, from_doc
from schemas.accounts import SYSTEM, Actor
from schemas.content import Content, ContentState, Program, Room
from schemas.problems import Refused
from schemas.publishing import Draft, DraftState, Referred, Revision, RevisionOrigin, Uses, Who

Doc = dict[str, Any]


class How(msgspec.Struct, frozen=True, kw_only=True):
    """How a document came to change."""

    origin: RevisionOrigin
    approved_by: Who | None = None
    refers: Sequence[Referred] = ()
    restored: int = 0


KINDS: Mapping[str, type[Modelled]] = {rooms.name: Room, programs.name: Program, contents.name: Content}
EDITED = How(origin=RevisionOrigin.EDITED)


async def keep_face(db: Database, session: Session, actor: Actor, before: Modelled, after: Modelled) -> None:
    """Keep a revision of a document that was edited in place; one whose face stays is left alone.

    To be called in the transaction, when the document is stored. Raises Refused(review_needed) for people
    of a business that publishes nothing without another's approval; drafts are their way.
    """
    if before.ext == after.ext and before.model == after.model and face_of(before) == face_of(after):
        return
    if not actor.system and rules.is_shown(before):
        business = await businesses.get(db, before.business, session)
        if refusal := rules.check_reviewed(None, business.review):
            raise Refused(refusal)
    last = await last_revision(db, after.id, session)
    await keep_revision(db, session, actor, before, after, EDITED, last)
    await touch(db, session, actor, after)


async def check_showing(db: Database, session: Session, actor: Actor, document: Modelled) -> None:
    """Refuse to show what people wrote and nobody else approved, where that is needed.

    What was shown before, and not edited since, is shown again. Raises Refused(review_needed).
    """
    if actor.system:
        return
    business = await businesses.get(db, document.business, session)
    refusal = rules.check_reviewed(None, business.review)
    if refusal is None:
        return
    last = await last_revision(db, document.id, session)
    withdrawn = isinstance(document, Content) and document.state is ContentState.WITHDRAWN
    if not withdrawn or (last is not None and last.origin is RevisionOrigin.EDITED):
        raise Refused(refusal)


async def keep_revision(
    db: Database,
    session: Session,
    actor: Actor,
    before: Modelled,
    after: Modelled,
    how: How,
    last: Revision | None,
) -> Revision:
    """Keep what a document shows now, and before it what it showed when that was never kept.

    `last` is its newest revision; each comes with a change of the document, so it is as old as `before`.
    """
    number = last.number if last else 0
    seen = last is not None or rules.is_shown(before)
    if seen and (last is None or last.face != face_of(before)):
        number += 1
        found = How(origin=RevisionOrigin.FOUND)
        await revisions.insert(db, session, _snapshot(before, number, SYSTEM, found))
    snapshot = _snapshot(after, number + 1, actor, how)
    await plan_expiry(db, session, after)
    return await revisions.insert(db, session, snapshot)


async def touch(db: Database, session: Session, actor: Actor, document: Modelled) -> None:
    """Count up the draft of a document that was changed past it, so that who edits it looks again.

    What she changed is a part of the draft now, and she one of its authors.
    """
    draft = await draft_of(db, document.id, session)
    if draft is not None:
        known = {one.id for one in draft.authors}
        if draft.state is not DraftState.CLEAN and not actor.system and actor.id not in known:
            draft = edited(draft, {"authors": [*draft.authors, Who(id=actor.id, name=actor.name)]})
        await drafts.replace(db, session, draft)
        return
    made: dict[str, Any] = {"rev": FIRST_REV + 1}
    await drafts.insert(db, session, edited(fresh(document), made))


async def follow(db: Database, session: Session, collection: str, docs: Sequence[Doc]) -> None:
    """Enter what documents refer to that a process of ours rewrote, and let who edits them look again."""
    entries = await entries_of(db, session, collection, docs)
    await keep_uses(db, session, entries)
    await outdate(db, session, [one.document for one in entries])


async def entries_of(db: Database, session: Session, collection: str, docs: Sequence[Doc]) -> list[Uses]:
    """Tell what stored documents refer to."""
    written = [from_doc(KINDS[collection], doc) for doc in docs]
    return [uses_of(one, await extension_of(db, one.model, session)) for one in written]


def fresh(document: Modelled) -> Draft:
    """Give the draft of a document of which none was ever made."""
    return Draft(
        id=draft_id(document.id),
        rev=FIRST_REV,
        document=document.id,
        business=document.business,
        layer=layer_of(document),
        title=document.title,
    )


def _snapshot(document: Modelled, number: int, actor: Actor, how: How) -> Revision:
    return Revision(
        id=revision_id(document.id, number),
        document=document.id,
        business=document.business,
        layer=layer_of(document),
        number=number,
        title=document.title,
        face=face_of(document),
        model=document.model,
        refers=list(how.refers),
        origin=how.origin,
        by=None if actor.system and actor.id == SYSTEM.id else Who(id=actor.id, name=actor.name),
        approved_by=how.approved_by,
        restored=how.restored,
    )
