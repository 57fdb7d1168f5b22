"""Who may see a program, who works in it, and where it is listed."""

from content.authority import Grant, decide
from content.programs import rules
from content.rooms.store import rooms
from content.sight import goes_to, is_member
from infra.mongo import Database, Session
from schemas.accounts import Actor, Role
from schemas.content import Program, Room, Visibility
from schemas.problems import CommonRefusal, Refusal, Refused


def may_enter(actor: Actor, program: Program) -> bool:
    """Tell whether somebody may see a program and enter its room, by what the program itself says.

    A private show and a rehearsal are for members of the business, and so is one for other channels.
    What people are in the room is `authorise_show`'s.
    """
    return actor.system or (program.state in rules.PUBLIC and is_open_to(actor, program))


def is_open_to(actor: Actor, program: Program) -> bool:
    """Tell whether a program is for somebody, once it is shown at all."""
    closed = program.rehearsal or program.visibility is Visibility.PRIVATE
    if not closed and goes_to(program.channels, actor.channel):
        return True
    return is_member(actor, rules.READ, program.business)


def is_listed(program: Program, channel: str) -> bool:
    """Tell whether the public lists of a channel show it: what `content.sight.on_lists` says of one."""
    public = program.visibility is Visibility.PUBLIC and not program.rehearsal
    return public and goes_to(program.channels, channel)


def part_in(actor: Actor, program: Program, room: Room | None) -> Role | None:
    """Tell what somebody is made in a show beside its anchor: another one, an assistant, or nothing.

    It counts only while she has any part in the business: who is removed from it is out of its rooms.
    """
    if program.business not in actor.roles or actor.scopes is not None:
        return None
    if room and leads(actor, room):
        return Role.ANCHOR
    helps = actor.id in program.assistants or (room and actor.id in {one.account for one in room.roles})
    return Role.ASSISTANT if helps else None


def leads(actor: Actor, room: Room) -> bool:
    """Tell whether somebody is made an anchor of a room beside its own."""
    if room.business not in actor.roles or actor.scopes is not None:
        return False
    return any(one.account == actor.id and one.role is Role.ANCHOR for one in room.roles)


async def part_of(
    db: Database, actor: Actor, program: Program, session: Session | None = None
) -> Role | None:
    """Tell what somebody is made in a show, see `part_in`."""
    if program.business not in actor.roles:
        return None
    return part_in(actor, program, await rooms.find(db, {"_id": program.room}, session))


async def authorise_show(
    db: Database, actor: Actor, wanted: Grant, program: Program, session: Session | None = None
) -> None:
    """Raise Refused unless somebody may use `wanted` on a program.

    Beside the roles in its business count those in its room, those in the program, and who supplies it.
    """
    supplier = actor.id if actor.id in program.suppliers else ""
    refusal = decide(actor, wanted, program.business, program.anchor, supplier)
    if refusal is None:
        return
    part = await part_of(db, actor, program, session)
    if part is None:
        raise Refused(refusal)
    if part not in wanted.roles:
        raise Refused(Refusal(CommonRefusal.NOT_ALLOWED, {"grant": wanted.name}))
