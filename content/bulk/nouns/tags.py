"""Tags as a noun: their categories are written as a path of names, and made where they are missing."""

from collections.abc import Sequence
from typing import Any

import msgspec

from content.authority import authorise
from content.bulk.noun import Fields, Noun, called
from content.tags import rules
from content.tags.actions import create_category, create_tag, edit_tag
from content.tags.store import tags, tree_of
from content.tags.views import NewCategory, NewTag, TagEdit
from infra.mongo import Database
from schemas.accounts import Actor
from schemas.base import Title, Value
from schemas.tags import Tag, TagCategory

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class NewTagAt(Value, frozen=True, kw_only=True):
    """A tag and where it stands: the names of the categories from the top, with `/` between them."""

    business: str
    name: Title
    category: str


class TagNameEdit(Value, frozen=True, kw_only=True):
    """What a row changes of a tag."""

    name: Title | Unset = UNSET
    active: bool | Unset = UNSET


async def tags_of(db: Database, business: str) -> Noun:
    """Give the noun of a business's tags."""
    tree = await tree_of(db, business)
    paths = _paths(tree)

    def below(category: str) -> dict[str, Any]:
        within = [one.id for one in tree if category in one.path]
        return {"category": {"$in": [category, *within]}}

    def shown(tag: Tag, _business: str) -> dict[str, Any]:
        return {**msgspec.to_builtins(tag), "category": paths.get(tag.category, "")}

    return Noun(
        documents=tags,
        read=rules.READ,
        new=NewTagAt,
        edit=TagNameEdit,
        create=_create,
        change=_change,
        shown=shown,
        find=_find,
        keys=("category",),
        narrows={"category": below},
        words=called("name"),
    )


async def _create(db: Database, actor: Actor, new: NewTagAt) -> Tag:
    """Make a tag, and the categories above it that are not there."""
    authorise(actor, rules.EDIT, new.business)
    tree = {(one.parent, one.name): one for one in await tree_of(db, new.business)}
    parent = ""
    for name in (part.strip() for part in new.category.split("/") if part.strip()):
        above = tree.get((parent, name))
        if above is None:
            fresh = NewCategory(business=new.business, name=name, parent=parent)
            above = await create_category(db, actor, fresh)
        parent = above.id
    return await create_tag(db, actor, NewTag(category=parent, name=new.name))


async def _change(db: Database, actor: Actor, identifier: str, edit: TagNameEdit, *, rev: int) -> Tag:
    return await edit_tag(db, actor, identifier, TagEdit(name=edit.name, active=edit.active), rev=rev)


async def _find(db: Database, business: str, rows: Sequence[Fields]) -> list[str]:
    paths = _paths(await tree_of(db, business))
    wanted = {"business": business, "name": {"$in": [str(row.get("name")) for row in rows]}}
    docs = await tags.collection(db).find(wanted)
    known = {(paths.get(doc["category"], ""), doc["name"]): doc["_id"] for doc in docs}
    return [known.get((str(row.get("category") or ""), row.get("name")), "") for row in rows]


def _paths(tree: Sequence[TagCategory]) -> dict[str, str]:
    names = {one.id: one.name for one in tree}
    return {one.id: "/".join(names.get(above, "") for above in (*one.path, one.id)) for one in tree}
