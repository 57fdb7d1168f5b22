"""What has to be done about orders without anybody asking, over and over.

Orders whose time is over give their units back; providers are asked about payments of which
nothing was heard, and for the money that must go back. Several processes may make rounds at
once: each step is a command that takes effect once.
"""

import asyncio

from prometheus_client import Counter

from commerce.orders import actions, conservation
from commerce.orders.store import overdue
from commerce.payments import rules, store
from commerce.payments.provider import PaymentProvider, ProviderAway
from commerce.payments.providers import Providers
from infra.clock import now_ms
from infra.mongo import Database, Unavailable, Unknown
from infra.telemetry import get_logger
from schemas.orders import OrderState
from schemas.payments import Payment, PaymentState
from schemas.problems import Refused

PAUSE_S = 1.0
AT_ONCE = 200
CHECK_EVERY_S = 300.0
log = get_logger("orders")
EXPIRED = Counter("kaibo_orders_expired_total", "Orders that nobody paid in time.")
REFUNDED = Counter("kaibo_payments_refunded_total", "Payments given back, by reason.", ["reason"])


async def make_rounds(db: Database, providers: Providers, *, pause_s: float = PAUSE_S) -> None:
    """Make rounds until cancelled; a lost database is waited for."""
    checked = 0.0
    loop = asyncio.get_running_loop()
    while True:
        try:
            await expire_overdue(db)
            await ask_providers(db, providers)
            if loop.time() - checked >= CHECK_EVERY_S:
                checked = loop.time()
                await conservation.check(db)
        except (Unavailable, Unknown) as error:
            log.warning("rounds_interrupted", reason=str(error)[:200])
        except Exception:
            log.exception("rounds_failed")
        await asyncio.sleep(pause_s)


async def expire_overdue(db: Database) -> int:
    """Give up the orders whose time is over, tell how many."""
    found = await overdue(db, now_ms(), AT_ONCE)
    ended = await asyncio.gather(*(_expire(db, order) for order in found))
    return sum(ended)


async def ask_providers(db: Database, providers: Providers) -> int:
    """Ask about payments that are due, tell of how many something was learnt."""
    found = await store.due(db, now_ms(), AT_ONCE)
    known = [payment for payment in found if payment.provider in providers]
    settled = await asyncio.gather(*(_ask(db, providers[payment.provider], payment) for payment in known))
    return sum(settled)


async def _expire(db: Database, order: str) -> bool:
    try:
        expired = (await actions.expire_order(db, order)).state is OrderState.EXPIRED
    except Refused:  # paid or cancelled in this very moment
        return False
    EXPIRED.inc()
    return expired


async def _ask(db: Database, provider: PaymentProvider, payment: Payment) -> bool:
    try:
        settled = await (
            _refund(db, provider, payment)
            if payment.state is PaymentState.REFUNDING
            else _query(db, provider, payment)
        )
    except ProviderAway as why:
        log.warning("provider_away", payment=payment.id, reason=str(why)[:200])
        settled = False
    except Refused as refused:
        log.error("payment_refused", payment=payment.id, code=refused.code, data=dict(refused.data))
        settled = False
    if not settled:
        await store.put_off(db, rules.later(payment, now_ms()))
    return settled


async def _refund(db: Database, provider: PaymentProvider, payment: Payment) -> bool:
    if not await provider.refund(payment):
        return False
    await actions.note_refunded(db, payment.id)
    REFUNDED.labels(payment.refund_reason).inc()
    log.info("payment_refunded", payment=payment.id, reason=payment.refund_reason)
    return True


async def _query(db: Database, provider: PaymentProvider, payment: Payment) -> bool:
    event = await provider.query(payment) or rules.lapse(payment, now_ms())
    if event is None:
        return False
    await actions.apply_event(db, provider.name, event)
    return True
