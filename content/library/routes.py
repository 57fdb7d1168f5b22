"""HTTP of the library."""

from typing import Annotated

import msgspec

from content.library import listing, saving
from content.library.rules import ViewRefusal
from content.library.views import Id, LibraryPage, Listing, ListName, NewView, ViewBody
from content.models.rules import ModelRefusal
from infra.http import Call, Page, PageQuery, Routes
from schemas.library import SavedView

routes = Routes("library")


class ViewsQuery(PageQuery, frozen=True, kw_only=True):
    """Whose views of which list are wanted."""

    business: Annotated[Id, msgspec.Meta(description="Id of the business")]
    of: ListName


@routes.post("/v1/library/list", refusals=(ModelRefusal.NO_MODEL,), repeatable=True)
async def list_library(call: Call[None, Listing]) -> LibraryPage:
    """List rooms, programs or contents by base and extension fields together."""
    return await listing.list_library(call.db, call.actor, call.body)


@routes.get("/v1/views")
async def list_views(call: Call[ViewsQuery, None]) -> Page[SavedView]:
    """List the saved views of a list: mine, and those shared in the business."""
    query = call.query
    return await saving.list_views(
        call.db, call.actor, business=query.business, name=query.of, cursor=query.cursor, limit=query.limit
    )


@routes.post("/v1/views", creates=True, refusals=(ViewRefusal.TOO_MANY_VIEWS,))
async def save_view(call: Call[None, NewView]) -> SavedView:
    """Keep a view."""
    return await saving.save_view(call.db, call.actor, call.body)


@routes.put("/v1/views/{view}")
async def change_view(call: Call[None, ViewBody]) -> SavedView:
    """Replace what a view says."""
    return await saving.change_view(call.db, call.actor, call.path["view"], call.body, rev=call.rev)


@routes.delete("/v1/views/{view}")
async def drop_view(call: Call[None, None]) -> None:
    """Throw a view away."""
    await saving.drop_view(call.db, call.actor, call.path["view"])
