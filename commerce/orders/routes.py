"""HTTP of orders, and of the callbacks of payment providers."""

from commerce.orders import actions
from commerce.orders.rules import OrderRefusal
from commerce.orders.views import show_order, show_orders
from commerce.payments.providers import providers_of
from commerce.payments.rules import PaymentRefusal
from commerce.products.skus import SkuRefusal
from commerce.stock.rules import StockRefusal
from commerce.stores.rules import StoreRefusal
from infra.http import Access, Call, Page, PageQuery, Routes, Upload
from schemas.base import Value
from schemas.orders import (
    FulfilOrder,
    NewOrder,
    OrderState,
    OrderView,
    PayPage,
    PayPlace,
    ReasonGiven,
)
from schemas.problems import CommonRefusal

routes = Routes("orders")


class OrdersQuery(PageQuery, frozen=True, kw_only=True):
    """Which of my orders are wanted."""

    state: OrderState | None = None


class BusinessOrdersQuery(PageQuery, frozen=True, kw_only=True):
    """Which orders of my businesses are wanted."""

    business: str = ""
    program: str = ""
    state: OrderState | None = None
    refund_asked: bool = False
    """Only those whose buyer waits for the money."""


class CallbackTaken(Value, frozen=True, kw_only=True):
    """The provider need not tell it again."""

    ok: bool = True


@routes.post(
    "/v1/orders",
    access=Access.PERSON,
    creates=True,
    repeatable=True,
    refusals=(
        OrderRefusal.PRICE_CHANGED,
        OrderRefusal.NOT_ON_SALE,
        OrderRefusal.PROGRAM_NOT_SELLING,
        OrderRefusal.OVER_LIMIT,
        OrderRefusal.TOO_MANY_UNPAID,
        OrderRefusal.SEVERAL_BUSINESSES,
        StockRefusal.STOCK_SHORT,
        SkuRefusal.SKU_UNKNOWN,
        SkuRefusal.SKU_RETIRED,
        StoreRefusal.STORE_UNKNOWN,
        StoreRefusal.STORE_CLOSED,
    ),
)
async def place_order(call: Call[None, NewOrder]) -> OrderView:
    """Place an order.

    Its units are held until `expires_at`. `price` of each line is the price the buyer saw; if it
    has changed meanwhile, nothing is ordered and the problem tells both. The same
    Idempotency-Key gives the same order, for ever.
    """
    placed = await actions.place_order(
        call.db,
        call.actor,
        call.body,
        call.key,
        minutes=call.settings.order_minutes,
        provider=next(iter(providers_of(call.settings)), ""),
    )
    return show_order(placed, call.actor.id)


@routes.get("/v1/orders", access=Access.PERSON)
async def list_my_orders(call: Call[OrdersQuery, None]) -> Page[OrderView]:
    """List my orders, newest first."""
    query = call.query
    page = await actions.my_orders(
        call.db, call.actor, state=query.state, cursor=query.cursor, limit=query.limit
    )
    return show_orders(page, call.actor.id)


@routes.get("/v1/orders/{order}")
async def read_order(call: Call[None, None]) -> OrderView:
    """Read an order of mine, or of my business."""
    return show_order(await actions.read_order(call.db, call.actor, call.path["order"]), call.actor.id)


@routes.post(
    "/v1/orders/{order}/pay",
    access=Access.PERSON,
    repeatable=True,
    refusals=(
        CommonRefusal.WRONG_STATE,
        OrderRefusal.PAYMENT_OVERDUE,
        PaymentRefusal.PAYMENT_UNAVAILABLE,
    ),
)
async def pay_order(call: Call[None, PayPlace]) -> PayPage:
    """Begin to pay: the answer's `url` is the page to open. Asked again, it is the same page."""
    return await actions.pay_order(
        call.db,
        providers_of(call.settings),
        call.actor,
        call.path["order"],
        return_url=f"{call.settings.web_url}{call.body.return_path}",
    )


@routes.post("/v1/orders/{order}/cancel", repeatable=True, refusals=(CommonRefusal.WRONG_STATE,))
async def cancel_order(call: Call[None, ReasonGiven]) -> OrderView:
    """Give an unpaid order up."""
    done = await actions.cancel_order(call.db, call.actor, call.path["order"], call.body.reason)
    return show_order(done, call.actor.id)


@routes.post("/v1/orders/{order}/refund", repeatable=True, refusals=(CommonRefusal.WRONG_STATE,))
async def refund_order(call: Call[None, ReasonGiven]) -> OrderView:
    """Ask for the money back, or (staff) give it back.

    What has not left the store is refunded at once; otherwise `refund_asked` is set until the
    staff agrees by calling this too.
    """
    done = await actions.refund_order(call.db, call.actor, call.path["order"], call.body.reason)
    return show_order(done, call.actor.id)


@routes.post(
    "/v1/orders/{order}/fulfil",
    refusals=(CommonRefusal.WRONG_STATE, OrderRefusal.WRONG_DELIVERY, OrderRefusal.PICK_UP_CODE_WRONG),
)
async def fulfil_order(call: Call[None, FulfilOrder]) -> OrderView:
    """Take an order's next step: ready to be picked up, shipped, complete. Staff only.

    When an order is ready, its buyer is told a pick-up code; who collects it tells it, and
    `complete` needs it.
    """
    body = call.body
    done = await actions.fulfil_order(call.db, call.actor, call.path["order"], body.step, code=body.code)
    return show_order(done, call.actor.id)


@routes.get("/v1/business-orders")
async def list_business_orders(call: Call[BusinessOrdersQuery, None]) -> Page[OrderView]:
    """List the orders of my businesses, newest first."""
    query = call.query
    page = await actions.business_orders(
        call.db,
        call.actor,
        business=query.business,
        program=query.program,
        state=query.state,
        refund_asked=query.refund_asked,
        cursor=query.cursor,
        limit=query.limit,
    )
    return show_orders(page, call.actor.id)


@routes.post(
    "/v1/payments/callbacks/{provider}",
    access=Access.PUBLIC,
    refusals=(
        PaymentRefusal.PROVIDER_UNKNOWN,
        PaymentRefusal.CALLBACK_FORGED,
        PaymentRefusal.CALLBACK_LATE,
        PaymentRefusal.CALLBACK_MISMATCH,
        PaymentRefusal.PAYMENT_UNKNOWN,
    ),
)
async def take_callback(call: Call[None, Upload]) -> CallbackTaken:
    """A payment provider tells what became of a payment.

    Signed by the provider (`docs/commerce.md`); told again, it changes nothing. An answer other
    than 2xx means: tell it again.
    """
    name = call.path["provider"]
    await actions.take_callback(
        call.db,
        providers_of(call.settings),
        name,
        f"/v1/payments/callbacks/{name}",
        call.headers,
        call.body.body,
    )
    return CallbackTaken()
