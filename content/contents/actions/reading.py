"""Contents as they are found: by who may see them, and where they are listed."""

from collections.abc import Mapping, Sequence
from typing import Any

from content.authority import authorise, may, places
from content.contents import rules
from content.contents.sight import is_listed, may_see
from content.contents.store import contents
from content.creators.store import of_account
from content.documents import titled, within
from content.programs.sight import part_of
from content.programs.store import programs
from content.sight import on_lists
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.content import Content, ContentKind, ContentState, Program, Visibility
from schemas.problems import CommonRefusal, Refused

ROUNDS = 5
"""How often a list looks further when what it found is not for the caller's eyes."""
ANYBODY = Actor(id="guest", name="", guest=True)
STORIES = (ContentKind.ARTICLE, ContentKind.PICTURE_SET)


async def read_content(db: Database, actor: Actor, identifier: str) -> Content:
    """Give a content: to anybody who may see it, to its author and its own people always."""
    content = await contents.get(db, identifier)
    if may(actor, rules.READ, content.business) or (content.author and content.author == actor.id):
        return content
    program = await programs.find(db, {"_id": content.program}) if content.program else None
    if may_see(actor, content, program):
        return content
    if await _is_of_the_show(db, actor, content, program) or await _handed_in(db, actor, content):
        return content
    raise Refused(CommonRefusal.NOT_FOUND, id=identifier)


async def is_for_all(db: Database, content: Content) -> bool:
    """Tell whether anybody may see a content, a guest too."""
    program = await programs.find(db, {"_id": content.program}) if content.program else None
    return may_see(ANYBODY, content, program)


async def contents_of_program(db: Database, actor: Actor, program: Program) -> list[Content]:
    """Give all contents of a program the actor may see, oldest first; a program has at most some hundred."""
    docs = await contents.page(db, {"program": program.id}, cursor="", limit=500)
    found = list(reversed(docs.items))
    if may(actor, rules.READ, program.business):
        return found
    return [
        one for one in found if may_see(actor, one, program) and one.visibility is not Visibility.UNLISTED
    ]


async def list_contents(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    product: str = "",
    program: str = "",
    kind: ContentKind | None = None,
    state: ContentState | None = None,
    mine: bool = False,
    words: str = "",
    cursor: str,
    limit: int,
) -> Page[Content]:
    """List contents: those a product is shown in to anybody; inside an own business those of every state.

    `mine`: those somebody wrote herself.
    """
    where: dict[str, Any] = {}
    if mine:
        if actor.guest:
            raise Refused(CommonRefusal.NOT_SIGNED_IN)
        where["author"] = actor.id
    elif business:
        authorise(actor, rules.READ, business)
        where["business"] = business
    elif not product:
        where = within(places(actor, rules.READ))
    if product:
        where["products"] = product
    narrow = {"program": program, "kind": kind, "state": state}
    wanted = [where, titled(words), {name: value for name, value in narrow.items() if value}]
    where = {"$and": wanted}
    if product and not business and not mine:
        return await listed_contents(db, actor, where, cursor=cursor, limit=limit)
    return await contents.page(db, where, cursor=cursor, limit=limit)


async def list_stories(
    db: Database, actor: Actor, *, business: str = "", cursor: str, limit: int
) -> Page[Content]:
    """List the articles and picture sets that are shown to everybody, newest first."""
    where: dict[str, Any] = {"kind": {"$in": STORIES}}
    if business:
        where["business"] = business
    return await listed_contents(db, actor, where, cursor=cursor, limit=limit)


async def listed_contents(
    db: Database, actor: Actor, where: Mapping[str, Any], *, cursor: str, limit: int
) -> Page[Content]:
    """List contents that are published and for everybody, newest first.

    What a program hides is left out after reading, so the list looks further, `ROUNDS` times at most;
    then a page may be short, and is still not the last.
    """
    expiry = {"$or": [{"expires_at": None}, {"expires_at": {"$gt": now_ms()}}]}
    shown = {"$and": [where, {"state": ContentState.PUBLISHED}, on_lists(actor.channel), expiry]}
    items: list[Content] = []
    last: str | None = cursor
    for _ in range(ROUNDS):
        page = await contents.page(db, shown, cursor=last or "", limit=limit)
        last = page.next_cursor
        for one in await _listed(db, actor, page.items):
            if len(items) == limit:
                return Page(items=items, next_cursor=items[-1].id)
            items.append(one)
        if last is None or len(items) == limit:
            break
    return Page(items=items, next_cursor=last)


async def _listed(db: Database, actor: Actor, found: Sequence[Content]) -> list[Content]:
    of = await programs.several(db, [one.program for one in found if one.program])
    return [one for one in found if is_listed(one, of.get(one.program), actor.channel)]


async def _is_of_the_show(db: Database, actor: Actor, content: Content, program: Program | None) -> bool:
    """Tell whether somebody works in the content's program and what she asks for is published."""
    if program is None or not rules.is_public(content, now_ms()):
        return False
    return await part_of(db, actor, program) is not None


async def _handed_in(db: Database, actor: Actor, content: Content) -> bool:
    """Tell whether the content is by the creator that the actor is."""
    if actor.guest or not content.author.startswith("crt_"):
        return False
    creator = await of_account(db, content.business, actor.id)
    return creator is not None and creator.id == content.author
