"""Before a program: making, editing, finding it."""

from typing import Any

from content import audit
from content.authority import authorise
from content.creators.rules import check_named
from content.creators.store import creators, of_account
from content.documents import changed_fields, listed, titled
from content.pictures.rules import check_picture_key
from content.programs import rules
from content.programs.actions.change import Change, change_program
from content.programs.store import programs
from content.programs.views import NewProgram, ProgramEdit
from content.rooms.store import rooms
from infra import outbox
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import SYSTEM, Actor
from schemas.content import Program, ProgramState
from schemas.events import ProgramScheduled
from schemas.ids import new_id
from schemas.problems import CommonRefusal, Refusal, Refused


async def create_program(db: Database, actor: Actor, new: NewProgram, *, demo: bool = False) -> Program:
    """Make a program in a room, scheduled when it has a start.

    The room's anchor and operators of its business. Unless another creator is named, it is the one the
    anchor is. Raises Refused(start_not_possible, invalid, creator_not_approved).
    """
    room = await rooms.get(db, new.room)
    authorise(actor, rules.CREATE, room.business, room.anchor)
    refusal = check_picture_key(new.cover, room.business, "/cover")
    if new.starts_at is not None:
        refusal = refusal or rules.check_start(new.starts_at, now_ms())
    if refusal:
        raise Refused(refusal)
    creator = await _creator_for(db, new.creator, room.business, room.anchor)
    program = Program(
        id=new_id("prg"),
        business=room.business,
        room=room.id,
        anchor=room.anchor,
        creator=creator,
        title=new.title,
        intro=new.intro,
        cover=new.cover,
        state=ProgramState.DRAFT if new.starts_at is None else ProgramState.SCHEDULED,
        starts_at=new.starts_at,
        log=new_id("log"),
        demo=demo,
    )

    async def work(session: Session) -> Program:
        created = await programs.insert(db, session, program)
        data = {"state": program.state, "title": program.title}
        await audit.record(
            db, session, actor, rules.CREATE.name, target=program.id, business=room.business, data=data
        )
        if program.starts_at is not None:
            event = ProgramScheduled(
                program=program.id, business=program.business, starts_at=program.starts_at
            )
            await outbox.publish(db, session, event)
        return created

    return await db.transact(work)


async def edit_program(
    db: Database, actor: Actor, identifier: str, edit: ProgramEdit, *, rev: int = 0
) -> Program:
    """Change what is told about a program that is not over."""
    changes = changed_fields(edit)
    named = await creators.find(db, {"_id": changes["creator"]}) if changes.get("creator") else None

    def decide(program: Program) -> Change | Refusal | None:
        if program.state in rules.OVER:
            expected = "a program that is not over"
            return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": program.state})
        if refusal := check_picture_key(changes.get("cover", ""), program.business, "/cover"):
            return refusal
        if changes.get("creator") and (refusal := check_named(named, program.business)):
            return refusal
        return Change(fields=changes, data=changes)

    return await change_program(db, actor, rules.EDIT, identifier, decide, rev=rev)


async def _creator_for(db: Database, named: str, business: str, anchor: str) -> str:
    """Give the creator to be named: the wanted one, else the one the anchor is (none unless approved)."""
    creator = await (creators.find(db, {"_id": named}) if named else of_account(db, business, anchor))
    refusal = check_named(creator, business)
    if named and refusal:
        raise Refused(refusal)
    return creator.id if creator and not refusal else ""


async def read_program(db: Database, actor: Actor, identifier: str) -> Program:
    """Give a program: to anybody when it is public, to its own people always."""
    program = await programs.get(db, identifier)
    if program.state not in rules.PUBLIC:
        if actor.guest:
            raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
        supplier = actor.id if actor.id in program.suppliers else ""
        authorise(actor, rules.READ, program.business, program.anchor, supplier)
    return program


async def list_programs(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    room: str = "",
    states: list[ProgramState] | None = None,
    mine: bool = False,
    words: str = "",
    between: tuple[int, int] | None = None,
    cursor: str,
    limit: int,
) -> Page[Program]:
    """List programs of the actor's businesses; `mine`: those she is the anchor of.

    A supplier's are those that show something of hers. `between` bounds (epoch ms, the end excluded)
    when a program went live, or else its plan.
    """
    where: dict[str, Any] = titled(words)
    if mine:
        where["anchor"] = actor.id
    else:
        where |= listed(actor, rules.READ, "suppliers")
    if business:
        authorise(actor, rules.READ, business, supplier=actor.id)
        where["business"] = business
    if room:
        where["room"] = room
    if states:
        where["state"] = {"$in": states}
    if between:
        span = {"$gte": between[0], "$lt": between[1]}
        where["$or"] = [{"went_live_at": span}, {"went_live_at": None, "starts_at": span}]
    return await programs.page(db, where, cursor=cursor, limit=limit)


async def cover_if_none(db: Database, identifier: str, cover: str) -> bool:
    """Give a program that has no cover this one; tell whether it was taken. System only."""

    def decide(program: Program) -> Change | None:
        return None if program.cover else Change(fields={"cover": cover}, data={"cover": cover})

    program = await change_program(db, SYSTEM, rules.EDIT, identifier, decide)
    return program.cover == cover
