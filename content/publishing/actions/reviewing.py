"""The way of a draft through review: handed in, withdrawn, approved, sent back; and the queue."""

from content.authority import Grant, authorise
from content.businesses.store import businesses
from content.contents.store import contents
from content.contents.views import Byline
from content.documents import edited, reach
from content.models.layers import anchor_of, find_document
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
from content.publishing.actions.sound import find_sound
from content.publishing.desk import Desk, as_seen, authors, look, show
from content.publishing.ports import References
from content.publishing.rules import Move
from content.publishing.rules.compare import differences
from content.publishing.store import drafts
from content.publishing.views import DraftView, ReviewItem
from infra.http import Page
from infra.mongo import Database, Session, from_doc
from schemas.accounts import Actor
from schemas.models import Layer
from schemas.problems import CommonRefusal, FieldError, Refused
from schemas.publishing import Draft, DraftState, Who


async def submit_draft(
    db: Database, asked: References, actor: Actor, identifier: str, *, rev: int
) -> DraftView:
    """Hand a draft in for review. Raises Refused(draft_not_sound, draft_outdated, nothing_to_publish)."""
    document = await find_document(db, identifier)
    authorise(actor, rules.SUBMIT, document.business, await anchor_of(db, document))
    ready = await find_sound(db, asked, identifier, rev)

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, ready.draft_rev)
        state = moved(desk.draft, Move.SUBMIT)
        draft = begun(desk, actor, await authors_so_far(db, session, desk))
        changes = {
            **as_seen(desk),
            "state": state,
            "submitted_by": _who(actor),
            "reviewed_by": None,
            "reason": "",
            "failure": "",
        }
        await keep(db, session, desk, edited(draft, changes))
        await record(db, session, actor, rules.SUBMIT.name, desk, {"move": Move.SUBMIT})
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))


async def withdraw_draft(db: Database, actor: Actor, identifier: str, *, rev: int) -> DraftView:
    """Take a draft back from review, to go on with it."""
    return await _step(db, actor, identifier, rules.SUBMIT, Move.WITHDRAW, rev)


async def approve_draft(db: Database, actor: Actor, identifier: str, *, rev: int) -> DraftView:
    """Approve a draft that was handed in. Raises Refused(own_review)."""
    return await _step(db, actor, identifier, rules.REVIEW, Move.APPROVE, rev)


async def send_back_draft(db: Database, actor: Actor, identifier: str, reason: str, *, rev: int) -> DraftView:
    """Send a draft back to its authors, and tell them why."""
    if not reason.strip():
        error = FieldError(pointer="/reason", expected="a reason")
        raise Refused(CommonRefusal.INVALID, errors=[error])
    return await _step(db, actor, identifier, rules.REVIEW, Move.SEND_BACK, rev, reason)


async def _step(
    db: Database, actor: Actor, identifier: str, grant: Grant, move: Move, rev: int, reason: str = ""
) -> DraftView:
    document = await find_document(db, identifier)
    anchor = await anchor_of(db, document) if grant is rules.SUBMIT else ""
    authorise(actor, grant, document.business, anchor)

    async def work(session: Session) -> Desk:
        desk = await begin(db, session, identifier, rev)
        state = moved(desk.draft, move)
        business = await businesses.get(db, document.business, session)
        refusal = rules.check_reviewer(desk.draft, actor.id, business.review)
        if move is Move.APPROVE and refusal:
            raise Refused(refusal)
        reviewed = _who(actor) if grant is rules.REVIEW else None
        changes = {**as_seen(desk), "state": state, "reviewed_by": reviewed, "reason": reason}
        await keep(db, session, desk, edited(desk.draft, changes))
        data = {"move": move, "reason": reason} if reason else {"move": move}
        await record(db, session, actor, grant.name, desk, data)
        return await look(db, desk.document, session)

    return await show(db, await transacted(db, identifier, work))


async def list_reviews(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    state: DraftState = DraftState.SUBMITTED,
    layer: Layer | None = None,
    cursor: str,
    limit: int,
) -> Page[ReviewItem]:
    """List drafts in a state, those first that have been in it longest."""
    where = reach(actor, rules.READ, business)
    where["state"] = state
    if layer:
        where["layer"] = layer
    if cursor:
        since, last = read_cursor(cursor)
        where["$or"] = [{"since": {"$gt": since}}, {"since": since, "_id": {"$gt": last}}]
    docs = await drafts.collection(db).find(where, sort=[("since", 1), ("_id", 1)], limit=limit + 1)
    found = [from_doc(Draft, doc) for doc in docs[:limit]]
    more = len(docs) > limit
    by = await authors(db, (await contents.several(db, [one.document for one in found])).values())
    return Page(
        items=[_item(one, by.get(one.document)) for one in found],
        next_cursor=f"{found[-1].since}.{found[-1].id}" if more else None,
    )


def read_cursor(cursor: str) -> tuple[int, str]:
    """Read a cursor; raises Refused(invalid)."""
    since, _, last = cursor.partition(".")
    if not since.isascii() or not since.isdigit() or len(since) > 15 or not last:
        error = FieldError(pointer="/cursor", expected="a cursor", got=cursor[:60])
        raise Refused(CommonRefusal.INVALID, errors=[error])
    return int(since), last


def _item(draft: Draft, by: Byline | None) -> ReviewItem:
    changed = dict.fromkeys(one.path[0] for one in differences(draft.base, draft.face))
    return ReviewItem(
        document=draft.document,
        business=draft.business,
        layer=draft.layer,
        title=draft.title,
        state=draft.state,
        since=draft.since,
        rev=draft.rev,
        authors=draft.authors,
        submitted_by=draft.submitted_by,
        reviewed_by=draft.reviewed_by,
        reason=draft.reason,
        failure=draft.failure,
        publish_at=draft.publish_at,
        changed=list(changed),
        by=by,
    )


def _who(actor: Actor) -> Who:
    return Who(id=actor.id, name=actor.name)
