"""HTTP of rooms."""

from content.models.showing import for_strangers
from content.rooms import actions
from content.rooms.rules import RoomRefusal
from content.rooms.views import NewRoom, RoomEdit
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from schemas.content import Room

routes = Routes("rooms")


class RoomsQuery(PageQuery, frozen=True, kw_only=True):
    """Which rooms are wanted."""

    business: str = ""
    mine: bool = False
    q: Words = ""


@routes.get("/v1/rooms")
async def list_rooms(call: Call[RoomsQuery, None]) -> Page[Room]:
    """List the rooms of my businesses."""
    query = call.query
    return await actions.list_rooms(
        call.db,
        call.actor,
        business=query.business,
        mine=query.mine,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )


@routes.post("/v1/rooms", creates=True, refusals=(RoomRefusal.NOT_AN_ANCHOR,))
async def create_room(call: Call[None, NewRoom]) -> Room:
    """Set up a room for an anchor."""
    return await actions.create_room(call.db, call.actor, call.body)


@routes.get("/v1/rooms/{room}", access=Access.PUBLIC)
async def read_room(call: Call[None, None]) -> Room:
    """Read a room."""
    room = await actions.read_room(call.db, call.path["room"])
    return (await for_strangers(call.db, call.actor, [room]))[0]


@routes.patch("/v1/rooms/{room}")
async def edit_room(call: Call[None, RoomEdit]) -> Room:
    """Change what is told about a room."""
    return await actions.edit_room(call.db, call.actor, call.path["room"], call.body, rev=call.rev)
