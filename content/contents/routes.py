"""HTTP of contents. How they are played is `workers.web`'s, which sees the recordings."""

from typing import Annotated

import msgspec

from content.contents import actions
from content.contents.show import show_contents, show_stories
from content.contents.views import (
    ContentEdit,
    ContentView,
    NewContent,
    StoryCard,
    without_text,
)
from content.creators.rules import CreatorRefusal
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.content import Content, ContentKind, ContentState
from schemas.problems import CommonRefusal

routes = Routes("contents")


class ContentsQuery(PageQuery, frozen=True, kw_only=True):
    """Which contents are wanted."""

    business: str = ""
    product: str = ""
    program: str = ""
    kind: ContentKind | None = None
    state: ContentState | None = None
    mine: bool = False
    q: Words = ""


class StoriesQuery(PageQuery, frozen=True, kw_only=True):
    """Whose articles and picture sets are wanted."""

    business: Annotated[str, msgspec.Meta(max_length=40, description="Only this business's; empty: all")] = ""


@routes.get(
    "/v1/contents", access=Access.PUBLIC, refusals=(CommonRefusal.NOT_ALLOWED, CommonRefusal.NOT_FOUND)
)
async def list_contents(call: Call[ContentsQuery, None]) -> Page[ContentView]:
    """List contents: the published ones of a product, or all of my businesses; `mine`: what I wrote."""
    query = call.query
    page = await actions.list_contents(
        call.db,
        call.actor,
        business=query.business,
        product=query.product,
        program=query.program,
        kind=query.kind,
        state=query.state,
        mine=query.mine,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )
    items = await show_contents(call.db, call.actor, [without_text(one) for one in page.items])
    return Page(items=items, next_cursor=page.next_cursor)


@routes.get("/v1/stories", access=Access.PUBLIC)
async def list_stories(call: Call[StoriesQuery, None]) -> Page[StoryCard]:
    """List the articles and picture sets that everybody may see, newest first."""
    query = call.query
    page = await actions.list_stories(
        call.db, call.actor, business=query.business, cursor=query.cursor, limit=query.limit
    )
    return Page(items=await show_stories(call.db, page.items), next_cursor=page.next_cursor)


@routes.post("/v1/contents", creates=True, refusals=(CreatorRefusal.CREATOR_NOT_APPROVED,))
async def create_content(call: Call[None, NewContent]) -> ContentView:
    """Write a trailer, an article or a picture set; it is shown once it is published."""
    return await _show(call.db, call.actor, await actions.create_content(call.db, call.actor, call.body))


@routes.get("/v1/contents/{content}", access=Access.PUBLIC)
async def read_content(call: Call[None, None]) -> ContentView:
    """Read a content; what is not for everybody only by its own people and who wrote it."""
    content = await actions.read_content(call.db, call.actor, call.path["content"])
    return await _show(call.db, call.actor, content)


@routes.patch("/v1/contents/{content}", refusals=(CreatorRefusal.CREATOR_NOT_APPROVED,))
async def edit_content(call: Call[None, ContentEdit]) -> ContentView:
    """Change what is told about a content."""
    identifier = call.path["content"]
    content = await actions.edit_content(call.db, call.actor, identifier, call.body, rev=call.rev)
    return await _show(call.db, call.actor, content)


@routes.post("/v1/contents/{content}/withdraw", refusals=(CommonRefusal.WRONG_STATE,))
async def withdraw_content(call: Call[None, None]) -> ContentView:
    """Take a content out of sight."""
    content = await actions.withdraw_content(call.db, call.actor, call.path["content"])
    return await _show(call.db, call.actor, content)


@routes.post("/v1/contents/{content}/publish", refusals=(CommonRefusal.WRONG_STATE,))
async def publish_content(call: Call[None, None]) -> ContentView:
    """Show a content, the first time or again."""
    content = await actions.publish_content(call.db, call.actor, call.path["content"])
    return await _show(call.db, call.actor, content)


async def _show(db: Database, actor: Actor, content: Content) -> ContentView:
    return (await show_contents(db, actor, [content]))[0]
