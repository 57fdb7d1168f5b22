"""A business in which models are made and published."""

import itertools
from typing import Any

import msgspec

from content import indexes
from content.accounts.actions import create_account
from content.accounts.views import NewAccount
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from content.models.actions import drafting, publishing
from content.models.views import NewModel, Publication
from content.rooms.actions import create_room
from content.rooms.views import NewRoom
from infra.mongo import Database
from schemas.accounts import SYSTEM, Account, Actor, Role
from schemas.content import Business, Room
from schemas.models import ContentModel, Layer, ModelVersion
from tests.content.models.making import Schema

_numbers = itertools.count(1)


class Office(msgspec.Struct, frozen=True):
    """A business with a manager and an anchor, where models are made."""

    db: Database
    business: Business
    anchor: Account
    manager: Actor

    async def room(self, **said: Any) -> Room:
        new = NewRoom(business=self.business.id, anchor=self.anchor.id, title=said.get("title", "茶室"))
        return await create_room(self.db, SYSTEM, new)

    async def model(self, layer: Layer = Layer.ROOM) -> ContentModel:
        return await drafting.create_model(
            self.db, self.manager, NewModel(business=self.business.id, layer=layer)
        )

    async def publish(self, model: ContentModel, schema: Schema, **said: Any) -> ModelVersion:
        current = await drafting.read_model(self.db, self.manager, model.id)
        saved = await drafting.save_draft(self.db, self.manager, model.id, schema, rev=current.rev)
        wanted = Publication(rev=saved.rev, **said)
        return await publishing.publish_model(self.db, self.manager, model.id, wanted)


async def open_office(db: Database) -> Office:
    await indexes.ensure_indexes(db)
    number = next(_numbers)
    business = await create_business(db, SYSTEM, NewBusiness(name="茶器", slug=f"tea-{number}"))
    new = NewAccount(login=f"lin{number}", name="小林", password="春天的第一杯茶！")
    anchor = await create_account(db, SYSTEM, new)
    held = {"$set": {f"roles.{business.id}": [Role.ANCHOR]}}
    await db.collection("accounts").update_one({"_id": anchor.id}, held)
    manager = Actor(id="acc_manager", name="老陈", roles={business.id: [Role.BUSINESS_OPERATOR]})
    return Office(db, business, anchor, manager)
