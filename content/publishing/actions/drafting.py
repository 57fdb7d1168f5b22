"""Working on a draft: reading, saving, discarding it. Nobody's edit is lost to another's."""

from typing import Any

import msgspec

from content import audit
from content.authority import authorise
from content.documents import edited
from content.models.actions.extending import newest
from content.models.layers import Modelled, anchor_of, find_document
from content.publishing import rules
from content.publishing.desk import Desk, fit_face, look, show
from content.publishing.rules import Move
from content.publishing.rules.compare import differences
from content.publishing.rules.face import check_size
from content.publishing.store import FIRST_REV, drafts
from content.publishing.views import DraftEdit, DraftView
from content.uses.rules import DRAFT, uses_of_draft
from content.uses.store import extension_of, forget_entries, keep_uses
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.problems import CommonRefusal, Refusal, Refused
from schemas.publishing import Draft, DraftState, Who

AUTHORS = 50
"""Most people that are kept as authors of a draft."""


async def read_draft(db: Database, actor: Actor, identifier: str) -> DraftView:
    """Give the draft of a document to the people of its business."""
    document = await find_document(db, identifier)
    authorise(actor, rules.READ, document.business)
    return await show(db, await look(db, document))


async def save_draft(db: Database, actor: Actor, identifier: str, edit: DraftEdit, *, rev: int) -> DraftView:
    """Replace the face of a draft; the first time begins one. It may be unfinished.

    Raises Refused(invalid) for what is too much, Refused(wrong_state) while it is being reviewed, and
    Refused(precondition_failed), with the draft as it is, when somebody else was faster.
    """
    document = await find_document(db, identifier)
    authorise(actor, rules.EDIT, document.business, await anchor_of(db, document))
    if too_much := check_size(edit.face):
        raise Refused(CommonRefusal.INVALID, errors=[too_much])
    version = await newest(db, document)

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, rev)
        ready, model = fit_face(desk, edit.face, version)
        draft = begun(desk, actor, await authors_so_far(db, session, desk))
        settled = edit.resolves or not desk.conflicts
        changes: dict[str, Any] = {
            "state": moved(draft, Move.SAVE),
            "face": ready.face,
            "model": model,
            "base": desk.published if settled else draft.base,
            "title": str(ready.face.get("title") or desk.document.title)[:60],
            "reviewed_by": None,
        }
        await keep(db, session, desk, edited(draft, changes))
        changed = [one.pointer for one in differences(desk.face, ready.face)][:50]
        await record(db, session, actor, rules.EDIT.name, desk, {"changed": changed})
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))


async def discard_draft(db: Database, actor: Actor, identifier: str, *, rev: int) -> DraftView:
    """Throw away what was worked on: the draft is what is published again."""
    document = await find_document(db, identifier)
    authorise(actor, rules.EDIT, document.business, await anchor_of(db, document))

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, rev)
        moved(desk.draft, Move.DISCARD)
        await cleaned(db, session, desk.document, desk.draft)
        await record(db, session, actor, rules.EDIT.name, desk, {"move": Move.DISCARD})
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))


async def begin(db: Database, session: Session, identifier: str, rev: int) -> Desk:
    """Read a document and its draft for a change; raises Refused(precondition_failed)."""
    desk = await look(db, await find_document(db, identifier, session), session)
    if rev and desk.draft.rev != rev:
        raise Refused(CommonRefusal.PRECONDITION_FAILED, id=identifier, expected=rev, got=desk.draft.rev)
    return desk


def begun(desk: Desk, actor: Actor, so_far: list[Who]) -> Draft:
    """Give the draft with the actor among its authors; a clean one begins from what is published."""
    who = Who(id=actor.id, name=actor.name)
    draft = desk.draft
    if desk.clean:
        changes: dict[str, Any] = {
            "face": desk.published,
            "model": desk.document.model,
            "base": desk.published,
            "authors": so_far,
            "title": desk.document.title,
        }
        draft = edited(draft, changes)
    known = {one.id for one in draft.authors}
    return draft if who.id in known else edited(draft, {"authors": [*draft.authors, who][:AUTHORS]})


async def authors_so_far(db: Database, session: Session, desk: Desk) -> list[Who]:
    """Give who wrote on a document that nobody but its own people has seen yet: its maker and editors."""
    if not desk.clean or rules.is_shown(desk.document):
        return []
    entries = await db.collection(audit.COLLECTION).find(
        {"target": desk.document.id},
        projection={"actor": 1, "actor_name": 1},
        sort=[("_id", 1)],
        limit=AUTHORS,
        session=session,
    )
    found = {str(one["actor"]): str(one["actor_name"]) for one in entries}
    return [Who(id=identifier, name=name) for identifier, name in found.items()]


def moved(draft: Draft, move: Move) -> DraftState:
    """Give the state a move leads to; raises Refused(wrong_state)."""
    state = rules.move(draft.state, move)
    if isinstance(state, Refusal):
        raise Refused(state)
    return state


async def keep(db: Database, session: Session, desk: Desk, draft: Draft) -> Draft:
    """Store a draft, and what it refers to."""
    if draft.state is not desk.draft.state:
        draft = edited(draft, {"since": now_ms()})
    extension = await extension_of(db, draft.model, session)
    entry = uses_of_draft(desk.document, draft.title, draft.face, extension)
    await keep_uses(db, session, [entry])
    return await stored(db, session, draft)


async def stored(db: Database, session: Session, draft: Draft) -> Draft:
    """Store a draft; the first time it is made."""
    if draft.rev > FIRST_REV:
        return await drafts.replace(db, session, draft)
    return await drafts.insert(db, session, msgspec.structs.replace(draft, rev=FIRST_REV + 1))


async def cleaned(db: Database, session: Session, document: Modelled, draft: Draft) -> Draft:
    """Store a draft on which nothing is worked any more."""
    await forget_entries(db, session, [f"{document.id}{DRAFT}"])
    clean = Draft(
        id=draft.id,
        rev=draft.rev,
        created_at=draft.created_at,
        document=draft.document,
        business=draft.business,
        layer=draft.layer,
        title=document.title,
        since=now_ms(),
    )
    return await stored(db, session, clean)


async def settle(db: Database, session: Session, document: Modelled) -> None:
    """Clean the draft of a document that was shown or hidden past it, unless it still changes something."""
    desk = await look(db, document, session)
    if not desk.clean and desk.face == desk.published:
        await cleaned(db, session, document, desk.draft)


async def record(
    db: Database, session: Session, actor: Actor, action: str, desk: Desk, data: dict[str, Any]
) -> None:
    """Write what was done with a draft into the audit trail."""
    await audit.record(
        db, session, actor, action, target=desk.document.id, business=desk.document.business, data=data
    )


async def transacted(db: Database, identifier: str, work: Any) -> Desk:
    """Run the work; who was too late is told the draft as it is."""
    try:
        desk: Desk = await db.transact(work)
        return desk
    except DuplicateKey:
        raise await outdated(db, identifier, {"id": identifier}) from None
    except Refused as refused:
        if refused.code is not CommonRefusal.PRECONDITION_FAILED:
            raise
        raise await outdated(db, identifier, dict(refused.data)) from None


async def outdated(db: Database, identifier: str, data: dict[str, Any]) -> Refused:
    """Make the refusal of who was too late: it tells the draft as it is."""
    # What refused us may not be acknowledged by a majority yet: outside a transaction it is not seen.
    desk = await db.transact(lambda session: _look_again(db, session, identifier))
    return Refused(CommonRefusal.PRECONDITION_FAILED, **data, draft=await show(db, desk))


async def _look_again(db: Database, session: Session, identifier: str) -> Desk:
    return await look(db, await find_document(db, identifier, session), session)
