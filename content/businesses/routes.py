"""HTTP of businesses."""

from content.businesses import actions
from content.businesses.rules import BusinessRefusal
from content.businesses.views import BusinessEdit, NewBusiness
from infra.http import Call, Page, PageQuery, Routes
from schemas.content import Business

routes = Routes("businesses")


@routes.get("/v1/businesses")
async def list_businesses(call: Call[PageQuery, None]) -> Page[Business]:
    """List the businesses I have a part in."""
    query = call.query
    return await actions.list_businesses(call.db, call.actor, cursor=query.cursor, limit=query.limit)


@routes.post("/v1/businesses", creates=True, refusals=(BusinessRefusal.SLUG_TAKEN,))
async def create_business(call: Call[None, NewBusiness]) -> Business:
    """Open a line of business."""
    return await actions.create_business(call.db, call.actor, call.body)


@routes.get("/v1/businesses/{business}")
async def read_business(call: Call[None, None]) -> Business:
    """Read a business."""
    return await actions.read_business(call.db, call.actor, call.path["business"])


@routes.patch("/v1/businesses/{business}")
async def edit_business(call: Call[None, BusinessEdit]) -> Business:
    """Rename a business, or change how it reviews and what it takes."""
    return await actions.edit_business(call.db, call.actor, call.path["business"], call.body, rev=call.rev)
