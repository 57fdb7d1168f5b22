"""Verbs of rooms."""

from typing import Any

from content import audit
from content.accounts.store import accounts
from content.authority import authorise, places
from content.businesses.store import businesses
from content.documents import changed_fields, check_rev, edited, titled, within
from content.pictures.rules import check_picture_key
from content.rooms import rules
from content.rooms.store import rooms
from content.rooms.views import NewRoom, RoomEdit
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.content import Room
from schemas.ids import new_id
from schemas.problems import Refused


async def create_room(db: Database, actor: Actor, new: NewRoom, *, demo: bool = False) -> Room:
    """Set up a room for an anchor of the business; raises Refused(not_an_anchor)."""
    authorise(actor, rules.CREATE, new.business)
    await businesses.get(db, new.business)
    anchor = await accounts.find(db, {"_id": new.anchor})
    refusal = (
        rules.check_anchor(anchor, new.business)
        or check_picture_key(new.avatar, new.business, "/avatar")
        or check_picture_key(new.cover, new.business, "/cover")
    )
    if refusal:
        raise Refused(refusal)
    room = Room(
        id=new_id("rm"),
        business=new.business,
        anchor=new.anchor,
        title=new.title,
        intro=new.intro,
        avatar=new.avatar,
        cover=new.cover,
        demo=demo,
    )

    async def work(session: Session) -> Room:
        created = await rooms.insert(db, session, room)
        await audit.record(db, session, actor, rules.CREATE.name, target=room.id, business=room.business)
        return created

    return await db.transact(work)


async def edit_room(db: Database, actor: Actor, identifier: str, edit: RoomEdit, *, rev: int = 0) -> Room:
    """Change what is told about a room: its business's operators, and its anchor."""

    async def work(session: Session) -> Room:
        room = await rooms.get(db, identifier, session)
        authorise(actor, rules.EDIT, room.business, room.anchor)
        check_rev(room, rev)
        changes = changed_fields(edit)
        for name in ("avatar", "cover"):
            if refusal := check_picture_key(changes.get(name, ""), room.business, f"/{name}"):
                raise Refused(refusal)
        await audit.record(
            db, session, actor, rules.EDIT.name, target=room.id, business=room.business, data=changes
        )
        return await rooms.replace(db, session, edited(room, changes))

    return await db.transact(work)


async def read_room(db: Database, identifier: str) -> Room:
    """Give a room; rooms are public."""
    return await rooms.get(db, identifier)


async def list_rooms(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    mine: bool = False,
    words: str = "",
    cursor: str,
    limit: int,
) -> Page[Room]:
    """List rooms of the businesses the actor has a part in; `mine`: those she is the anchor of."""
    where: dict[str, Any] = within(places(actor, rules.READ))
    if business:
        authorise(actor, rules.READ, business)
        where["business"] = business
    where |= titled(words)
    if mine:
        where["anchor"] = actor.id
    return await rooms.page(db, where, cursor=cursor, limit=limit)
