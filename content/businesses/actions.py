"""Verbs of businesses."""

from typing import Any

from content import audit
from content.authority import authorise, own_places, places
from content.businesses import rules
from content.businesses.rules import BusinessRefusal
from content.businesses.store import businesses
from content.businesses.views import BusinessEdit, NewBusiness
from content.documents import changed_fields, check_rev, edited
from infra.http import Page
from infra.mongo import Database, DuplicateKey, Session
from schemas.accounts import PLATFORM, Actor
from schemas.content import Business
from schemas.ids import new_id
from schemas.problems import Refused


async def create_business(db: Database, actor: Actor, new: NewBusiness, *, demo: bool = False) -> Business:
    """Open a line of business. Operators only; raises Refused(slug_taken)."""
    authorise(actor, rules.CREATE, PLATFORM)
    business = Business(id=new_id("biz"), name=new.name, slug=new.slug, demo=demo)

    async def work(session: Session) -> Business:
        created = await businesses.insert(db, session, business)
        await audit.record(db, session, actor, rules.CREATE.name, target=business.id, business=business.id)
        return created

    try:
        return await db.transact(work)
    except DuplicateKey:
        raise Refused(BusinessRefusal.SLUG_TAKEN, slug=new.slug) from None


async def edit_business(
    db: Database, actor: Actor, identifier: str, edit: BusinessEdit, *, rev: int = 0
) -> Business:
    """Rename a business, say whose approval its drafts need and whether it takes contributions."""
    authorise(actor, rules.EDIT, identifier)
    changes = changed_fields(edit)

    async def work(session: Session) -> Business:
        business = await businesses.get(db, identifier, session)
        check_rev(business, rev)
        await audit.record(
            db, session, actor, rules.EDIT.name, target=identifier, business=identifier, data=changes
        )
        return await businesses.replace(db, session, edited(business, changes))

    return await db.transact(work)


async def read_business(db: Database, actor: Actor, identifier: str) -> Business:
    """Give a business to its own people."""
    authorise(actor, rules.READ, identifier, supplier=actor.id)
    return await businesses.get(db, identifier)


async def list_businesses(db: Database, actor: Actor, *, cursor: str, limit: int) -> Page[Business]:
    """List the businesses the actor has a part in (operators: all)."""
    own = businesses_of(actor)
    where: dict[str, Any] = {} if own is None else {"_id": {"$in": own}}
    return await businesses.page(db, where, cursor=cursor, limit=limit)


def businesses_of(actor: Actor) -> list[str] | None:
    """Give the businesses the actor has a part in; None: all of the platform."""
    everywhere = places(actor, rules.READ)
    return None if everywhere is None else [*everywhere, *own_places(actor, rules.READ)]
