"""The documents a batch of commands works on: read together, changed in memory, written together."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from commerce.orders import rules, store
from commerce.orders.commands import Command, Place
from commerce.orders.store import orders
from commerce.payments.store import payments
from commerce.stock.store import stocks
from commerce.stores.store import stores
from content.documents import Documents
from infra import outbox
from infra.mongo import Database, Session, from_doc, to_doc
from schemas.base import Document
from schemas.commerce import Product
from schemas.content import Program
from schemas.events import OrderMoved
from schemas.orders import Order, OrderState, OrderStep, PickUp
from schemas.payments import Payment
from schemas.problems import CommonRefusal, Refused
from schemas.stock import Stock
from schemas.stores import Store

D = TypeVar("D", bound=Document)
Doc = dict[str, Any]


class Drawer(Generic[D]):
    """Documents of one kind: as they were read, and as they are now."""

    def __init__(self, documents: Documents[D]) -> None:
        self._documents = documents
        self._read: dict[str, D] = {}
        self.now: dict[str, D] = {}

    def hold(self, docs: Iterable[Doc]) -> None:
        """Take in documents that were read, once each."""
        for doc in docs:
            if doc["_id"] not in self._read:
                document = from_doc(self._documents.kind, doc)
                self._read[document.id] = self.now[document.id] = document

    def put(self, document: D) -> None:
        """Lay in a new or changed document."""
        self.now[document.id] = document

    async def write(self, db: Database, session: Session, at: int) -> None:
        """Write what is new or changed, with its revision and times."""
        fresh, changed = [], []
        for identifier, document in self.now.items():
            before = self._read.get(identifier)
            if before is None:
                stamped = msgspec.structs.replace(document, created_at=at, updated_at=at)
                fresh.append(to_doc(stamped))
            elif document is not before:
                stamped = msgspec.structs.replace(document, rev=before.rev + 1, updated_at=at)
                changed.append(({"_id": identifier, "rev": before.rev}, to_doc(stamped)))
            else:
                continue
            self.now[identifier] = stamped
        collection = self._documents.collection(db)
        if fresh:
            await collection.insert_many(fresh, session=session)
        if changed and await collection.replace_each(changed, session=session) != len(changed):
            raise Refused(CommonRefusal.PRECONDITION_FAILED, kind=self._documents.name)


class Book:
    """All that a batch needs, and what it comes to. One transaction long."""

    def __init__(self) -> None:
        self.orders = Drawer(orders)
        self.payments = Drawer(payments)
        self.stocks = Drawer(stocks)
        self.products: dict[str, Product] = {}
        self.programs: dict[str, Program] = {}
        self.stores: dict[str, Store] = {}
        self.placed: dict[tuple[str, str], str] = {}
        """Order ids by (account, idempotency key)."""
        self.unpaid: dict[str, int] = {}
        self.bought: dict[tuple[str, str, str], int] = {}
        """Units by (program, account, product), for programs with a limit."""
        self._events: list[OrderMoved] = []

    async def read(self, db: Database, session: Session, commands: Sequence[Command]) -> None:
        """Read what the commands are about: with one query for each way to find it."""
        places = [one for one in commands if isinstance(one, Place)]
        others = [one for one in commands if not isinstance(one, Place)]
        if of_orders := sorted({one.order for one in others if one.order}):
            for doc in await store.with_payment_and_stock(db, session, of_orders):
                self._hold([doc], doc["payment_docs"], doc["stock_docs"])
        if of_payments := sorted({one.payment for one in others if not one.order}):
            for doc in await store.payments_with_order_and_stock(db, session, of_payments):
                self._hold(doc["order_docs"], [doc], doc["stock_docs"])
        if places:
            await self._read_for_places(db, session, places)

    def _hold(self, found: list[Doc], paid_by: list[Doc], units: list[Doc]) -> None:
        self.orders.hold(found)
        self.payments.hold(paid_by)
        self.stocks.hold(units)

    async def _read_for_places(self, db: Database, session: Session, places: Sequence[Place]) -> None:
        accounts, keys = {one.by for one in places}, {one.key for one in places}
        for doc in await store.unpaid_or_placed(db, session, accounts, keys):
            self.orders.hold([doc])
            self.placed[doc["account"], doc["key"]] = doc["_id"]
            if doc["state"] == OrderState.PENDING_PAYMENT:
                self.unpaid[doc["account"]] = self.unpaid.get(doc["account"], 0) + 1
        wanted = {line.product for one in places for line in one.new.lines}
        for doc in await store.products_with_stock(db, session, wanted):
            self.products[doc["_id"]] = from_doc(Product, doc)
            self.stocks.hold(doc["stock_docs"])
        collected = [one.new.delivery for one in places if isinstance(one.new.delivery, PickUp)]
        if wanted_stores := {delivery.store for delivery in collected if delivery.store}:
            self.stores = await stores.several(db, wanted_stores, session)
        shows = {one.new.program for one in places if one.new.program}
        for program in await store.programs_named(db, session, shows):
            self.programs[program.id] = program
            if any(offer.limit for offer in program.shelf):
                found = await store.bought_by(db, session, program.id, accounts)
                for (account, product), had in found.items():
                    self.bought[program.id, account, product] = had

    def place(self, order: Order) -> None:
        """Lay in a new order."""
        self.placed[order.account, order.key] = order.id
        self.unpaid[order.account] = self.unpaid.get(order.account, 0) + 1
        for line in order.lines:
            whose = (order.program, order.account, line.product)
            self.bought[whose] = self.bought.get(whose, 0) + line.quantity
        self._step(order, order.created_at, order.account, "")

    def move(self, order: Order, state: OrderState, at: int, by: str, reason: str = "") -> None:
        """Bring an order to a state."""
        self._step(msgspec.structs.replace(order, state=state), at, by, reason)

    def stock(self, sku: str) -> Stock:
        """Give the stock of an SKU that an order holds units of; it is never deleted."""
        return self.stocks.now[sku]

    def payment(self, identifier: str) -> Payment | None:
        """Give a payment, if it is there."""
        return self.payments.now.get(identifier)

    async def write(self, db: Database, session: Session, at: int) -> None:
        """Write all that changed, and tell it."""
        for drawer in (self.orders, self.payments, self.stocks):
            await drawer.write(db, session, at)
        await outbox.publish_all(db, session, self._events)

    def _step(self, order: Order, at: int, by: str, reason: str) -> None:
        step = OrderStep(state=order.state, at=at, by=by, reason=reason)
        self.orders.put(msgspec.structs.replace(order, steps=[*order.steps, step]))
        self._events.append(
            OrderMoved(
                order=order.id,
                business=order.business,
                program=order.program,
                log=order.log,
                account=order.account,
                buyer=order.buyer,
                state=order.state,
                units=rules.units(order),
                amount=order.amount.amount,
                product=order.lines[0].product,
                at=at,
            )
        )
