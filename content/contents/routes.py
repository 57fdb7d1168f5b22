"""HTTP of contents. How they are played is `workers.web`'s, which sees the recordings."""

from content.contents import actions
from content.contents.views import ContentEdit, ContentView, show_content
from content.models.showing import for_strangers
from content.programs.store import programs
from infra.http import Access, Call, Page, PageQuery, Routes, Words
from infra.mongo import Database
from infra.retention import Retention
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
    q: Words = ""


@routes.get(
    "/v1/contents", access=Access.PUBLIC, refusals=(CommonRefusal.NOT_ALLOWED, CommonRefusal.NOT_FOUND)
)
async def list_contents(call: Call[ContentsQuery, None]) -> Page[ContentView]:
    """List contents: the published ones of a product, or all of my businesses."""
    query = call.query
    page = await actions.list_contents(
        call.db,
        call.actor,
        business=query.business,
        product=query.product,
        program=query.program,
        kind=query.kind,
        state=query.state,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Page(items=await _show(call.db, call.actor, page.items), next_cursor=page.next_cursor)


@routes.get("/v1/contents/{content}", access=Access.PUBLIC)
async def read_content(call: Call[None, None]) -> ContentView:
    """Read a content; what is not published only by its own people."""
    content = await actions.read_content(call.db, call.actor, call.path["content"])
    return (await _show(call.db, call.actor, [content]))[0]


@routes.patch("/v1/contents/{content}")
async def edit_content(call: Call[None, ContentEdit]) -> ContentView:
    """Change what is told about a content."""
    identifier = call.path["content"]
    content = await actions.edit_content(call.db, call.actor, identifier, call.body, rev=call.rev)
    return (await _show(call.db, call.actor, [content]))[0]


@routes.post("/v1/contents/{content}/withdraw", refusals=(CommonRefusal.WRONG_STATE,))
async def withdraw_content(call: Call[None, None]) -> ContentView:
    """Take a content out of sight."""
    content = await actions.withdraw_content(call.db, call.actor, call.path["content"])
    return (await _show(call.db, call.actor, [content]))[0]


@routes.post("/v1/contents/{content}/publish", refusals=(CommonRefusal.WRONG_STATE,))
async def publish_content(call: Call[None, None]) -> ContentView:
    """Show a content again."""
    content = await actions.publish_content(call.db, call.actor, call.path["content"])
    return (await _show(call.db, call.actor, [content]))[0]


async def _show(db: Database, actor: Actor, found: list[Content]) -> list[ContentView]:
    found = await for_strangers(db, actor, found)
    names = [one.program for one in found]
    of = await programs.several(db, names)
    kept = await Retention(db).until(names)
    return [
        show_content(one, of[one.program].shelf if one.program in of else [], kept.get(one.program))
        for one in found
    ]
