"""Handing in, again after it was sent back, and taking back what is one's own."""

from collections.abc import Mapping
from typing import Any

import msgspec

from content import audit
from content.contents import rules as content_rules
from content.contents.store import contents
from content.contributions import rules
from content.contributions.actions import reading
from content.contributions.actions.reading import Contributor, contributor, extension_for, hers
from content.contributions.views import Contribution, ContributionView, Written
from content.documents import check_rev, edited
from content.models.moving import found_by
from content.models.rules.compiled import Compiled
from content.models.rules.richtext import clean
from content.models.store import forget_facets, keep_facets
from content.programs.sight import may_enter
from content.programs.store import programs
from content.publishing.actions.drafting import AUTHORS, cleaned, keep
from content.publishing.desk import Desk, lay, look
from content.publishing.keeping import fresh
from content.publishing.rules.face import EXT, face_of
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.content import Content, ContentKind, ContentState, Origin, Program
from schemas.ids import new_id
from schemas.models import ModelVersion
from schemas.problems import CommonRefusal, FieldError, Refusal, Refused
from schemas.publishing import DraftState, Who

PACE = "contributors"
"""A document of each contributor at a business: two transactions that write it collide."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, found sound: the fields of the content, and what its extension fields are under."""

    fields: dict[str, Any]
    ext: dict[str, Any]
    version: ModelVersion | None
    extension: Compiled | None


async def contribute(db: Database, actor: Actor, new: Contribution) -> ContributionView:
    """Hand in an article or a picture set, as a creator or a customer: it waits for the business's review.

    Whoever is signed in. Raises Refused(contributions_not_taken, contributor_suspended, invalid,
    too_many_waiting, too_many_contributions).
    """
    who = await contributor(db, actor, new.business)
    program = await programs.get(db, new.program) if new.program else None
    if program is not None and not may_enter(actor, program):
        raise Refused(CommonRefusal.NOT_FOUND, id=new.program)
    kind = ContentKind(new.kind)
    ready = await _sound(db, who, kind, new, program)
    made = Content(
        id=new_id("cnt"),
        business=new.business,
        program=new.program,
        room=program.room if program else "",
        kind=kind,
        origin=Origin.PGC if who.approved else Origin.UGC,
        author=who.approved.id if who.approved else actor.id,
        ext=ready.ext,
        model=ready.version.id if ready.version and ready.ext else "",
        **ready.fields,
    )

    async def work(session: Session) -> Content:
        await _check_pace(db, session, who, more=True)
        created = await contents.insert(db, session, made)
        await _put_before_reviewers(db, session, actor, lay(created, fresh(created)), created, {})
        await _kept(db, session, actor, created, ready, anew=True)
        return created

    try:
        return await reading.show(db, await db.transact(work))
    except DuplicateKey:  # her first two at the same time
        raise Refused(CommonRefusal.CONFLICT, retry_after=1) from None


async def hand_in_again(
    db: Database, actor: Actor, identifier: str, again: Written, *, rev: int
) -> ContributionView:
    """Rewrite a contribution of one's own that is not shown, and hand it in anew.

    Raises Refused(not_found, wrong_state, precondition_failed) and as handing in does.
    """
    content = await hers(db, actor, identifier)
    who = await contributor(db, actor, content.business)
    program = await programs.find(db, {"_id": content.program}) if content.program else None
    ready = await _sound(db, who, content.kind, again, program, content)

    async def work(session: Session) -> Content:
        before = await look(db, await hers(db, actor, identifier, session), session)
        old = before.document
        if not isinstance(old, Content):
            raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
        check_rev(old, rev)
        _raise(rules.check_again(old, before.draft))
        await _check_pace(db, session, who, more=old.state is not ContentState.PREPARING)
        others = {} if before.clean else before.face
        ext = rules.with_others(ready.extension, ready.ext, others.get(EXT, old.ext))
        changes = {
            **ready.fields,
            "ext": ext,
            "model": ready.version.id if ready.version and ext else "",
            "state": ContentState.PREPARING,
            "taken_back": False,
        }
        stored = await contents.replace(db, session, edited(old, changes))
        await _put_before_reviewers(db, session, actor, before, stored, others)
        await _kept(db, session, actor, stored, ready)
        return stored

    try:
        return await reading.show(db, await db.transact(work))
    except DuplicateKey:  # somebody began its draft at the same time
        raise Refused(CommonRefusal.CONFLICT, retry_after=1) from None


async def take_back(db: Database, actor: Actor, identifier: str) -> ContributionView:
    """Take a contribution of one's own back, shown or not: the business can't show it any more.

    Taken back once more, nothing changes. Raises Refused(not_found, wrong_state).
    """

    async def work(session: Session) -> Content:
        content = await hers(db, actor, identifier, session)
        if content.taken_back:
            return content
        state = content_rules.move(content.state, content_rules.Move.WITHDRAW)
        if isinstance(state, Refusal):
            raise Refused(state)
        stored = await contents.replace(db, session, edited(content, {"state": state, "taken_back": True}))
        desk = await look(db, stored, session)
        if not desk.clean:
            await cleaned(db, session, stored, desk.draft)
        await audit.record(db, session, actor, rules.TAKE_BACK, target=stored.id, business=stored.business)
        return stored

    return await reading.show(db, await db.transact(work))


async def _sound(
    db: Database,
    who: Contributor,
    kind: ContentKind,
    written: Written,
    program: Program | None,
    before: Content | None = None,
) -> Ready:
    """Check what was written; pictures are hers, or in the content already."""
    business = who.business.id
    version, extension = await extension_for(db, business, kind)
    fields = {name: getattr(written, name) for name in rules.WRITTEN}
    fields["body"] = clean(fields["body"])
    there = frozenset() if before is None else frozenset(reading.all_keys_of(before, extension))
    _raise(content_rules.check_fields(kind, fields, business, program, contributor=who.account, there=there))
    ext, errors = rules.fitted_extension(extension, written.ext)
    if missing := rules.check_needed(kind, fields):
        errors = [missing, *errors]
    if not errors:
        for pointer, key in rules.images_in(extension, ext):
            _raise(content_rules.check_picture(key, business, pointer, who.account, there))
    if errors:
        raise Refused(CommonRefusal.INVALID, errors=errors)
    return Ready(fields=fields, ext=ext, version=version, extension=extension)


async def _check_pace(db: Database, session: Session, who: Contributor, *, more: bool) -> None:
    """Refuse what is too much, of one contributor one after the other; `more`: one more will wait."""
    place = f"{who.business.id}:{who.account}"
    await db.collection(PACE).update_one({"_id": place}, {"$inc": {"n": 1}}, upsert=True, session=session)
    told = await reading.limits(db, who, session)
    _raise(rules.check_pace(told.waiting.used if more else 0, told.today.used))


async def _put_before_reviewers(
    db: Database, session: Session, actor: Actor, before: Desk, content: Content, others: Mapping[str, Any]
) -> None:
    """Put a contribution into the queue; what the business's people wrote on it beside her fields stays."""
    published = face_of(content)
    own = {name for name in published if name in (*rules.WRITTEN, EXT)}
    beside = others or published
    face = {name: value for name, value in beside.items() if name not in (*rules.WRITTEN, EXT)}
    who = Who(id=actor.id, name=actor.name)
    authors = [one for one in before.draft.authors if one.id != who.id]
    changes = {
        "state": DraftState.SUBMITTED,
        "face": {**face, **{name: published[name] for name in own}},
        "model": content.model,
        "base": published,
        "title": content.title,
        "authors": [*authors, who][:AUTHORS],
        "submitted_by": who,
        "reviewed_by": None,
        "reason": "",
        "failure": "",
    }
    await keep(db, session, lay(content, before.draft), edited(before.draft, changes))


async def _kept(
    db: Database, session: Session, actor: Actor, content: Content, ready: Ready, *, anew: bool = False
) -> None:
    """Keep what it is found by, and write the trail."""
    if content.ext and ready.version is not None:
        await keep_facets(db, session, [found_by(ready.version, content.id, content.ext)], anew=anew)
    elif not anew:
        await forget_facets(db, session, [content.id])
    data = {"kind": content.kind, "title": content.title, "origin": content.origin}
    await audit.record(
        db, session, actor, rules.CONTRIBUTE, target=content.id, business=content.business, data=data
    )


def _raise(refusal: Refusal | None) -> None:
    """Raise a refusal; where it names a place, as an error there."""
    if refusal is None:
        return
    if refusal.code is CommonRefusal.INVALID and "pointer" in refusal.data:
        told = {name: str(refusal.data.get(name, "")) for name in ("pointer", "expected", "got")}
        raise Refused(CommonRefusal.INVALID, errors=[FieldError(**told)])
    raise Refused(refusal)
