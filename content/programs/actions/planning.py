"""Before a program: making, editing, finding it."""

from typing import Any

from content import audit
from content.authority import authorise
from content.creators.rules import check_named
from content.creators.store import of_account
from content.documents import changed_fields, fields_of, listed, titled
from content.programs import rules
from content.programs.actions.change import Change, change_program
from content.programs.actions.naming import check_fields, look_up
from content.programs.sight import authorise_show, leads, may_enter
from content.programs.store import programs
from content.programs.views import NewProgram, ProgramEdit
from content.rooms.store import rooms
from infra import outbox
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import SYSTEM, Actor
from schemas.content import Program, ProgramState, Room
from schemas.events import ProgramScheduled
from schemas.ids import new_id
from schemas.models import Extended
from schemas.problems import CommonRefusal, Refusal, Refused

TOLD = (
    "title",
    "intro",
    "cover",
    "share_picture",
    "guests",
    "assistants",
    "visibility",
    "channels",
    "recording",
    "rehearsal",
)
"""Fields of a new program that are kept as they come."""
MAX_ROOMS = 200
"""Rooms in which one account has a role, at most as many as are looked at."""


async def create_program(
    db: Database, actor: Actor, new: NewProgram, *, demo: bool = False, extended: Extended | None = None
) -> Program:
    """Make a program in a room, scheduled when it has a start.

    The room's anchor and operators of its business. Unless another creator is named, it is the one the
    anchor is. Raises Refused(start_not_possible, invalid, creator_not_approved, not_a_member).
    """
    room = await rooms.get(db, new.room)
    if not leads(actor, room):
        authorise(actor, rules.CREATE, room.business, room.anchor)
    told = {name: getattr(new, name) for name in TOLD}
    named = await look_up(db, {**told, "creator": new.creator})
    refusal = check_fields({**told, "creator": new.creator}, named, room.business)
    if new.starts_at is not None:
        refusal = refusal or rules.check_start(new.starts_at, now_ms())
    if refusal:
        raise Refused(refusal)
    creator = new.creator or await _creator_of(db, room)
    program = Program(
        id=new_id("prg"),
        business=room.business,
        room=room.id,
        anchor=room.anchor,
        creator=creator,
        state=ProgramState.DRAFT if new.starts_at is None else ProgramState.SCHEDULED,
        starts_at=new.starts_at,
        log=new_id("log"),
        demo=demo,
        **told,
        **fields_of(extended),
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
    """Change what is told about a program; of one that is over, where and to whom it is shown."""
    changes = changed_fields(edit)
    named = await look_up(db, changes)

    def decide(program: Program) -> Change | Refusal | None:
        if program.state in rules.OVER and not rules.SHOWN_AS.issuperset(changes):
            expected = "a program that is not over"
            return Refusal(CommonRefusal.WRONG_STATE, {"expected": expected, "got": program.state})
        refusal = check_fields(changes, named, program.business) or rules.check_policy(program, changes)
        return refusal or Change(fields=changes, data=changes)

    return await change_program(db, actor, rules.EDIT, identifier, decide, rev=rev)


async def _creator_of(db: Database, room: Room) -> str:
    """Give the creator that a room's anchor is; none unless approved."""
    creator = await of_account(db, room.business, room.anchor)
    return creator.id if creator and check_named(creator, room.business) is None else ""


async def read_program(db: Database, actor: Actor, identifier: str) -> Program:
    """Give a program: to anybody when it is open to all, to its own people always."""
    program = await programs.get(db, identifier)
    if not may_enter(actor, program):
        if actor.guest:
            raise Refused(CommonRefusal.NOT_FOUND, id=identifier)
        await authorise_show(db, actor, rules.READ, program)
    return program


async def list_programs(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    room: str = "",
    anchor: str = "",
    states: list[ProgramState] | None = None,
    mine: bool = False,
    words: str = "",
    between: tuple[int, int] | None = None,
    cursor: str,
    limit: int,
) -> Page[Program]:
    """List programs of the actor's businesses; `mine`: those she leads or helps with.

    A supplier's are those that show something of hers. `between` bounds (epoch ms, the end excluded)
    when a program went live, or else its plan.
    """
    where: dict[str, Any] = titled(words)
    if mine:
        where["$and"] = [{"$or": await _hers(db, actor)}]
    else:
        where |= listed(actor, rules.READ, "suppliers")
    if business:
        authorise(actor, rules.READ, business, supplier=actor.id)
        where["business"] = business
    if room:
        where["room"] = room
    if anchor:
        where["anchor"] = anchor
    if states:
        where["state"] = {"$in": states}
    if between:
        span = {"$gte": between[0], "$lt": between[1]}
        where["$or"] = [{"went_live_at": span}, {"went_live_at": None, "starts_at": span}]
    return await programs.page(db, where, cursor=cursor, limit=limit)


async def _hers(db: Database, actor: Actor) -> list[dict[str, Any]]:
    """Make the filter of what somebody leads or helps with, in the businesses she has a part in."""
    named = await rooms.collection(db).find(
        {"roles.account": actor.id}, projection={"_id": 1}, limit=MAX_ROOMS
    )
    part = {"business": {"$in": sorted(actor.roles)}}
    return [
        {"anchor": actor.id},
        {"assistants": actor.id, **part},
        {"room": {"$in": [one["_id"] for one in named]}, **part},
    ]


async def cover_if_none(db: Database, identifier: str, cover: str) -> bool:
    """Give a program that has no cover this one; tell whether it was taken. System only."""

    def decide(program: Program) -> Change | None:
        return None if program.cover else Change(fields={"cover": cover}, data={"cover": cover})

    program = await change_program(db, SYSTEM, rules.EDIT, identifier, decide)
    return program.cover == cover
