"""The live content of a program: there while the picture is, written beside the program's own move."""

import msgspec

from content.contents.store import by_source, contents
from infra.clock import now_ms
from infra.mongo import Database, Session
from schemas.content import Content, ContentKind, ContentState, Program
from schemas.ids import new_id


async def open_live(db: Database, session: Session, program: Program) -> None:
    """Make the program's live content unless it is there."""
    if await by_source(db, program.id, ContentKind.LIVE, session=session):
        return
    content = Content(
        id=new_id("cnt"),
        business=program.business,
        program=program.id,
        room=program.room,
        kind=ContentKind.LIVE,
        title=program.title,
        state=ContentState.PUBLISHED,
        cover=program.cover,
        published_at=now_ms(),
        demo=program.demo,
    )
    await contents.insert(db, session, content)


async def close_live(db: Database, session: Session, program: Program) -> None:
    """Withdraw the live content: the replay takes its place."""
    found = await by_source(db, program.id, ContentKind.LIVE, session=session)
    if found is None or found.state is ContentState.WITHDRAWN:
        return
    span = max(0, (program.ended_at or now_ms()) - (program.went_live_at or now_ms()))
    withdrawn = msgspec.structs.replace(found, state=ContentState.WITHDRAWN, duration_ms=span)
    await contents.replace(db, session, withdrawn)
