"""Contents that are made of a program's recording."""

from collections.abc import Sequence

from content.contents import rules
from content.contents.actions.trail import audited, published
from content.contents.store import by_source, contents
from content.documents import edited
from content.programs.store import programs
from content.publishing.keeping import keep_face
from infra import outbox
from infra.clock import now_ms
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import SYSTEM
from schemas.content import Content, ContentKind, ContentState, Source
from schemas.ids import new_id

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
        await audited(db, session, SYSTEM, rules.PUBLISH, created, {"kind": kind})
        await outbox.publish(db, session, published(created))
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
    await audited(db, session, SYSTEM, rules.PUBLISH, old, {"to_at": made.source.to_at})
    stored = await contents.replace(db, session, edited(old, changes))
    await keep_face(db, session, SYSTEM, old, stored)
    return stored
