"""Publishing a draft: at once, or planned for a time; and the document put on what it is to wear."""

from functools import partial
from typing import Any

from content.authority import authorise
from content.businesses.store import businesses
from content.documents import edited
from content.models.layers import Modelled, find_document, replace_document
from content.models.moving import found_by
from content.models.store import keep_facets
from content.publishing import rules
from content.publishing.actions.drafting import begin, cleaned, keep, moved, record, transacted
from content.publishing.actions.sound import Ready, find_sound
from content.publishing.desk import Desk, as_seen, look, show
from content.publishing.due import call_off, plan_publishing
from content.publishing.keeping import How, keep_revision
from content.publishing.ports import References
from content.publishing.rules import Move, PublishingRefusal
from content.publishing.rules.face import EXT, worn
from content.publishing.rules.worn import check_worn, follows
from content.publishing.views import DraftView
from infra import outbox
from infra.clock import now_ms
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Content, ContentKind, ContentState, Review
from schemas.events import ContentPublished
from schemas.problems import CommonRefusal, FieldError, Refusal, Refused
from schemas.publishing import DraftState, RevisionOrigin, Who

TRIES = 4
"""How often a publishing begins anew when the document changes under it."""


class Changed(Exception):
    """The document or its draft is not what it was when it was looked at."""


async def publish_draft(
    db: Database, asked: References, actor: Actor, identifier: str, *, rev: int
) -> DraftView:
    """Publish a draft. A content that was not shown is shown from now on.

    Raises Refused(review_needed, nothing_to_publish, draft_not_sound, draft_outdated, wrong_state).
    """
    document = await find_document(db, identifier)
    authorise(actor, rules.PUBLISH, document.business)
    return await show(db, await publish(db, asked, actor, identifier, rev=rev))


async def publish(
    db: Database, asked: References, actor: Actor, identifier: str, *, rev: int = 0, planned_at: int = 0
) -> Desk:
    """Publish a draft; with `planned_at` one that is planned for that time."""
    for _ in range(TRIES):
        ready = await find_sound(db, asked, identifier, rev)
        try:
            return await transacted(db, identifier, partial(put_on, db, actor, ready, rev, planned_at))
        except Changed:
            continue
    raise Refused(CommonRefusal.CONFLICT, retry_after=1)


async def put_on(
    db: Database, actor: Actor, ready: Ready, rev: int, planned_at: int, session: Session
) -> Desk:
    """Let the document wear the face, in the transaction that keeps all that follows from it."""
    desk = await begin(db, session, ready.document, rev)
    draft, document = desk.draft, desk.document
    if planned_at and (draft.state is not DraftState.SCHEDULED or draft.publish_at != planned_at):
        return desk
    if (draft.rev, document.rev) != (ready.draft_rev, ready.document_rev):
        raise Changed
    if not planned_at:
        moved(draft, Move.PUBLISH)
    business = await businesses.get(db, document.business, session)
    if refusal := rules.check_reviewed(draft, business.review) or _check_same(desk, business.review):
        raise Refused(refusal)
    changes = worn(document, ready.face, ready.model)
    if isinstance(changes, FieldError):
        raise Refused(PublishingRefusal.DRAFT_NOT_SOUND, errors=[changes])
    if refusal := check_worn(document, changes, now_ms()):
        raise Refused(refusal)
    after = await replace_document(
        db, session, edited(document, {**changes, **follows(changes), **_shown(document)})
    )
    if EXT in changes and ready.version is not None:
        await keep_facets(db, session, [found_by(ready.version, after.id, after.ext)])
    origin = RevisionOrigin.SCHEDULED if planned_at else RevisionOrigin.PUBLISHED
    how = How(origin=origin, approved_by=_approver(desk), refers=ready.refers, restored=draft.restored)
    revision = await keep_revision(db, session, actor, document, after, how, ready.last)
    await cleaned(db, session, after, draft)
    await record(db, session, actor, rules.PUBLISH.name, desk, {"revision": revision.number})
    if isinstance(after, Content) and _shown(document):
        await outbox.publish(db, session, _told(after))
    return await look(db, after, session)


def _check_same(desk: Desk, review: Review) -> Refusal | None:
    """Refuse what became another since it was approved: the document was edited in place."""
    if review is Review.NONE or desk.face == desk.draft.face:
        return None
    return Refusal(PublishingRefusal.REVIEW_NEEDED)


def _shown(document: Modelled) -> dict[str, Any]:
    """Give what changes with a content that becomes seen; a live picture comes and goes with its show."""
    if not isinstance(document, Content) or document.state is ContentState.PUBLISHED:
        return {}
    if document.kind is ContentKind.LIVE:
        return {}
    return {"state": ContentState.PUBLISHED, "published_at": now_ms()}


def _told(content: Content) -> ContentPublished:
    return ContentPublished(
        content=content.id, program=content.program, business=content.business, kind=content.kind
    )


def _approver(desk: Desk) -> Who | None:
    approved = desk.draft.state in (DraftState.APPROVED, DraftState.SCHEDULED)
    return desk.draft.reviewed_by if approved else None


async def schedule_draft(
    db: Database, asked: References, actor: Actor, identifier: str, at: int, *, rev: int
) -> DraftView:
    """Plan a draft's publishing for a time (epoch ms). Raises as publishing does, and due_not_possible."""
    document = await find_document(db, identifier)
    authorise(actor, rules.PUBLISH, document.business)
    if refusal := rules.check_due(at, now_ms()):
        raise Refused(refusal)
    ready = await find_sound(db, asked, identifier, rev)

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, rev)
        if desk.draft.rev != ready.draft_rev:
            raise Refused(CommonRefusal.CONFLICT, retry_after=1)
        state = moved(desk.draft, Move.SCHEDULE)
        business = await businesses.get(db, document.business, session)
        if refusal := rules.check_reviewed(desk.draft, business.review) or _check_same(desk, business.review):
            raise Refused(refusal)
        reviewed = desk.draft.reviewed_by if desk.draft.state is DraftState.APPROVED else None
        planned = {
            "state": state,
            "publish_at": at,
            "scheduled_by": Who(id=actor.id, name=actor.name),
            "reviewed_by": reviewed,
            "failure": "",
        }
        draft = await keep(db, session, desk, edited(desk.draft, {**as_seen(desk), **planned}))
        await plan_publishing(db, session, draft, at)
        await record(db, session, actor, rules.PUBLISH.name, desk, {"at": at})
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))


async def unschedule_draft(db: Database, actor: Actor, identifier: str, *, rev: int) -> DraftView:
    """Call a planned publishing off; an approval stays."""
    document = await find_document(db, identifier)
    authorise(actor, rules.PUBLISH, document.business)

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, rev)
        state = moved(desk.draft, Move.UNSCHEDULE)
        if desk.draft.reviewed_by is not None:
            state = DraftState.APPROVED
        changes = {"state": state, "publish_at": None, "scheduled_by": None}
        await call_off(db, session, identifier, desk.draft.publish_at or 0)
        await keep(db, session, desk, edited(desk.draft, changes))
        await record(db, session, actor, rules.PUBLISH.name, desk, {"move": Move.UNSCHEDULE})
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))
