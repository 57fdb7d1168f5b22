"""Verbs of the tag library."""

from collections.abc import Sequence
from typing import Any

from content import audit
from content.authority import authorise
from content.businesses.store import businesses
from content.documents import changed_fields, check_rev, edited, reach, titled
from content.models.layers import anchor_of, find_document, replace_document
from content.tags import rules
from content.tags.rules import TagRefusal
from content.tags.store import categories, hold, holds_something, tags, tree_of
from content.tags.views import CategoryEdit, NewCategory, NewTag, TagEdit, Tagged
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.problems import CommonRefusal, FieldError, Refused
from schemas.tags import Tag, TagCategory


async def create_category(db: Database, actor: Actor, new: NewCategory) -> TagCategory:
    """Make a category. Raises Refused(tag_exists, category_misplaced, too_many_categories)."""
    authorise(actor, rules.EDIT, new.business)
    await businesses.get(db, new.business)

    async def work(session: Session) -> TagCategory:
        parent = await _parent(db, new.parent, session)
        if refusal := rules.check_place("", parent, new.business, 0):
            raise Refused(refusal)
        if len(await tree_of(db, new.business, session)) >= rules.MAX_CATEGORIES:
            raise Refused(TagRefusal.TOO_MANY_CATEGORIES, limit=rules.MAX_CATEGORIES)
        fresh = TagCategory(
            id=new_id("cat"),
            business=new.business,
            parent=new.parent,
            name=new.name,
            path=rules.path_under(parent),
        )
        created = await categories.insert(db, session, fresh)
        await _record(db, session, actor, created, {"name": created.name, "parent": created.parent})
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(TagRefusal.TAG_EXISTS, name=new.name) from None


async def edit_category(
    db: Database, actor: Actor, identifier: str, edit: CategoryEdit, *, rev: int
) -> TagCategory:
    """Rename a category, or move it with all that stands in it."""
    changes = changed_fields(edit)

    async def work(session: Session) -> TagCategory:
        category = await categories.get(db, identifier, session)
        authorise(actor, rules.EDIT, category.business)
        check_rev(category, rev)
        tree = await tree_of(db, category.business, session)
        parent = await _parent(db, changes.get("parent", category.parent), session)
        if refusal := rules.check_place(
            identifier, parent, category.business, rules.height_below(identifier, tree)
        ):
            raise Refused(refusal)
        path = rules.path_under(parent)
        written = await categories.replace(db, session, edited(category, {**changes, "path": path}))
        for below in (one for one in tree if identifier in one.path):
            moved = [*path, *below.path[below.path.index(identifier) :]]
            if moved != below.path:
                await categories.replace(db, session, edited(below, {"path": moved}))
        data = {"before": {name: getattr(category, name) for name in changes}, "after": changes}
        await _record(db, session, actor, category, data)
        return written

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(TagRefusal.TAG_EXISTS, name=changes.get("name", "")) from None


async def delete_category(db: Database, actor: Actor, identifier: str) -> None:
    """Delete an empty category. Raises Refused(category_in_use)."""

    async def work(session: Session) -> None:
        category = await categories.get(db, identifier, session)
        authorise(actor, rules.EDIT, category.business)
        if await holds_something(db, identifier, session):
            raise Refused(TagRefusal.CATEGORY_IN_USE, id=identifier)
        await categories.delete(db, session, category)
        await _record(db, session, actor, category, {"deleted": category.name})

    await db.transact(work)


async def list_categories(db: Database, actor: Actor, business: str) -> list[TagCategory]:
    """Give the whole tree of a business to its people."""
    authorise(actor, rules.READ, business)
    return await tree_of(db, business)


async def create_tag(db: Database, actor: Actor, new: NewTag) -> Tag:
    """Make a tag in a category. Raises Refused(tag_exists)."""

    async def work(session: Session) -> Tag:
        category = await categories.get(db, new.category, session)
        authorise(actor, rules.EDIT, category.business)
        await hold(db, category.id, session)
        fresh = Tag(id=new_id("tag"), business=category.business, category=category.id, name=new.name)
        created = await tags.insert(db, session, fresh)
        await _record(db, session, actor, created, {"name": created.name, "category": category.id})
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(TagRefusal.TAG_EXISTS, name=new.name) from None


async def edit_tag(db: Database, actor: Actor, identifier: str, edit: TagEdit, *, rev: int) -> Tag:
    """Rename a tag, put it into another category, retire it or take it up again."""
    changes = changed_fields(edit)

    async def work(session: Session) -> Tag:
        tag = await tags.get(db, identifier, session)
        authorise(actor, rules.EDIT, tag.business)
        check_rev(tag, rev)
        if "category" in changes:
            category = await categories.find(db, {"_id": edit.category, "business": tag.business}, session)
            if category is None:
                error = FieldError(
                    pointer="/category", expected="a category of this business", got=str(edit.category)[:60]
                )
                raise Refused(CommonRefusal.INVALID, errors=[error])
        written = await tags.replace(db, session, edited(tag, changes))
        data = {"before": {name: getattr(tag, name) for name in changes}, "after": changes}
        await _record(db, session, actor, tag, data)
        return written

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(TagRefusal.TAG_EXISTS, name=changes.get("name", "")) from None


async def read_tag(db: Database, actor: Actor, identifier: str) -> Tag:
    """Give a tag to the people of its business."""
    tag = await tags.get(db, identifier)
    authorise(actor, rules.READ, tag.business)
    return tag


async def list_tags(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    category: str = "",
    words: str = "",
    cursor: str,
    limit: int,
) -> Page[Tag]:
    """List the tags of the actor's businesses; those of a category with those of the categories in it."""
    where = reach(actor, rules.READ, business)
    if category:
        below = await categories.collection(db).find({"path": category}, projection={"_id": 1})
        where["category"] = {"$in": [category, *(one["_id"] for one in below)]}
    return await tags.page(db, where | titled(words, "name"), cursor=cursor, limit=limit)


async def give_tags(
    db: Database, actor: Actor, identifier: str, wanted: Sequence[str], *, rev: int
) -> Tagged:
    """Replace the tags of a room, program or content. For its people who write, and its anchor."""
    document = await find_document(db, identifier)
    authorise(actor, rules.GIVE, document.business, await anchor_of(db, document))
    if errors := await wrong_tags(db, document.business, wanted, document.tags):
        raise Refused(CommonRefusal.INVALID, errors=errors)

    async def work(session: Session) -> Tagged:
        current = await find_document(db, identifier, session)
        check_rev(current, rev)
        written = await replace_document(db, session, edited(current, {"tags": list(wanted)}))
        data = {"before": current.tags, "after": list(wanted)}
        await audit.record(
            db, session, actor, rules.GIVE.name, target=identifier, business=current.business, data=data
        )
        return Tagged(document=identifier, rev=written.rev, tags=list(wanted))

    return await db.transact(work)


async def wrong_tags(
    db: Database, business: str, wanted: Sequence[str], had: Sequence[str] = ()
) -> list[FieldError]:
    """List the tags a document of a business that had these can't be given."""
    there = await tags.several(db, wanted)
    return rules.check_given(wanted, had, there, business)


async def _parent(db: Database, identifier: str, session: Session) -> TagCategory | None:
    if not identifier:
        return None
    parent = await categories.find(db, {"_id": identifier}, session)
    if parent is None:
        error = FieldError(pointer="/parent", expected="a category of this business", got=identifier[:60])
        raise Refused(CommonRefusal.INVALID, errors=[error])
    await hold(db, identifier, session)
    return parent


async def _record(
    db: Database, session: Session, actor: Actor, target: Tag | TagCategory, data: dict[str, Any]
) -> None:
    await audit.record(
        db, session, actor, rules.EDIT.name, target=target.id, business=target.business, data=data
    )
