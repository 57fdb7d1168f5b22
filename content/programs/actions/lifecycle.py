"""The moves of a program from plan to end, by people and by the media plane.

What the media plane calls (`stream_started`, `stream_interrupted`, `end_program`) is idempotent.
"""

from content.contents import live
from content.programs import rules, store
from content.programs.actions.change import Also, Change, Decide, change_program, change_within
from content.programs.actions.publishing import issue_key
from content.programs.rules import Move
from infra.clock import now_ms
from infra.mongo import Database, Session
from infra.tokens import Tokens
from schemas.accounts import SYSTEM, Actor
from schemas.content import Program, ProgramState
from schemas.events import (
    ProgramCancelled,
    ProgramEnded,
    ProgramInterrupted,
    ProgramScheduled,
    ProgramWentLive,
)
from schemas.media import Stream
from schemas.problems import CommonRefusal, Refusal

GRACE_OVER = "grace_over"
SUSPENDED = "anchor_suspended"


async def schedule_program(
    db: Database, actor: Actor, identifier: str, starts_at: int, *, rev: int = 0
) -> Program:
    """Plan a program's start, or plan it anew."""

    def decide(program: Program) -> Change | Refusal:
        state = rules.move(program.state, Move.SCHEDULE)
        if isinstance(state, Refusal):
            return state
        if refusal := rules.check_start(starts_at, now_ms()):
            return refusal
        event = ProgramScheduled(program=program.id, business=program.business, starts_at=starts_at)
        return Change(
            fields={"state": state, "starts_at": starts_at}, events=[event], data={"starts_at": starts_at}
        )

    return await change_program(db, actor, rules.SCHEDULE, identifier, decide, rev=rev)


async def open_program(
    db: Database, tokens: Tokens, actor: Actor, identifier: str, *, rev: int = 0
) -> Program:
    """Make a program ready for its publisher: it gets a stream key, and starts now unless planned."""

    def decide(program: Program) -> Change | Refusal:
        state = rules.move(program.state, Move.OPEN)
        if isinstance(state, Refusal):
            return state
        fields = {"state": state, "starts_at": program.starts_at or now_ms()}
        return Change(fields={**fields, **issue_key(program, tokens)})

    return await change_program(db, actor, rules.OPEN, identifier, decide, rev=rev)


async def stream_started(db: Database, program_id: str, stream: Stream) -> Program:
    """Take note of a publisher: the program is live, first or again. System only.

    Raises Refused(wrong_state) when the program is not open or over.
    """

    def decide(program: Program) -> Change | Refusal | None:
        if program.state is ProgramState.LIVE:
            return None
        state = rules.move(program.state, Move.START)
        if isinstance(state, Refusal):
            return state
        resumed = program.went_live_at is not None
        event = ProgramWentLive(
            program=program.id, business=program.business, at=stream.started_at, resumed=resumed
        )
        began = program.went_live_at if resumed else stream.started_at
        fields = {"state": state, "went_live_at": began, "grace_until": None}
        return Change(fields=fields, events=[event], data={"stream": stream.id})

    async def also(session: Session, program: Program) -> None:
        await store.keep_stream(db, session, stream)
        await live.open_live(db, session, program)

    return await change_program(db, SYSTEM, rules.PUSH, program_id, decide, also=also)


async def stream_interrupted(db: Database, program_id: str, grace_ms: int) -> Program:
    """Take note that the publisher is gone; the program waits `grace_ms` for it. System only."""
    now = now_ms()

    def decide(program: Program) -> Change | Refusal | None:
        if program.state is ProgramState.INTERRUPTED or program.state in rules.OVER:
            return None
        state = rules.move(program.state, Move.INTERRUPT)
        if isinstance(state, Refusal):
            return state
        until = now + grace_ms
        event = ProgramInterrupted(program=program.id, business=program.business, at=now, grace_until=until)
        return Change(fields={"state": state, "grace_until": until}, events=[event])

    async def also(session: Session, program: Program) -> None:
        await store.close_streams(db, session, program.id, now, "interrupted")

    return await change_program(db, SYSTEM, rules.PUSH, program_id, decide, also=also)


async def end_program(
    db: Database, program_id: str, reason: str, actor: Actor, *, note: str = "", rev: int = 0
) -> Program:
    """End a program: ended_by_anchor, ended_by_operator, anchor_suspended, grace_over, expired.

    Ending it again changes nothing. `grace_over` ends only what is interrupted: a publisher that
    came back in time wins.
    """
    decide, also = _ending(db, reason, note)
    return await change_program(db, actor, rules.END, program_id, decide, rev=rev, also=also)


async def end_shows_of(
    db: Database, session: Session, actor: Actor, business: str, anchor: str, *, note: str
) -> None:
    """End what somebody leads on air in a business, as a part of the transaction that suspends her.

    Shows of others in which she is a guest go on.
    """
    decide, also = _ending(db, SUSPENDED, note)
    for program in await store.on_air_of(db, business, anchor, session):
        await change_within(db, session, actor, rules.END, program, decide, also)


def _ending(db: Database, reason: str, note: str) -> tuple[Decide, Also]:
    now = now_ms()

    def decide(program: Program) -> Change | Refusal | None:
        if program.state is ProgramState.ENDED:
            return None
        state = rules.move(program.state, Move.END)
        if isinstance(state, Refusal):
            return state
        if reason == GRACE_OVER and program.state is ProgramState.LIVE:
            expected = ProgramState.INTERRUPTED
            return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": program.state})
        event = ProgramEnded(program=program.id, business=program.business, at=now, reason=reason)
        told = {"end_reason": reason, "end_note": note}
        fields = {"state": state, "ended_at": now, "grace_until": None, **told}
        return Change(fields=fields, events=[event], data=told, reason=note)

    async def also(session: Session, program: Program) -> None:
        await store.close_streams(db, session, program.id, now, reason)
        await live.close_live(db, session, program)

    return decide, also


async def cancel_program(db: Database, actor: Actor, identifier: str, *, rev: int = 0) -> Program:
    """Call off a program that has not been live."""

    def decide(program: Program) -> Change | Refusal:
        state = rules.move(program.state, Move.CANCEL)
        if isinstance(state, Refusal):
            return state
        event = ProgramCancelled(program=program.id, business=program.business, at=now_ms())
        return Change(fields={"state": state}, events=[event])

    return await change_program(db, actor, rules.CANCEL, identifier, decide, rev=rev)
