"""Verbs of rooms."""

import secrets
from collections.abc import Sequence
from typing import Any

from content import audit
from content.accounts.store import accounts
from content.authority import authorise, may
from content.businesses.store import businesses
from content.documents import changed_fields, check_rev, edited, fields_of, reach, titled
from content.pictures.rules import check_picture_key
from content.publishing.keeping import keep_face
from content.rooms import rules
from content.rooms.rules import RoomRefusal
from content.rooms.store import at_address, rooms
from content.rooms.views import NewRoom, RoomEdit, RoomKey, RoomProfile, show_room
from infra.addresses import Addresses
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from infra.tokens import Tokens, digest
from schemas.accounts import Actor, Role
from schemas.content import Room, RoomRole
from schemas.ids import new_id
from schemas.models import Extended
from schemas.problems import Refusal, Refused

PICTURES = ("avatar", "cover", "share_picture")
KEY_BYTES = 18


async def create_room(
    db: Database, actor: Actor, new: NewRoom, *, demo: bool = False, extended: Extended | None = None
) -> Room:
    """Set up a room for an anchor of the business; raises Refused(not_an_anchor, address_taken)."""
    authorise(actor, rules.CREATE, new.business)
    await businesses.get(db, new.business)
    anchor = await accounts.find(db, {"_id": new.anchor})
    pictures = {name: getattr(new, name) for name in PICTURES}
    if refusal := rules.check_anchor(anchor, new.business) or _check_pictures(pictures, new.business):
        raise Refused(refusal)
    room = Room(
        id=new_id("rm"),
        business=new.business,
        anchor=new.anchor,
        title=new.title,
        address=new.address,
        intro=new.intro,
        demo=demo,
        **pictures,
        **fields_of(extended),
    )

    async def work(session: Session) -> Room:
        created = await rooms.insert(db, session, room)
        await audit.record(db, session, actor, rules.CREATE.name, target=room.id, business=room.business)
        return created

    return await _with_address(db.transact(work), new.address)


async def edit_room(db: Database, actor: Actor, identifier: str, edit: RoomEdit, *, rev: int = 0) -> Room:
    """Change what is told about a room: its business's operators, and its anchor.

    Who is what in it only operators change. Raises Refused(address_taken, address_fixed, not_a_member).
    """
    changes = changed_fields(edit)
    if "roles" in changes:
        changes["roles"] = [RoomRole(account=one.account, role=Role(one.role)) for one in changes["roles"]]
    named = [one.account for one in changes.get("roles", ())]
    known = await accounts.several(db, named)

    async def work(session: Session) -> Room:
        room = await rooms.get(db, identifier, session)
        authorise(actor, rules.EDIT, room.business, room.anchor)
        done = rules.EDIT
        if rules.cast_changes(room.roles, changes.get("roles", room.roles)):
            done = rules.CAST
            authorise(actor, done, room.business)
        check_rev(room, rev)
        refusal = (
            _check_pictures(changes, room.business)
            or rules.check_address(room, changes.get("address", room.address))
            or rules.check_members(named, known, room.business, "/roles/{}/account")
        )
        if refusal:
            raise Refused(refusal)
        await audit.record(
            db, session, actor, done.name, target=room.id, business=room.business, data=_told(changes)
        )
        stored = await rooms.replace(db, session, edited(room, changes))
        await keep_face(db, session, actor, room, stored)
        return stored

    return await _with_address(db.transact(work), changes.get("address", ""))


async def rotate_room_key(
    db: Database, tokens: Tokens, actor: Actor, identifier: str, *, rev: int = 0
) -> Room:
    """Issue a room's permanent stream key, or another one; the old one is refused from now on."""
    key = secrets.token_urlsafe(KEY_BYTES)

    async def work(session: Session) -> Room:
        room = await rooms.get(db, identifier, session)
        authorise(actor, rules.PUSH, room.business, room.anchor)
        check_rev(room, rev)
        data = {"rotated": bool(room.key_hash)}
        await audit.record(
            db, session, actor, rules.PUSH.name, target=room.id, business=room.business, data=data
        )
        keys = {"key_hash": digest(key), "key_sealed": tokens.seal(key)}
        return await rooms.replace(db, session, edited(room, keys))

    return await db.transact(work)


async def room_key(db: Database, tokens: Tokens, actor: Actor, identifier: str, at: Addresses) -> RoomKey:
    """Show a room's permanent stream key; empty until one is issued."""
    room = await rooms.get(db, identifier)
    authorise(actor, rules.PUSH, room.business, room.anchor)
    key = tokens.unseal(room.key_sealed) if room.key_sealed else ""
    return RoomKey(server_url=at.rtmp, key=key, url=f"{at.rtmp}/{key}" if key else "", rev=room.rev)


async def read_room(db: Database, name: str) -> Room:
    """Give a room by its id or its permanent address; rooms are public."""
    return await rooms.get(db, name) if name.startswith("rm_") else await at_address(db, name)


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
    """List rooms of the businesses the actor has a part in.

    `mine`: those she is the anchor of, or one of the anchors and assistants.
    """
    where = reach(actor, rules.READ, business)
    where |= titled(words)
    if mine:
        where["$or"] = [{"anchor": actor.id}, {"roles.account": actor.id}]
    return await rooms.page(db, where, cursor=cursor, limit=limit)


async def show_rooms(db: Database, actor: Actor, found: Sequence[Room]) -> list[RoomProfile]:
    """Show rooms; who is what in them is told to the business's own people."""
    own = {one.id for one in found if may(actor, rules.READ, one.business)}
    named = [role.account for one in found if one.id in own for role in one.roles]
    people = await accounts.several(db, named) if named else {}
    return [show_room(one, people, own=one.id in own) for one in found]


def _check_pictures(fields: dict[str, Any], business: str) -> Refusal | None:
    for name in PICTURES:
        if refusal := check_picture_key(fields.get(name, ""), business, f"/{name}"):
            return refusal
    return None


def _told(changes: dict[str, Any]) -> dict[str, Any]:
    """Give changes as the audit trail keeps them."""
    if "roles" not in changes:
        return changes
    return {**changes, "roles": {one.account: one.role for one in changes["roles"]}}


async def _with_address(writing: Any, address: str) -> Room:
    try:
        room: Room = await writing
    except DuplicateKey:
        raise Refused(RoomRefusal.ADDRESS_TAKEN, pointer="/address", got=address) from None
    return room
