"""Contents that people write: trailers, articles, picture sets."""

from collections.abc import Mapping
from typing import Any

from content.authority import authorise
from content.businesses.store import businesses
from content.contents import rules
from content.contents.actions.trail import audited
from content.contents.store import contents
from content.contents.views import ContentEdit, NewContent
from content.creators.rules import check_named
from content.creators.store import creators
from content.documents import changed_fields, check_rev, edited, fields_of
from content.models.rules.richtext import clean
from content.programs.store import programs
from content.publishing.keeping import keep_face
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Content, ContentKind, Origin, Program
from schemas.creators import Creator
from schemas.ids import new_id
from schemas.models import Extended
from schemas.problems import Refused


async def create_content(
    db: Database, actor: Actor, new: NewContent, *, demo: bool = False, extended: Extended | None = None
) -> Content:
    """Write a trailer, an article or a picture set of the business; it is shown once it is published.

    Raises Refused(not_found, invalid, creator_not_approved).
    """
    await businesses.get(db, new.business)
    program = await programs.get(db, new.program) if new.program else None
    authorise(actor, rules.CREATE, new.business, program.anchor if program else "")
    fields = _cleaned(_given(new))
    author = await creators.find(db, {"_id": new.author}) if new.author else None
    if new.author and (refusal := check_named(author, new.business, "/author")):
        raise Refused(refusal)
    if refusal := rules.check_fields(fields["kind"], fields, new.business, program):
        raise Refused(refusal)
    return await _insert(db, actor, _made({**fields, **fields_of(extended)}, program, author, demo=demo))


async def edit_content(
    db: Database, actor: Actor, identifier: str, edit: ContentEdit, *, rev: int = 0
) -> Content:
    """Change what is told about a content: its business's people, its program's anchor.

    Raises Refused(invalid, creator_not_approved).
    """
    changes = _cleaned(changed_fields(edit))
    named = await creators.find(db, {"_id": changes["author"]}) if changes.get("author") else None

    async def work(session: Session) -> Content:
        content = await contents.get(db, identifier, session)
        program = await programs.get(db, content.program, session) if content.program else None
        authorise(actor, rules.EDIT, content.business, program.anchor if program else "")
        check_rev(content, rev)
        if changes.get("author") and (refusal := check_named(named, content.business, "/author")):
            raise Refused(refusal)
        if refusal := rules.check_fields(content.kind, changes, content.business, program):
            raise Refused(refusal)
        if "author" in changes:
            changes["origin"] = Origin.PGC if changes["author"] else Origin.OGC
        await audited(db, session, actor, rules.EDIT, content, _told(changes))
        stored = await contents.replace(db, session, edited(content, changes))
        await keep_face(db, session, actor, content, stored)
        return stored

    return await db.transact(work)


async def _insert(db: Database, actor: Actor, content: Content) -> Content:
    async def work(session: Session) -> Content:
        created = await contents.insert(db, session, content)
        data = {"kind": content.kind, "title": content.title, "origin": content.origin}
        await audited(db, session, actor, rules.CREATE, content, data)
        return created

    return await db.transact(work)


def _made(
    fields: Mapping[str, Any], program: Program | None, author: Creator | None, *, demo: bool = False
) -> Content:
    room = program.room if program else ""
    origin = Origin.PGC if author else Origin.OGC
    own = {"room": room, "origin": origin, "author": author.id if author else "", "demo": demo}
    return Content(id=new_id("cnt"), **{**fields, **own})


def _given(new: NewContent) -> dict[str, Any]:
    given = {name: getattr(new, name) for name in new.__struct_fields__}
    return {**given, "kind": ContentKind(new.kind)}


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "body": clean(fields["body"])} if fields.get("body") else fields


def _told(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give changes as the audit trail keeps them: of a text, its length."""
    told = {name: value for name, value in changes.items() if name not in ("body", "pictures")}
    if "body" in changes:
        told["body_length"] = len(changes["body"])
    if "pictures" in changes:
        told["pictures"] = [one.key for one in changes["pictures"]]
    return told
