"""Programs with what belongs to them, read in batches."""

import asyncio
from collections.abc import Sequence

from content.accounts.store import accounts
from content.contents.store import contents
from content.creators.store import creators
from content.programs.views import ProgramView, show_program
from content.rooms.store import rooms
from infra.mongo import Database
from schemas.content import ContentKind, ContentState, Program


async def show_programs(db: Database, found: Sequence[Program]) -> list[ProgramView]:
    """Show programs: four reads however many they are."""
    in_rooms, anchors, named, replays = await asyncio.gather(
        rooms.several(db, [program.room for program in found]),
        accounts.several(db, [program.anchor for program in found]),
        creators.several(db, [program.creator for program in found if program.creator]),
        replays_of(db, [program.id for program in found]),
    )
    return [
        show_program(
            program,
            room=in_rooms.get(program.room),
            account=anchors.get(program.anchor),
            replay=replays.get(program.id, ""),
            creator=named.get(program.creator),
        )
        for program in found
    ]


async def show_one(db: Database, program: Program) -> ProgramView:
    """Show a program."""
    return (await show_programs(db, [program]))[0]


async def replays_of(db: Database, programs: Sequence[str]) -> dict[str, str]:
    """Give the published replays of programs: program id to content id."""
    docs = await contents.collection(db).find(
        {"program": {"$in": list(programs)}, "kind": ContentKind.REPLAY, "state": ContentState.PUBLISHED},
        projection={"program": 1},
    )
    return {doc["program"]: doc["_id"] for doc in docs}
