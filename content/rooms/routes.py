"""HTTP of rooms."""

from content.models.showing import for_strangers
from content.rooms import actions
from content.rooms.rules import RoomRefusal
from content.rooms.views import NewRoom, RoomEdit, RoomKey, RoomProfile
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.content import Room

routes = Routes("rooms")


class RoomsQuery(PageQuery, frozen=True, kw_only=True):
    """Which rooms are wanted."""

    business: str = ""
    mine: bool = False
    q: Words = ""


@routes.get("/v1/rooms")
async def list_rooms(call: Call[RoomsQuery, None]) -> Page[RoomProfile]:
    """List the rooms of my businesses; `mine`: those I have a role in."""
    query = call.query
    page = await actions.list_rooms(
        call.db,
        call.actor,
        business=query.business,
        mine=query.mine,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )
    items = await actions.show_rooms(call.db, call.actor, page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@routes.post("/v1/rooms", creates=True, refusals=(RoomRefusal.NOT_AN_ANCHOR, RoomRefusal.ADDRESS_TAKEN))
async def create_room(call: Call[None, NewRoom]) -> RoomProfile:
    """Set up a room for an anchor."""
    return await _show(call.db, call.actor, await actions.create_room(call.db, call.actor, call.body))


@routes.get("/v1/rooms/{room}", access=Access.PUBLIC)
async def read_room(call: Call[None, None]) -> RoomProfile:
    """Read a room, by its id or its permanent address."""
    return await _show(call.db, call.actor, await actions.read_room(call.db, call.path["room"]))


@routes.patch(
    "/v1/rooms/{room}",
    refusals=(RoomRefusal.ADDRESS_TAKEN, RoomRefusal.ADDRESS_FIXED, RoomRefusal.NOT_A_MEMBER),
)
async def edit_room(call: Call[None, RoomEdit]) -> RoomProfile:
    """Change what is told about a room, and who is what in it."""
    room = await actions.edit_room(call.db, call.actor, call.path["room"], call.body, rev=call.rev)
    return await _show(call.db, call.actor, room)


@routes.get("/v1/rooms/{room}/push")
async def read_room_key(call: Call[None, None]) -> RoomKey:
    """Show a room's permanent stream key, empty until one is issued.

    It opens whichever program is open in the room.
    """
    return await actions.room_key(call.db, call.tokens, call.actor, call.path["room"], call.at)


@routes.post("/v1/rooms/{room}/push")
async def rotate_room_key(call: Call[None, None]) -> RoomKey:
    """Issue a room's permanent stream key, or another one; the old one is refused from now on."""
    identifier = call.path["room"]
    await actions.rotate_room_key(call.db, call.tokens, call.actor, identifier)
    return await actions.room_key(call.db, call.tokens, call.actor, identifier, call.at)


async def _show(db: Database, actor: Actor, room: Room) -> RoomProfile:
    [open_room] = await for_strangers(db, actor, [room])
    return (await actions.show_rooms(db, actor, [open_room]))[0]
