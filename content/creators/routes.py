"""HTTP of creators."""

from content.creators import actions
from content.creators.rules import CreatorRefusal
from content.creators.views import Application, BusinessName, CreatorEdit, NewCreator, Review
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from schemas.creators import Creator, CreatorState
from schemas.problems import CommonRefusal

routes = Routes("creators")


class CreatorsQuery(PageQuery, frozen=True, kw_only=True):
    """Which creators are wanted."""

    business: str = ""
    state: CreatorState | None = None
    mine: bool = False
    q: Words = ""


@routes.get("/v1/creators")
async def list_creators(call: Call[CreatorsQuery, None]) -> Page[Creator]:
    """List the creators of my businesses; `mine`: my own applications."""
    query = call.query
    return await actions.list_creators(
        call.db,
        call.actor,
        business=query.business,
        state=query.state,
        mine=query.mine,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )


@routes.post("/v1/creators", creates=True, refusals=(CreatorRefusal.ALREADY_APPLIED,))
async def admit_creator(call: Call[None, NewCreator]) -> Creator:
    """Make somebody a creator without an application."""
    return await actions.admit_creator(call.db, call.actor, call.body)


@routes.get("/v1/creators/{creator}")
async def read_creator(call: Call[None, None]) -> Creator:
    """Read a creator."""
    return await actions.read_creator(call.db, call.actor, call.path["creator"])


@routes.patch("/v1/creators/{creator}")
async def edit_creator(call: Call[None, CreatorEdit]) -> Creator:
    """Change what is told about a creator."""
    return await actions.edit_creator(call.db, call.actor, call.path["creator"], call.body, rev=call.rev)


@routes.post(
    "/v1/creators/{creator}/review", refusals=(CommonRefusal.WRONG_STATE, CreatorRefusal.REASON_NEEDED)
)
async def review_creator(call: Call[None, Review]) -> Creator:
    """Approve, reject or suspend a creator.

    With approval the creator's account may be an anchor in the business; with suspension no longer, and
    the shows it leads on air end.
    """
    return await actions.review_creator(call.db, call.actor, call.path["creator"], call.body)


@routes.get("/v1/applications/places")
async def list_places(call: Call[PageQuery, None]) -> Page[BusinessName]:
    """List the businesses one may apply to."""
    return await actions.list_places(call.db, cursor=call.query.cursor, limit=call.query.limit)


@routes.post(
    "/v1/applications", access=Access.PERSON, creates=True, refusals=(CreatorRefusal.ALREADY_APPLIED,)
)
async def apply_as_creator(call: Call[None, Application]) -> Creator:
    """Apply to a business as a creator, or again after a rejection."""
    return await actions.apply(call.db, call.actor, call.body)
