"""A shop to buy from: one business, a product on the shelf of a program on air."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from commerce.indexes import ensure_indexes
from commerce.products.skus import default_sku
from commerce.products.store import products
from commerce.stock import actions as stock_actions
from commerce.stock import allotting
from commerce.stock.store import stocks
from content.businesses.store import businesses
from content.programs.store import programs
from infra.mongo import Database, Session
from schemas.accounts import Actor, Role
from schemas.addresses import Address
from schemas.commerce import Product, Sku
from schemas.content import Business, Offer, Program, ProgramState
from schemas.ids import new_id
from schemas.money import Money
from schemas.orders import Courier, NewOrder, NewOrderLine
from schemas.stock import ReceiveStock, Stock

T = TypeVar("T")
LIVE_PRICE = Money(amount=1990)
USUAL_PRICE = Money(amount=2990)
COURIER = Courier(address=Address(name="李雷", phone="13800000000", street="文三路 1 号"))


@dataclass(frozen=True)
class Shop:
    """What a test needs to know of the shop; prices are fen."""

    db: Database
    business: str
    product: str
    program: str
    log: str
    operator: Actor

    @property
    def sku(self) -> str:
        return default_sku(self.product)

    async def stock(self) -> Stock:
        return await stocks.get(self.db, self.sku)

    async def receive(self, quantity: int) -> None:
        key = new_id("key")
        await stock_actions.receive_stock(
            self.db, self.operator, self.product, ReceiveStock(quantity=quantity), key
        )

    async def reprice(self, price: Money) -> None:
        """Set another live price on the shelf."""

        async def work(session: Session) -> None:
            program = await programs.get(self.db, self.program, session)
            shelf = [msgspec.structs.replace(offer, price=price) for offer in program.shelf]
            await programs.replace(self.db, session, msgspec.structs.replace(program, shelf=shelf))

        await self.db.transact(work)

    async def allot(self, units: int) -> None:
        """Let the show sell so many units and no more."""

        async def work(session: Session) -> None:
            program = await programs.get(self.db, self.program, session)
            shelf = [msgspec.structs.replace(offer, units={self.sku: units}) for offer in program.shelf]
            await programs.replace(self.db, session, msgspec.structs.replace(program, shelf=shelf))

        await self.db.transact(work)
        await allotting.share_out(self.db, self.product)

    def order(self, quantity: int = 1, *, price: Money = LIVE_PRICE, program: str | None = None) -> NewOrder:
        line = NewOrderLine(product=self.product, quantity=quantity, price=price)
        return NewOrder(program=self.program if program is None else program, lines=[line], delivery=COURIER)


def buyer(number: int = 1) -> Actor:
    return Actor(id=f"acc_buyer{number}", name=f"买家{number}")


async def open_shop(
    db: Database, *, units: int = 10, limit: int = 0, skus: Sequence[Sku] = (), on_air: bool = True
) -> Shop:
    await ensure_indexes(db)
    business = Business(id=new_id("biz"), name="云店", slug=f"cloud-{new_id('x')[-12:]}")
    product = Product(
        id=new_id("prd"),
        business=business.id,
        title="青瓷碗",
        price=USUAL_PRICE,
        list_price=Money(amount=3990),
        skus=list(skus),
    )
    offer = Offer(
        id=new_id("off"),
        number=1,
        product=product.id,
        title=product.title,
        picture="pic/bowl.jpg",
        price=LIVE_PRICE,
        list_price=product.price,
        limit=limit,
    )
    program = Program(
        id=new_id("prg"),
        business=business.id,
        room="rm_1",
        anchor="acc_anchor",
        title="晚间专场",
        state=ProgramState.LIVE if on_air else ProgramState.ENDED,
        shelf=[offer],
        log=new_id("log"),
    )

    async def work(session: Session) -> None:
        await businesses.insert(db, session, business)
        await products.insert(db, session, product)
        await programs.insert(db, session, program)

    await db.transact(work)
    operator = Actor(id="acc_operator", name="店长", roles={business.id: [Role.BUSINESS_OPERATOR]})
    shop = Shop(db, business.id, product.id, program.id, program.log, operator)
    if units:
        await shop.receive(units)
    return shop


async def at_once(*calls: Coroutine[Any, Any, T]) -> list[T | BaseException]:
    """Let all of them go at the same moment; what they raise is given back in place of an answer."""
    return await asyncio.gather(*calls, return_exceptions=True)
