"""Verbs of orders and of their payments.

Buyers act on their own orders, the staff on those of their business; every verb is one command
that the desk decides, so that two of them at the same moment never both have their way.
"""

import hashlib
import secrets
from collections.abc import Mapping

import msgspec
from structlog.contextvars import get_contextvars

from commerce.orders import rules, store
from commerce.orders.commands import (
    ApplyEvent,
    AskRefund,
    Close,
    Fulfil,
    NoteRefunded,
    OpenPayment,
    Place,
    Refund,
    Staff,
)
from commerce.orders.desk import submit
from commerce.orders.rules import Move
from commerce.orders.store import orders
from commerce.payments import rules as payment_rules
from commerce.payments.provider import ProviderAway
from commerce.payments.providers import Providers, preferred, provider_named
from commerce.payments.rules import PaymentRefusal
from content.authority import Grant, authorise
from content.documents import reach
from infra.clock import now_ms
from infra.http import Page
from infra.mongo import Database
from infra.telemetry import get_logger
from schemas.accounts import SYSTEM, Actor
from schemas.ids import new_id
from schemas.orders import Fulfilment, NewOrder, Order, OrderState, PayPage
from schemas.payments import Payment, PaymentEvent
from schemas.problems import CommonRefusal, Refused

log = get_logger("orders")
MINUTE_MS = 60_000
PICK_UP_DIGITS = 6


async def place_order(
    db: Database, actor: Actor, new: NewOrder, key: str, *, minutes: float, provider: str = ""
) -> Order:
    """Place an order whose units are held for `minutes`; the same key again gives the same order.

    With `provider`, its payment is opened in the same step: to pay then needs no further transaction.
    Raises Refused(price_changed, stock_short, sku_unknown, sku_retired, store_unknown, store_closed,
    over_limit, not_on_sale, program_not_selling, several_businesses, too_many_unpaid,
    idempotency_key_reused).
    """
    if actor.guest:
        raise Refused(CommonRefusal.NOT_SIGNED_IN)
    now = now_ms()
    command = Place(
        by=actor.id,
        at=now,
        order=new_id("ord"),
        buyer=actor.name,
        actor=actor,
        new=new,
        key=key,
        request=hashlib.sha256(msgspec.json.encode(new)).hexdigest(),
        expires_at=now + int(minutes * MINUTE_MS),
        payment=new_id("pay") if provider else "",
        provider=provider,
    )
    return (await submit(db, command)).order


async def pay_order(
    db: Database, providers: Providers, actor: Actor, identifier: str, *, return_url: str
) -> PayPage:
    """Give the page on which the buyer pays; asked again, the same page.

    Raises Refused(not_found, wrong_state, payment_overdue, payment_unavailable).
    """
    provider = preferred(providers)
    payment = await _open_payment(db, actor, identifier, provider.name)
    try:
        url = await provider.create(payment, return_url)
    except ProviderAway as why:
        log.warning("provider_away", payment=payment.id, reason=str(why)[:200])
        raise Refused(PaymentRefusal.PAYMENT_UNAVAILABLE, retry_after=2) from None
    return PayPage(payment=payment.id, url=url, expires_at=payment.expires_at)


async def _open_payment(db: Database, actor: Actor, identifier: str, provider: str) -> Payment:
    """Give the payment that is open, or open one.

    One that is open may be announced whatever happens to its order meanwhile: money that comes too
    late goes back.
    """
    now = now_ms()
    order, payment = await store.with_payment(db, identifier)
    waits = order is not None and order.account == actor.id and rules.check_payable(order, now) is None
    if waits and payment is not None and payment_rules.goes_on(payment, provider):
        return payment
    command = OpenPayment(by=actor.id, at=now, order=identifier, payment=new_id("pay"), provider=provider)
    opened = (await submit(db, command)).payment
    assert opened is not None
    return opened


async def apply_event(db: Database, provider: str, event: PaymentEvent) -> Order:
    """Take in what a provider has told, once per event.

    The caller has verified that the provider told it. Raises Refused(payment_unknown, callback_mismatch).
    """
    command = ApplyEvent(by=SYSTEM.id, at=now_ms(), payment=event.payment, provider=provider, event=event)
    return (await submit(db, command)).order


async def take_callback(
    db: Database, providers: Providers, provider: str, path: str, headers: Mapping[str, str], body: bytes
) -> Order:
    """Verify a callback and take it in.

    Raises Refused(provider_unknown, callback_forged, callback_late, payment_unknown, callback_mismatch).
    """
    try:
        event = provider_named(providers, provider).verify(path, headers, body)
        return await apply_event(db, provider, event)
    except Refused as refused:
        log.warning("callback_refused", provider=provider, code=refused.code, data=dict(refused.data))
        raise


async def cancel_order(db: Database, actor: Actor, identifier: str, reason: str = "") -> Order:
    """Give an unpaid order up: its buyer, or the staff. Raises Refused(not_found, wrong_state)."""
    order = await orders.get(db, identifier)
    staff = None if order.account == actor.id else _staff(actor, rules.CANCEL, order.business)
    command = Close(by=actor.id, at=now_ms(), order=identifier, move=Move.CANCEL, reason=reason, staff=staff)
    return (await submit(db, command)).order


async def expire_order(db: Database, identifier: str) -> Order:
    """Give up an order whose time is over; raises Refused(wrong_state) when it isn't, or is paid."""
    command = Close(by=SYSTEM.id, at=now_ms(), order=identifier, move=Move.EXPIRE)
    return (await submit(db, command)).order


async def refund_order(db: Database, actor: Actor, identifier: str, reason: str = "") -> Order:
    """Ask the money back (the buyer), or give it back (the staff).

    What has not left the store is refunded at once. What has is noted (`refund_asked`) until the
    staff agrees by calling this. Raises Refused(not_found, wrong_state).
    """
    order = await orders.get(db, identifier)
    if order.account == actor.id:
        ask = AskRefund(by=actor.id, at=now_ms(), order=identifier, reason=reason)
        return (await submit(db, ask)).order
    staff = _staff(actor, rules.REFUND, order.business)
    give = Refund(by=actor.id, at=now_ms(), order=identifier, reason=reason, staff=staff)
    return (await submit(db, give)).order


async def note_refunded(db: Database, payment: str) -> Order:
    """Note that a payment's provider has given the money back."""
    return (await submit(db, NoteRefunded(by=SYSTEM.id, at=now_ms(), payment=payment))).order


async def fulfil_order(
    db: Database, actor: Actor, identifier: str, step: Fulfilment, *, code: str = ""
) -> Order:
    """Take an order's next step: staff only. `code` is what the buyer told who collects the order.

    Raises Refused(wrong_state, wrong_delivery, pick_up_code_wrong).
    """
    order = await orders.get(db, identifier)
    staff = _staff(actor, rules.FULFIL, order.business)
    if step is Fulfilment.READY:
        code = f"{secrets.randbelow(10**PICK_UP_DIGITS):0{PICK_UP_DIGITS}}"
    command = Fulfil(by=actor.id, at=now_ms(), order=identifier, step=step, code=code, staff=staff)
    return (await submit(db, command)).order


async def read_order(db: Database, actor: Actor, identifier: str) -> Order:
    """Give an order to its buyer and to the staff of its business."""
    order = await orders.get(db, identifier)
    if order.account != actor.id:
        authorise(actor, rules.READ, order.business)
    return order


async def my_orders(
    db: Database, actor: Actor, *, state: OrderState | None = None, cursor: str = "", limit: int = 20
) -> Page[Order]:
    """List the actor's own orders, newest first."""
    where = {"account": actor.id} | ({"state": state} if state else {})
    return await orders.page(db, where, cursor=cursor, limit=limit)


async def business_orders(
    db: Database,
    actor: Actor,
    *,
    business: str = "",
    program: str = "",
    state: OrderState | None = None,
    refund_asked: bool = False,
    cursor: str = "",
    limit: int = 20,
) -> Page[Order]:
    """List the orders of the businesses the actor is an operator of."""
    where = reach(actor, rules.READ, business)
    if program:
        where["program"] = program
    if state:
        where["state"] = state
    if refund_asked:
        where["refund_asked"] = {"$ne": None}
    return await orders.page(db, where, cursor=cursor, limit=limit)


def _staff(actor: Actor, wanted: Grant, business: str) -> Staff:
    """Let somebody of the staff act; raises Refused unless she holds the grant."""
    authorise(actor, wanted, business)
    return Staff(actor, wanted.name, str(get_contextvars().get("request_id", "")))
