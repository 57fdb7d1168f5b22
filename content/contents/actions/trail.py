"""What every verb of contents leaves: an audit entry, and the event of what became visible."""

from typing import Any

from content import audit
from content.authority import Grant
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Content
from schemas.events import ContentPublished


def published(content: Content) -> ContentPublished:
    """Tell that a content became visible."""
    return ContentPublished(
        content=content.id, program=content.program, business=content.business, kind=content.kind
    )


async def audited(
    db: Database, session: Session, actor: Actor, grant: Grant, content: Content, data: dict[str, Any]
) -> None:
    """Write who did what to a content."""
    await audit.record(
        db, session, actor, grant.name, target=content.id, business=content.business, data=data
    )
