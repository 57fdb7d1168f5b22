"""HTTP of the tag library."""

from content.tags import actions
from content.tags.rules import TagRefusal as No
from content.tags.views import CategoryEdit, Given, NewCategory, NewTag, TagEdit, Tagged, Tree
from infra.http import Call, Page, PageQuery, Routes, Words
from schemas.base import Value
from schemas.tags import Tag, TagCategory

routes = Routes("tags")


class TreeQuery(Value, frozen=True, kw_only=True):
    """Whose categories are wanted."""

    business: str


class TagsQuery(PageQuery, frozen=True, kw_only=True):
    """Which tags are wanted."""

    business: str = ""
    category: str = ""
    q: Words = ""


@routes.get("/v1/tag-categories")
async def list_categories(call: Call[TreeQuery, None]) -> Tree:
    """List all categories of a business; each says which it stands in."""
    return Tree(items=await actions.list_categories(call.db, call.actor, call.query.business))


@routes.post(
    "/v1/tag-categories",
    creates=True,
    refusals=(No.TAG_EXISTS, No.CATEGORY_MISPLACED, No.TOO_MANY_CATEGORIES),
)
async def create_category(call: Call[None, NewCategory]) -> TagCategory:
    """Make a category."""
    return await actions.create_category(call.db, call.actor, call.body)


@routes.patch("/v1/tag-categories/{category}", refusals=(No.TAG_EXISTS, No.CATEGORY_MISPLACED))
async def edit_category(call: Call[None, CategoryEdit]) -> TagCategory:
    """Rename a category, or move it with all that stands in it."""
    return await actions.edit_category(call.db, call.actor, call.path["category"], call.body, rev=call.rev)


@routes.delete("/v1/tag-categories/{category}", refusals=(No.CATEGORY_IN_USE,))
async def delete_category(call: Call[None, None]) -> None:
    """Delete an empty category."""
    await actions.delete_category(call.db, call.actor, call.path["category"])


@routes.get("/v1/tags")
async def list_tags(call: Call[TagsQuery, None]) -> Page[Tag]:
    """List tags, retired ones too; those of a category with those of the categories in it."""
    query = call.query
    return await actions.list_tags(
        call.db,
        call.actor,
        business=query.business,
        category=query.category,
        words=query.q,
        cursor=query.cursor,
        limit=query.limit,
    )


@routes.post("/v1/tags", creates=True, refusals=(No.TAG_EXISTS,))
async def create_tag(call: Call[None, NewTag]) -> Tag:
    """Make a tag in a category."""
    return await actions.create_tag(call.db, call.actor, call.body)


@routes.get("/v1/tags/{tag}")
async def read_tag(call: Call[None, None]) -> Tag:
    """Read a tag."""
    return await actions.read_tag(call.db, call.actor, call.path["tag"])


@routes.patch("/v1/tags/{tag}", refusals=(No.TAG_EXISTS,))
async def edit_tag(call: Call[None, TagEdit]) -> Tag:
    """Rename a tag, put it into another category, retire it or take it up again."""
    return await actions.edit_tag(call.db, call.actor, call.path["tag"], call.body, rev=call.rev)


@routes.put("/v1/documents/{document}/tags")
async def give_tags(call: Call[None, Given]) -> Tagged:
    """Replace the tags of a room, program or content."""
    return await actions.give_tags(call.db, call.actor, call.path["document"], call.body.tags, rev=call.rev)
