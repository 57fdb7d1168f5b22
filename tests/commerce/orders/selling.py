"""A till in the test's hand: a provider whose word the tests give, and the steps of a sale."""

from collections.abc import Mapping

from commerce.orders import actions
from commerce.orders.store import orders
from commerce.payments.provider import ProviderAway
from commerce.payments.store import payments
from infra.clock import now_ms
from schemas.accounts import Actor
from schemas.ids import new_id
from schemas.orders import NewOrder, Order
from schemas.payments import Payment, PaymentEvent, PaymentEventKind
from tests.commerce.shop import Shop, buyer

HELD_MINUTES = 15.0


class Till:
    """A provider on the other side of the counter: it announces what the test says."""

    name = "till"

    def __init__(self) -> None:
        self.refunded: list[str] = []
        self.told: dict[str, PaymentEvent] = {}
        self.away = False

    async def create(self, payment: Payment, return_url: str) -> str:
        return f"http://till/{payment.id}"

    def verify(self, path: str, headers: Mapping[str, str], body: bytes) -> PaymentEvent:
        raise NotImplementedError("the till calls nobody back")

    async def query(self, payment: Payment) -> PaymentEvent | None:
        return self.told.get(payment.id)

    async def refund(self, payment: Payment) -> bool:
        if self.away:
            raise ProviderAway("closed")
        self.refunded.append(payment.id)
        return True

    async def close(self) -> None:
        return None


def paid(payment: Payment, *, kind: PaymentEventKind = PaymentEventKind.SUCCEEDED) -> PaymentEvent:
    return PaymentEvent(id=new_id("evt"), kind=kind, payment=payment.id, amount=payment.amount, at=now_ms())


async def place(
    shop: Shop,
    who: Actor | None = None,
    new: NewOrder | None = None,
    *,
    key: str = "",
    minutes: float = HELD_MINUTES,
    provider: str = "",
) -> Order:
    return await actions.place_order(
        shop.db,
        who or buyer(),
        new or shop.order(),
        key or new_id("key"),
        minutes=minutes,
        provider=provider,
    )


async def begin_to_pay(shop: Shop, order: Order, till: Till) -> Payment:
    who = Actor(id=order.account, name=order.buyer)
    page = await actions.pay_order(shop.db, {till.name: till}, who, order.id, return_url="http://shop/")
    return await payments.get(shop.db, page.payment)


async def pay(shop: Shop, order: Order, till: Till | None = None) -> Order:
    till = till or Till()
    payment = await begin_to_pay(shop, order, till)
    return await actions.apply_event(shop.db, till.name, paid(payment))


async def now(shop: Shop, order: Order) -> Order:
    return await orders.get(shop.db, order.id)
