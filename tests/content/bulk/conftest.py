"""A business with people who bring files."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
import pytest

from content.accounts.store import accounts
from content.accounts.views import as_actor
from content.bulk import actions, importing, store
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from infra.mongo import Database, Session
from infra.objects import ObjectStore
from infra.settings import Settings
from schemas.accounts import SYSTEM, Account, Actor, Role
from schemas.bulk import Import, NounName
from schemas.content import Business
from schemas.ids import new_id
from workers.nouns import nouns_of


class Desk(msgspec.Struct, frozen=True):
    """Where files are brought."""

    db: Database
    objects: ObjectStore
    business: Business
    manager: Actor
    anchor: Account

    async def bring(self, noun: NounName, body: str | bytes, actor: Actor | None = None) -> Import:
        return await actions.upload(
            self.db,
            self.objects,
            nouns_of,
            actor or self.manager,
            self.business.id,
            noun,
            "table.csv",
            body if isinstance(body, bytes) else body.encode(),
        )

    async def take(self, noun: NounName, body: str | bytes, actor: Actor | None = None) -> Import:
        """Bring a file and import it."""
        brought = await self.bring(noun, body, actor)
        await actions.run(self.db, actor or self.manager, brought.id)
        return await self.work(brought.id)

    async def work(self, identifier: str, progress: Any = None) -> Import:
        await importing.run(self.db, self.objects, {}, nouns_of, identifier, progress or quiet)
        return await store.imports.get(self.db, identifier)

    async def all(self, name: str, where: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        wanted = {"business": self.business.id, **(where or {})}
        return await self.db.collection(name).find(wanted, sort=[("_id", 1)])


async def quiet(_part: float) -> None:
    """Tell nobody how far it is."""


@pytest.fixture
async def desk(db: Database, settings: Settings) -> AsyncIterator[Desk]:
    await store.ensure_indexes(db)
    await db.collection("accounts").ensure_index([("login", 1)], name="login", unique=True)
    business = await create_business(db, SYSTEM, NewBusiness(name="茶器", slug="tea"))
    people = {}
    for role in (Role.BUSINESS_OPERATOR, Role.ANCHOR):
        roles = {business.id: [role]}
        account = Account(
            id=new_id("acc"),
            login=str(role),
            name=str(role),
            password_hash="-",
            roles=roles,
            businesses=list(roles),
        )
        people[role] = account

        async def work(session: Session, one: Account = account) -> None:
            await accounts.insert(db, session, one)

        await db.transact(work)
    objects = ObjectStore(settings)
    await objects.ensure_bucket()
    manager = as_actor(people[Role.BUSINESS_OPERATOR])
    yield Desk(db, objects, business, manager, people[Role.ANCHOR])
    objects.close()
