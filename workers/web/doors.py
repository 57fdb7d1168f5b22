"""Permanent addresses of rooms: what they lead to now."""

from content.programs.rules import COMING, ON_AIR
from content.programs.sight import is_listed, is_open_to
from content.programs.store import programs
from content.rooms.actions import read_room
from content.rooms.rules import next_show
from content.rooms.views import RoomShow
from infra.clock import now_ms
from infra.http import Access, Call, Redirect, Routes
from infra.mongo import Database, from_doc
from schemas.accounts import Actor
from schemas.content import Program, Room, Visibility

routes = Routes("rooms")

LATE_MS = 6 * 3_600_000
"""What has not begun this long after its plan is not led to any more."""
MOST = 50


@routes.get("/v1/rooms/{room}/show", access=Access.PUBLIC)
async def read_room_show(call: Call[None, None]) -> RoomShow:
    """Tell what a room's address leads to: its live program, else its next one."""
    room = await read_room(call.db, call.path["room"])
    found = await show_in(call.db, call.actor, room)
    return RoomShow(
        room=room.id,
        title=room.title,
        program=found.id if found else "",
        state=found.state if found else None,
    )


@routes.get("/r/{address}", access=Access.PUBLIC)
async def open_door(call: Call[None, None]) -> Redirect:
    """Go to a room's live program, else its next one, else home; `address` is the room's or its id."""
    room = await read_room(call.db, call.path["address"])
    found = await show_in(call.db, call.actor, room)
    return Redirect(url=f"/#/pages/room/room?id={found.id}" if found else "/#/")


async def show_in(db: Database, actor: Actor, room: Room) -> Program | None:
    """Give the program a room's address leads somebody to.

    An unlisted one is found by its own address only, a rehearsal by none.
    """
    where = {
        "room": room.id,
        "rehearsal": {"$ne": True},
        "$or": [
            {"state": {"$in": sorted(ON_AIR)}},
            {"state": {"$in": sorted(COMING)}, "starts_at": {"$gt": now_ms() - LATE_MS}},
        ],
    }
    docs = await programs.collection(db).find(where, sort=[("_id", -1)], limit=MOST)
    return next_show([one for doc in docs if _leads_to(actor, one := from_doc(Program, doc))])


def _leads_to(actor: Actor, program: Program) -> bool:
    if program.visibility is Visibility.PRIVATE:
        return is_open_to(actor, program)
    return is_listed(program, actor.channel)
