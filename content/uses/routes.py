"""HTTP of where things are used."""

from typing import Annotated

import msgspec

from content.publishing.views import UseView
from content.uses.actions import where_used
from infra.http import Call, Page, PageQuery, Routes
from schemas.publishing import UseKind

routes = Routes("publishing")


class UsesQuery(PageQuery, frozen=True, kw_only=True):
    """What is looked for."""

    business: Annotated[str, msgspec.Meta(max_length=60)]
    kind: UseKind
    id: Annotated[str, msgspec.Meta(max_length=200, description="Its id, or the key of a picture or file")]


@routes.get("/v1/uses")
async def list_uses(call: Call[UsesQuery, None]) -> Page[UseView]:
    """Tell where something is used: documents that refer to it, and drafts that would."""
    query = call.query
    return await where_used(
        call.db,
        call.actor,
        query.business,
        query.kind,
        query.id,
        cursor=query.cursor,
        limit=query.limit,
    )
