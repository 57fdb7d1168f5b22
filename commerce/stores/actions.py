"""Verbs of stores."""

import msgspec

from commerce.stores import rules
from commerce.stores.store import stores
from commerce.stores.views import NewStore, StoreEdit
from content import audit
from content.authority import authorise
from content.businesses.store import businesses
from content.documents import changed_fields, check_rev, edited, reach, titled
from content.programs.actions import read_program
from infra.http import Page
from infra.mongo import Database, Session
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.stores import Store, StorePlace


async def create_store(db: Database, actor: Actor, new: NewStore, *, demo: bool = False) -> Store:
    """Open a store of a business."""
    authorise(actor, rules.CREATE, new.business)
    await businesses.get(db, new.business)
    store = Store(id=new_id("sto"), demo=demo, **msgspec.structs.asdict(new))

    async def work(session: Session) -> Store:
        created = await stores.insert(db, session, store)
        await audit.record(
            db,
            session,
            actor,
            rules.CREATE.name,
            target=store.id,
            business=store.business,
            data={"name": store.name},
        )
        return created

    return await db.transact(work)


async def edit_store(db: Database, actor: Actor, identifier: str, edit: StoreEdit, *, rev: int = 0) -> Store:
    """Change a store, retire it (`active` false) or take it up again; orders keep what they were told."""
    changes = changed_fields(edit)

    async def work(session: Session) -> Store:
        store = await stores.get(db, identifier, session)
        authorise(actor, rules.EDIT, store.business)
        check_rev(store, rev)
        data = {"fields": sorted(changes), **({"active": edit.active} if "active" in changes else {})}
        await audit.record(
            db, session, actor, rules.EDIT.name, target=store.id, business=store.business, data=data
        )
        return await stores.replace(db, session, edited(store, changes))

    return await db.transact(work)


async def read_store(db: Database, actor: Actor, identifier: str) -> Store:
    """Give a store to the people of its business."""
    store = await stores.get(db, identifier)
    authorise(actor, rules.READ, store.business)
    return store


async def list_stores(
    db: Database, actor: Actor, *, business: str = "", words: str = "", cursor: str, limit: int
) -> Page[Store]:
    """List the stores of the actor's businesses, retired ones too."""
    where = reach(actor, rules.READ, business)
    return await stores.page(db, where | titled(words, "name"), cursor=cursor, limit=limit)


async def places_of_program(db: Database, actor: Actor, program: str) -> list[StorePlace]:
    """Tell anybody where the orders of a show can be collected, by name."""
    show = await read_program(db, actor, program)
    found = await stores.page(
        db, {"business": show.business, "active": True}, cursor="", limit=rules.MAX_SHOWN
    )
    return sorted((rules.place(store) for store in found.items), key=lambda place: place.name)
