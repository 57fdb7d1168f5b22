import itertools
from collections.abc import Mapping

import msgspec

from commerce.products.actions import create_product
from commerce.products.views import NewProduct
from content.accounts.store import accounts, keep_sign_in
from content.accounts.views import as_actor
from content.businesses.actions import create_business
from content.businesses.views import NewBusiness
from content.keys.rules import PREFIX
from content.keys.store import keys
from content.rooms.actions import create_room
from content.rooms.views import NewRoom
from infra.clock import now_ms
from infra.mongo import Database, Session
from infra.tokens import Tokens, digest
from schemas.accounts import PLATFORM, SYSTEM, Account, Actor, ApiKey, Role
from schemas.commerce import Product
from schemas.content import Business, Room
from schemas.ids import new_id
from schemas.money import Money
from workers.web.services import Services

_numbers = itertools.count(1)


class Person(msgspec.Struct, frozen=True):
    actor: Actor
    token: str
    login: str = ""

    @property
    def id(self) -> str:
        return self.actor.id


class Shop(msgspec.Struct, frozen=True):
    """A business with its people, a room and two products, and another business beside it."""

    business: Business
    other: Business
    room: Room
    cup: Product
    pot: Product
    operator: Person
    manager: Person
    reviewer: Person
    editor: Person
    anchor: Person
    assistant: Person
    supplier: Person
    """Of nothing yet."""
    viewer: Person
    rival: Person
    """Manager of the other business."""


async def open_shop(services: Services) -> Shop:
    db = services.db
    business = await create_business(db, SYSTEM, NewBusiness(name="茶器", slug=fresh_slug()))
    other = await create_business(db, SYSTEM, NewBusiness(name="家电", slug=fresh_slug()))
    roles = {
        "operator": {PLATFORM: [Role.OPERATOR]},
        "manager": {business.id: [Role.BUSINESS_OPERATOR]},
        "reviewer": {business.id: [Role.REVIEWER]},
        "editor": {business.id: [Role.EDITOR]},
        "supplier": {business.id: [Role.SUPPLIER]},
        "anchor": {business.id: [Role.ANCHOR]},
        "assistant": {business.id: [Role.ASSISTANT]},
        "viewer": {},
        "rival": {other.id: [Role.BUSINESS_OPERATOR, Role.ANCHOR]},
    }
    people = await persons(services, roles)
    new = NewRoom(business=business.id, anchor=people["anchor"].id, title="小林的茶室")
    return Shop(
        business=business,
        other=other,
        room=await create_room(db, SYSTEM, new),
        cup=await product(db, business.id, "白瓷杯", 3900),
        pot=await product(db, business.id, "铁壶", 46800),
        **people,
    )


async def product(db: Database, business: str, title: str, amount: int) -> Product:
    new = NewProduct(business=business, title=title, price=Money(amount=amount))
    return await create_product(db, SYSTEM, new)


async def person(services: Services, name: str, roles: dict[str, list[Role]]) -> Person:
    """Make an account that is signed in."""
    return (await persons(services, {name: roles}))[name]


async def persons(services: Services, roles: Mapping[str, dict[str, list[Role]]]) -> dict[str, Person]:
    """Make accounts that are signed in; their passwords are of no use (hashing takes its time)."""
    made = {
        name: Account(
            id=new_id("acc"), login=f"{name}-{next(_numbers)}", name=name, password_hash="-", roles=given
        )
        for name, given in roles.items()
    }
    signed_in = {name: new_id("ses") for name in made}

    async def work(session: Session) -> None:
        for name, account in made.items():
            await accounts.insert(services.db, session, account)
            await keep_sign_in(services.db, session, signed_in[name], account.id, now_ms() + 3_600_000)

    await services.db.transact(work)
    return {
        name: Person(as_actor(one), token_of(services.tokens, one.id, signed_in[name]), one.login)
        for name, one in made.items()
    }


async def key_of(services: Services, maker: Person, scopes: dict[str, list[str]]) -> str:
    """Make an API key, and give its secret."""
    secret = PREFIX + new_id("secret")
    account = Account(
        id=new_id("acc"),
        login=new_id("service"),
        name="till",
        password_hash="",
        roles={business: [Role.SERVICE] for business in scopes},
        service=True,
    )
    key = ApiKey(
        id=new_id("key"),
        account=account.id,
        name="till",
        scopes=scopes,
        businesses=sorted(scopes),
        hash=digest(secret),
        hint=secret[-4:],
        made_by=maker.id,
        made_by_name=maker.actor.name,
        expires_at=now_ms() + 3_600_000,
        last_used_at=now_ms(),  # so that using it writes nothing
    )

    async def work(session: Session) -> None:
        await accounts.insert(services.db, session, account)
        await keys.insert(services.db, session, key)

    await services.db.transact(work)
    return secret


def token_of(tokens: Tokens, account: str, session: str) -> str:
    return tokens.sign("session", {"sub": account, "sid": session}, 3600)


def fresh_slug() -> str:
    return new_id("s").replace("_", "-")[:30]
