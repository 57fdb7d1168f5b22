"""The one way a program changes: authorise, decide, write, audit and tell, in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from content import audit
from content.authority import Grant
from content.documents import check_rev, edited
from content.programs.sight import authorise_show
from content.programs.store import programs
from content.publishing.keeping import keep_face
from infra import outbox
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Program
from schemas.events import Event
from schemas.problems import Refusal, Refused


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision came to: the fields that change and the events that tell of it."""

    fields: dict[str, Any]
    events: Sequence[Event] = ()
    data: dict[str, Any] = {}
    """For the audit trail."""
    reason: str = ""
    """Why, in a person's words."""


Decide = Callable[[Program], Change | Refusal | None]
"""None means: it is so already, nothing happens."""
Also = Callable[[Session, Program], Awaitable[None]]


async def change_program(
    db: Database,
    actor: Actor,
    grant: Grant,
    identifier: str,
    decide: Decide,
    *,
    rev: int = 0,
    also: Also | None = None,
) -> Program:
    """Change a program as `decide` says; `also` writes beside it in the same transaction.

    `also` is called even when nothing changes and must be idempotent.
    """

    async def work(session: Session) -> Program:
        program = await programs.get(db, identifier, session)
        await authorise_show(db, actor, grant, program, session)
        check_rev(program, rev)
        return await change_within(db, session, actor, grant, program, decide, also)

    return await db.transact(work)


async def change_within(
    db: Database,
    session: Session,
    actor: Actor,
    grant: Grant,
    program: Program,
    decide: Decide,
    also: Also | None,
) -> Program:
    """Change a program as a part of a transaction; whether the actor may is the caller's to say."""
    decided = decide(program)
    if isinstance(decided, Refusal):
        raise Refused(decided)
    if decided is not None:
        before = program
        program = await programs.replace(db, session, edited(program, decided.fields))
        await keep_face(db, session, actor, before, program)
        await audit.record(
            db,
            session,
            actor,
            grant.name,
            target=program.id,
            business=program.business,
            data={"state": program.state, **decided.data},
            reason=decided.reason,
        )
        for event in decided.events:
            await outbox.publish(db, session, event)
    if also is not None:
        await also(session, program)
    return program
