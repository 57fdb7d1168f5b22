"""A shop in the middle of its day: something in every state to act upon."""

from typing import Any

import msgspec

from commerce.orders.actions import apply_event, pay_order, place_order
from commerce.payments.store import payments
from commerce.stock.actions import receive_stock
from commerce.stores.actions import create_store
from commerce.stores.views import NewStore
from content.contents.actions import publish_from, withdraw_content
from content.creators.actions import admit_creator
from content.creators.views import NewCreator
from content.keys.actions import create_key
from content.keys.views import NewKey
from content.members.inviting import invite
from content.members.views import NewInvitation
from content.models.actions.drafting import create_model, save_draft
from content.models.actions.publishing import publish_model
from content.models.views import NewModel, Publication
from content.programs.actions import cancel_program, create_program, open_program, stream_started
from content.programs.views import NewProgram
from content.publishing.actions import drafting
from content.publishing.actions.reviewing import submit_draft
from content.publishing.ports import References
from content.publishing.views import DraftEdit, DraftView
from infra import jobs
from infra.mongo import Database
from schemas.accounts import SYSTEM, Actor, Role
from schemas.content import Content, ContentKind, Program
from schemas.ids import new_id
from schemas.jobs import JobState
from schemas.models import ContentModel, Layer
from schemas.orders import NewOrder, NewOrderLine, Order
from schemas.stock import ReceiveStock
from tests.commerce.orders.selling import Till
from tests.commerce.orders.selling import paid as success
from tests.commerce.shop import COURIER
from tests.content.models.making import field, model
from tests.web.shop import Shop, person
from tests.web.test_main_job import stream_of
from workers.web.services import Services


class Scene(msgspec.Struct, frozen=True):
    """What there is to act upon."""

    shop: Shop
    draft: Program
    ready: Program
    live: Program
    over: Program
    clip: Content
    withdrawn: Content
    creator: str
    store: str
    job: str
    unpaid: Order
    paid: Order
    leaver: str
    """An assistant whom nobody needs."""
    invitation: str
    key: str
    model: ContentModel
    """Of rooms: published, and its draft changed since."""
    edited: DraftView
    """Of the draft program."""
    submitted: DraftView
    """Of the ready program."""


async def set_scene(services: Services, shop: Shop) -> Scene:
    """Make what there is to act upon."""
    db = services.db
    draft = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="draft"))
    ready = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="ready"))
    ready = await open_program(db, services.tokens, SYSTEM, ready.id)
    live = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="live"))
    await open_program(db, services.tokens, SYSTEM, live.id)
    live = await stream_started(db, live.id, stream_of(live.id, shop.business.id))
    over = await create_program(db, SYSTEM, NewProgram(room=shop.room.id, title="over"))
    over = await cancel_program(db, SYSTEM, over.id)
    clip = await publish_from(db, program_id=live.id, kind=ContentKind.CLIP, title="clip", media="cnt/a.mp4")
    hidden = await publish_from(db, program_id=live.id, kind=ContentKind.TRAILER, title="t", media="a.mp4")
    hidden = await withdraw_content(db, SYSTEM, hidden.id)
    job = await jobs.enqueue(db, "clip", clip.id, {}, business=shop.business.id, program=live.id)
    await db.collection(jobs.JOBS).update_one({"_id": job}, {"$set": {"state": JobState.FAILED}})
    unpaid, paid = await orders_of_somebody(db, shop)
    creator = await admit_creator(db, SYSTEM, NewCreator(business=shop.business.id, name="n"))
    store = await create_store(db, SYSTEM, NewStore(business=shop.business.id, name="n", address="a"))
    await supplied(db, shop, draft)
    return Scene(
        shop=shop,
        draft=draft,
        ready=ready,
        live=live,
        over=over,
        clip=clip,
        withdrawn=hidden,
        creator=creator.id,
        store=store.id,
        job=job,
        unpaid=unpaid,
        paid=paid,
        leaver=(await person(services, "leaver", {shop.business.id: [Role.ASSISTANT]})).id,
        invitation=(await invite(db, shop.manager.actor, an_invitation(shop))).invitation.id,
        key=(await create_key(db, shop.manager.actor, a_key(shop))).key.id,
        model=await model_of_rooms(db, shop),
        edited=await draft_of(db, draft),
        submitted=await submit_draft(db, References(), SYSTEM, ready.id, rev=(await draft_of(db, ready)).rev),
    )


async def draft_of(db: Database, program: Program) -> DraftView:
    """Begin the draft of a program."""
    return await drafting.save_draft(db, SYSTEM, program.id, DraftEdit(face={"title": "t"}), rev=0)


async def supplied(db: Database, shop: Shop, draft: Program) -> None:
    """Let the supplier have supplied the shop, and what the draft shows."""
    ours = {"_id": {"$in": [shop.cup.id, shop.pot.id]}}
    await db.collection("products").update_many(ours, {"$set": {"supplier": shop.supplier.id}})
    shown = {"$set": {"suppliers": [shop.supplier.id]}}
    await db.collection("programs").update_one({"_id": draft.id}, shown)


def an_invitation(shop: Shop) -> NewInvitation:
    return NewInvitation(business=shop.business.id, roles=[Role.EDITOR])


def a_key(shop: Shop) -> NewKey:
    return NewKey(name="n", scopes={shop.business.id: ["rooms.read"]})


TIER = {"tier": field("choice", "tier", note={"filterable": True})}
SIZE = {"size": field("integer", "size")}
NOTE = {"note": field("text", "note")}


async def model_of_rooms(db: Database, shop: Shop) -> ContentModel:
    """Publish a model of rooms, and go on with its draft."""
    made = await create_model(db, SYSTEM, NewModel(business=shop.business.id, layer=Layer.ROOM))
    made = await save_draft(db, SYSTEM, made.id, model(TIER), rev=made.rev)
    await publish_model(db, SYSTEM, made.id, Publication(rev=made.rev))
    return await save_draft(db, SYSTEM, made.id, model(TIER | SIZE), rev=made.rev + 1)


async def orders_of_somebody(db: Database, shop: Shop) -> tuple[Order, Order]:
    """Let somebody else order two pots, and pay one of them."""
    await receive_stock(db, SYSTEM, shop.pot.id, ReceiveStock(quantity=9), new_id("key"))
    who, till = Actor(id=new_id("acc"), name="buyer"), Till()
    line = NewOrderLine(product=shop.pot.id, price=shop.pot.price)
    unpaid, paid = [
        await place_order(db, who, NewOrder(lines=[line], delivery=COURIER), new_id("key"), minutes=15)
        for _ in range(2)
    ]
    page = await pay_order(db, {till.name: till}, who, paid.id, return_url="")
    event = success(await payments.get(db, page.payment))
    return unpaid, await apply_event(db, till.name, event)


Call = tuple[str, str, dict[str, Any]]


def json(body: Any, rev: int | None = None) -> dict[str, Any]:
    return {"json": body, "rev": rev}
