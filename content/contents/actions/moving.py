"""Contents in and out of sight."""

from typing import Any

from content.authority import Grant, authorise
from content.contents import rules
from content.contents.actions.trail import audited, published
from content.contents.rules import Move
from content.contents.store import contents
from content.contributions.rules import check_showable
from content.documents import check_rev, edited
from content.publishing.actions.drafting import settle
from content.publishing.due import plan_expiry
from content.publishing.keeping import check_showing
from infra import outbox
from infra.clock import now_ms
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Content, ContentState
from schemas.problems import Refusal, Refused


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
        if state is ContentState.PUBLISHED:
            state = check_showable(content) or rules.check_whole(content) or state
        if isinstance(state, Refusal):
            raise Refused(state)
        changes: dict[str, Any] = {"state": state}
        if state is ContentState.PUBLISHED:
            await check_showing(db, session, actor, content)
            changes["published_at"] = now_ms()
        changed = await contents.replace(db, session, edited(content, changes))
        await settle(db, session, changed)
        await audited(db, session, actor, grant, changed, {"state": state})
        if state is ContentState.PUBLISHED:
            await plan_expiry(db, session, changed)
            await outbox.publish(db, session, published(changed))
        return changed

    return await db.transact(work)
