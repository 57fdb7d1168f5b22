"""Verbs of contents."""

from collections.abc import Sequence
from typing import Any

from content import audit
from content.authority import Grant, authorise, may, places
from content.contents import rules
from content.contents.rules import Move
from content.contents.store import by_source, contents
from content.contents.views import ContentEdit
from content.documents import changed_fields, check_rev, edited, titled, within
from content.programs.store import programs
from infra import outbox
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import SYSTEM, Actor
from schemas.content import Content, ContentKind, ContentState, Source
from schemas.events import ContentPublished
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refusal, Refused

WHOLE_PROGRAM = Source()


async def publish_from(
    db: Database,
    *,
    program_id: str,
    kind: ContentKind,
    title: str,
    source: Source = WHOLE_PROGRAM,
    media: str = "",
    cover: str = "",
    duration_ms: int = 0,
    products: Sequence[str] = (),
) -> Content:
    """Make and publish the content of a source (program, kind and `source.mark`), once. System only.

    Made again, it changes only when the source now reaches further (`source.to_at`): then title,
    media, cover, span and products are the new ones, and a withdrawn content stays withdrawn.
    """
    program = await programs.get(db, program_id)
    made = Content(
        id=new_id("cnt"),
        business=program.business,
        program=program.id,
        room=program.room,
        kind=kind,
        title=title,
        state=ContentState.PUBLISHED,
        cover=cover,
        media=media,
        duration_ms=duration_ms,
        products=list(products),
        source=source,
        published_at=now_ms(),
        demo=program.demo,
    )

    async def work(session: Session) -> Content:
        old = await by_source(db, program.id, kind, source.mark, session)
        if old is not None:
            return await _extend(db, session, old, made)
        created = await contents.insert(db, session, made)
        await _audit(db, session, SYSTEM, rules.PUBLISH, created, {"kind": kind})
        await outbox.publish(db, session, _published(created))
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:  # another process made it between our look and our insert
        return await db.transact(work)


async def _extend(db: Database, session: Session, old: Content, made: Content) -> Content:
    if made.source.to_at <= old.source.to_at:
        return old
    fields = ("title", "cover", "media", "duration_ms", "products", "source")
    changes = {name: getattr(made, name) for name in fields}
    await _audit(db, session, SYSTEM, rules.PUBLISH, old, {"to_at": made.source.to_at})
    return await contents.replace(db, session, edited(old, changes))


async def withdraw_content(db: Database, actor: Actor, identifier: str, *, rev: int = 0) -> Content:
    """Take a content out of sight; it can be published again."""
    return await _move(db, actor, rules.WITHDRAW, identifier, Move.WITHDRAW, rev)


async def publish_content(db: Database, actor: Actor, identifier: str, *, rev: int = 0) -> Content:
    """Show a content (again)."""
    return await _move(db, actor, rules.PUBLISH, identifier, Move.PUBLISH, rev)


async def _move(db: Database, actor: Actor, grant: Grant, identifier: str, wanted: Move, rev: int) -> Content:
    async def work(session: Session) -> Content:
        content = await contents.get(db, identifier, session)
        authorise(actor, grant, content.business)
        check_rev(content, rev)
        state = rules.move(content.state, wanted)
        if isinstance(state, Refusal):
            raise Refused(state)
        changes: dict[str, Any] = {"state": state}
        if state is ContentState.PUBLISHED:
            changes["published_at"] = now_ms()
        changed = await contents.replace(db, session, edited(content, changes))
        await _audit(db, session, actor, grant, changed, {"state": state})
        if state is ContentState.PUBLISHED:
            await outbox.publish(db, session, _published(changed))
        return changed

    return await db.transact(work)


async def edit_content(
    db: Database, actor: Actor, identifier: str, edit: ContentEdit, *, rev: int = 0
) -> Content:
    """Change what is told about a content: its business's operators, and the program's anchor."""
    changes = changed_fields(edit)

    async def work(session: Session) -> Content:
        content = await contents.get(db, identifier, session)
        program = await programs.get(db, content.program, session)
        authorise(actor, rules.EDIT, content.business, program.anchor)
        check_rev(content, rev)
        await _audit(db, session, actor, rules.EDIT, content, changes)
        return await contents.replace(db, session, edited(content, changes))

    return await db.transact(work)


async def read_content(db: Database, actor: Actor, identifier: str) -> Content:
    """Give a content: to anybody when it is published, to its own people always."""
    content = await contents.get(db, identifier)
    if not rules.is_public(content) and not may(actor, rules.READ, content.business):
        raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
    return content


async def contents_of_program(db: Database, actor: Actor, program: str) -> list[Content]:
    """Give all contents of a program the actor may see, oldest first; a program has at most some hundred."""
    docs = await contents.page(db, {"program": program}, cursor="", limit=500)
    return [
        one for one in reversed(docs.items) if rules.is_public(one) or may(actor, rules.READ, one.business)
    ]


async def list_contents(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    product: str = "",
    program: str = "",
    kind: ContentKind | None = None,
    state: ContentState | None = None,
    words: str = "",
    cursor: str,
    limit: int,
) -> Page[Content]:
    """List contents: published ones to anybody; inside an own business those of every state."""
    where: dict[str, Any] = {}
    if business:
        authorise(actor, rules.READ, business)
        where["business"] = business
    elif product:
        where["state"] = ContentState.PUBLISHED
    else:
        where = within(places(actor, rules.READ))
    if product:
        where["products"] = product
    narrow = {"program": program, "kind": kind, "state": state}
    wanted = [where, titled(words), {name: value for name, value in narrow.items() if value}]
    where = {"$and": wanted}
    return await contents.page(db, where, cursor=cursor, limit=limit)


def _published(content: Content) -> ContentPublished:
    return ContentPublished(
        content=content.id, program=content.program, business=content.business, kind=content.kind
    )


async def _audit(
    db: Database, session: Session, actor: Actor, grant: Grant, content: Content, data: dict[str, Any]
) -> None:
    await audit.record(
        db, session, actor, grant.name, target=content.id, business=content.business, data=data
    )
