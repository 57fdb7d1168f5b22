"""Pure decisions about payments."""

import msgspec

from schemas.orders import OrderState
from schemas.payments import Payment, PaymentEvent, PaymentEventKind, PaymentState
from schemas.problems import Refusal, RefusalCode

CALLBACK_WINDOW_MS = 5 * 60_000
"""How far the time in a callback's signature may be from ours."""
QUERY_AFTER_MS = 30_000
"""How long a payment is open before its provider is asked whether a callback was lost."""
LAPSE_MS = 10 * 60_000
"""How long after its time a payment that its provider doesn't know is given up; announcing takes seconds."""
PAUSES_MS = (1_000, 5_000, 30_000, 120_000, 600_000)
"""Growing pauses between tries of a refund or a query."""


class PaymentRefusal(RefusalCode):
    """Why a payment or a provider's callback is refused."""

    PAYMENT_UNAVAILABLE = "payment_unavailable"
    PAYMENT_UNKNOWN = "payment_unknown"
    PROVIDER_UNKNOWN = "provider_unknown"
    CALLBACK_FORGED = "callback_forged"
    CALLBACK_LATE = "callback_late"
    CALLBACK_MISMATCH = "callback_mismatch"


def check_window(signed_at: int, now: int) -> Refusal | None:
    """Refuse a signature that is more than five minutes old, or from as far in the future."""
    if abs(now - signed_at) <= CALLBACK_WINDOW_MS:
        return None
    return Refusal(
        PaymentRefusal.CALLBACK_LATE, {"expected": f"within {CALLBACK_WINDOW_MS} ms", "at": signed_at}
    )


def check_event(payment: Payment | None, event: PaymentEvent, provider: str) -> Refusal | None:
    """Refuse an event about a payment that isn't there, isn't the provider's, or is of another amount."""
    if payment is None or payment.provider != provider:
        return Refusal(PaymentRefusal.PAYMENT_UNKNOWN, {"payment": event.payment})
    if event.amount != payment.amount:
        return Refusal(
            PaymentRefusal.CALLBACK_MISMATCH,
            {"payment": payment.id, "expected": payment.amount.amount, "got": event.amount.amount},
        )
    return None


def apply(payment: Payment, event: PaymentEvent) -> Payment:
    """Give the payment as it is after an event, which counts once; success outweighs being closed."""
    if event.id in payment.events:
        return payment
    known = msgspec.structs.replace(payment, events=[*payment.events, event.id])
    if event.kind is PaymentEventKind.SUCCEEDED and payment.state in (PaymentState.OPEN, PaymentState.CLOSED):
        return msgspec.structs.replace(known, state=PaymentState.SUCCEEDED, paid_at=event.at)
    if event.kind is PaymentEventKind.CLOSED and payment.state is PaymentState.OPEN:
        return msgspec.structs.replace(known, state=PaymentState.CLOSED)
    return known


def goes_on(payment: Payment | None, provider: str) -> bool:
    """Tell whether a payment can still be paid with a provider."""
    return payment is not None and payment.state is PaymentState.OPEN and payment.provider == provider


def lapse(payment: Payment, now: int) -> PaymentEvent | None:
    """Close a payment that its provider knows nothing of long after its time: nobody asked for its page."""
    if now < payment.expires_at + LAPSE_MS:
        return None
    kind = PaymentEventKind.CLOSED
    return PaymentEvent(
        id=f"lapsed_{payment.id}", kind=kind, payment=payment.id, amount=payment.amount, at=now
    )


def send_back(payment: Payment, reason: str, now: int) -> Payment:
    """Let the money of a payment that succeeded go back."""
    return msgspec.structs.replace(
        payment, state=PaymentState.REFUNDING, refund_reason=reason, next_try_at=now, tries=0
    )


def why_sent_back(order: OrderState) -> str:
    """Name the reason for which money that came for an order in this state goes back at once."""
    return {
        OrderState.EXPIRED: "order_expired",
        OrderState.CANCELLED: "order_cancelled",
    }.get(order, "paid_twice")


def later(payment: Payment, now: int) -> Payment:
    """Note a try that came to nothing and when the next one is due."""
    pause = PAUSES_MS[min(payment.tries, len(PAUSES_MS) - 1)]
    return msgspec.structs.replace(payment, tries=payment.tries + 1, next_try_at=now + pause)
