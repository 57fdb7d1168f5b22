"""HTTP of programs."""

from typing import Annotated

import msgspec

from content.contents.actions import contents_of_program
from content.contents.show import show_contents
from content.contents.views import ContentView, without_text
from content.creators.rules import CreatorRefusal
from content.programs import actions
from content.programs.ports import ShelfProducts
from content.programs.rules import ProgramRefusal
from content.programs.show import show_one, show_programs
from content.programs.views import (
    Ending,
    NewProgram,
    NewShelf,
    OfferEdit,
    PlannedStart,
    ProgramEdit,
    ProgramView,
    PushAddress,
)
from content.rooms.rules import RoomRefusal
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from schemas.content import Program, ProgramState
from schemas.problems import CommonRefusal, FieldError, Refused

WRONG_STATE = (CommonRefusal.WRONG_STATE,)


Moment = Annotated[int, msgspec.Meta(ge=0, le=2**50, description="Epoch ms")]


class ProgramsQuery(PageQuery, frozen=True, kw_only=True):
    """Which programs are wanted."""

    business: str = ""
    room: str = ""
    anchor: str = ""
    state: Annotated[str, msgspec.Meta(description="States separated by commas")] = ""
    mine: bool = False
    q: Words = ""
    from_at: Moment = 0
    to_at: Moment = 0


def program_routes(products: ShelfProducts) -> Routes:
    """Make the routes; shelves are filled with what `products` knows."""
    routes = Routes("programs")

    @routes.get("/v1/programs", refusals=(CommonRefusal.INVALID,))
    async def list_programs(call: Call[ProgramsQuery, None]) -> Page[ProgramView]:
        """List the programs of my businesses; `mine`: those I lead or help with."""
        query = call.query
        page = await actions.list_programs(
            call.db,
            call.actor,
            business=query.business,
            room=query.room,
            anchor=query.anchor,
            states=_states(query.state),
            mine=query.mine,
            words=query.q,
            between=(query.from_at, query.to_at) if query.to_at else None,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page(items=await show_programs(call.db, call.actor, page.items), next_cursor=page.next_cursor)

    @routes.post(
        "/v1/programs",
        creates=True,
        refusals=(
            ProgramRefusal.START_NOT_POSSIBLE,
            CreatorRefusal.CREATOR_NOT_APPROVED,
            RoomRefusal.NOT_A_MEMBER,
        ),
    )
    async def create_program(call: Call[None, NewProgram]) -> ProgramView:
        """Make a program in a room; with `starts_at` it is scheduled at once."""
        return await show_one(
            call.db, call.actor, await actions.create_program(call.db, call.actor, call.body)
        )

    @routes.get("/v1/programs/{program}", access=Access.PUBLIC)
    async def read_program(call: Call[None, None]) -> ProgramView:
        """Read a program; drafts and cancelled ones only by their own people."""
        program = await actions.read_program(call.db, call.actor, call.path["program"])
        return await show_one(call.db, call.actor, program)

    @routes.patch(
        "/v1/programs/{program}",
        refusals=(
            CommonRefusal.WRONG_STATE,
            CreatorRefusal.CREATOR_NOT_APPROVED,
            RoomRefusal.NOT_A_MEMBER,
            ProgramRefusal.MUST_BE_RECORDED,
        ),
    )
    async def edit_program(call: Call[None, ProgramEdit]) -> ProgramView:
        """Change what is told about a program."""
        identifier = call.path["program"]
        program = await actions.edit_program(call.db, call.actor, identifier, call.body, rev=call.rev)
        return await show_one(call.db, call.actor, program)

    @routes.post(
        "/v1/programs/{program}/schedule",
        refusals=(CommonRefusal.WRONG_STATE, ProgramRefusal.START_NOT_POSSIBLE),
    )
    async def schedule_program(call: Call[None, PlannedStart]) -> ProgramView:
        """Plan a program's start, or plan it anew."""
        identifier, start = call.path["program"], call.body.starts_at
        return await show_one(
            call.db, call.actor, await actions.schedule_program(call.db, call.actor, identifier, start)
        )

    @routes.post("/v1/programs/{program}/open", refusals=WRONG_STATE)
    async def open_program(call: Call[None, None]) -> ProgramView:
        """Make a program ready for its publisher: it gets a stream key."""
        program = await actions.open_program(call.db, call.tokens, call.actor, call.path["program"])
        return await show_one(call.db, call.actor, program)

    @routes.post("/v1/programs/{program}/end", refusals=WRONG_STATE)
    async def end_program(call: Call[None, Ending]) -> ProgramView:
        """End a show, with a word on why. Ending it again changes nothing."""
        before = await actions.read_program(call.db, call.actor, call.path["program"])
        reason = _ended_by(before, call.actor.id)
        program = await actions.end_program(call.db, before.id, reason, call.actor, note=call.body.reason)
        return await show_one(call.db, call.actor, program)

    @routes.post("/v1/programs/{program}/cancel", refusals=WRONG_STATE)
    async def cancel_program(call: Call[None, None]) -> ProgramView:
        """Call off a program that has not been live."""
        program = await actions.cancel_program(call.db, call.actor, call.path["program"])
        return await show_one(call.db, call.actor, program)

    @routes.delete("/v1/programs/{program}", refusals=(CommonRefusal.WRONG_STATE, ProgramRefusal.RETAINED))
    async def erase_program(call: Call[None, None]) -> None:
        """Erase a program that is over and all that it left, unless it must be kept."""
        await actions.erase_program(call.db, call.actor, call.path["program"])

    @routes.get("/v1/programs/{program}/push", refusals=WRONG_STATE)
    async def read_push_address(call: Call[None, None]) -> PushAddress:
        """Show where and with which key to publish."""
        return await actions.push_address(call.db, call.tokens, call.actor, call.path["program"], call.at)

    @routes.post("/v1/programs/{program}/push", refusals=WRONG_STATE)
    async def rotate_key(call: Call[None, None]) -> PushAddress:
        """Issue another stream key; the old one is refused from now on."""
        identifier = call.path["program"]
        await actions.rotate_key(call.db, call.tokens, call.actor, identifier)
        return await actions.push_address(call.db, call.tokens, call.actor, identifier, call.at)

    @routes.put(
        "/v1/programs/{program}/shelf",
        refusals=(
            CommonRefusal.WRONG_STATE,
            ProgramRefusal.PRODUCT_UNKNOWN,
            ProgramRefusal.PRODUCT_TWICE,
            ProgramRefusal.MUST_BE_RECORDED,
        ),
    )
    async def set_shelf(call: Call[None, NewShelf]) -> ProgramView:
        """Put exactly these products on the shelf, numbered in their order."""
        identifier, lines = call.path["program"], call.body.offers
        program = await actions.set_shelf(call.db, products, call.actor, identifier, lines, rev=call.rev)
        return await show_one(call.db, call.actor, program)

    @routes.patch(
        "/v1/programs/{program}/shelf/{offer}", refusals=(CommonRefusal.WRONG_STATE, CommonRefusal.INVALID)
    )
    async def change_offer(call: Call[None, OfferEdit]) -> ProgramView:
        """Change the live price, the units or the limit of one offer, also on air."""
        identifier, offer = call.path["program"], call.path["offer"]
        program = await actions.change_offer(call.db, call.actor, identifier, offer, call.body, rev=call.rev)
        return await show_one(call.db, call.actor, program)

    @routes.get("/v1/programs/{program}/contents", access=Access.PUBLIC)
    async def list_program_contents(call: Call[None, None]) -> Page[ContentView]:
        """List a program's contents, oldest first, all on one page."""
        program = await actions.read_program(call.db, call.actor, call.path["program"])
        found = await contents_of_program(call.db, call.actor, program)
        items = await show_contents(call.db, call.actor, [without_text(one) for one in found])
        return Page(items=items)

    return routes


def _states(names: str) -> list[ProgramState]:
    """Read states separated by commas; raises Refused(invalid)."""
    wanted = [name for name in names.split(",") if name]
    for name in wanted:
        if name not in ProgramState.__members__.values():
            expected = ", ".join(ProgramState)
            raise Refused(
                CommonRefusal.INVALID, errors=[FieldError(pointer="/state", expected=expected, got=name)]
            )
    return [ProgramState(name) for name in wanted]


def _ended_by(program: Program, actor: str) -> str:
    return "ended_by_anchor" if actor == program.anchor else "ended_by_operator"
