"""Programs with what belongs to them, read in batches."""

import asyncio
from collections.abc import Sequence

from content.accounts.store import accounts
from content.authority import may
from content.contents.sight import may_see
from content.contents.store import contents
from content.creators.store import creators
from content.programs.rules import READ
from content.programs.views import ProgramView, show_program
from content.rooms.store import rooms
from infra.mongo import Database, from_doc
from schemas.accounts import Actor
from schemas.content import Content, ContentKind, ContentState, Program


async def show_programs(db: Database, actor: Actor, found: Sequence[Program]) -> list[ProgramView]:
    """Show programs: four reads however many they are.

    Who assists is told to the business's own people.
    """
    own = {program.id for program in found if may(actor, READ, program.business)}
    assisting = [one for program in found if program.id in own for one in program.assistants]
    in_rooms, people, named, replays = await asyncio.gather(
        rooms.several(db, [program.room for program in found]),
        accounts.several(db, [*(program.anchor for program in found), *assisting]),
        creators.several(db, [one for program in found for one in (program.creator, *program.guests) if one]),
        replays_of(db, found, actor),
    )
    return [
        show_program(
            program,
            room=in_rooms.get(program.room),
            account=people.get(program.anchor),
            replay=replays.get(program.id, ""),
            creator=named.get(program.creator),
            guests=[named[one] for one in program.guests if one in named],
            assistants=[people[one] for one in program.assistants if one in people]
            if program.id in own
            else (),
        )
        for program in found
    ]


async def show_one(db: Database, actor: Actor, program: Program) -> ProgramView:
    """Show a program."""
    return (await show_programs(db, actor, [program]))[0]


async def replays_of(db: Database, found: Sequence[Program], actor: Actor) -> dict[str, str]:
    """Give those published replays of programs that somebody may see: program id to content id."""
    of = {program.id: program for program in found}
    docs = await contents.collection(db).find(
        {"program": {"$in": sorted(of)}, "kind": ContentKind.REPLAY, "state": ContentState.PUBLISHED}
    )
    replays = [from_doc(Content, doc) for doc in docs]
    return {one.program: one.id for one in replays if may_see(actor, one, of[one.program])}
