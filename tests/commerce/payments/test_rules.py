import pytest

from commerce.payments import rules
from commerce.payments.rules import CALLBACK_WINDOW_MS, PaymentRefusal
from schemas.money import Money
from schemas.payments import Payment, PaymentEvent, PaymentEventKind, PaymentState
from schemas.problems import Refusal

NOW = 1_700_000_000_000
OPEN = Payment(
    id="pay_1",
    order="ord_1",
    business="biz_1",
    account="acc_1",
    provider="till",
    amount=Money(amount=100),
    title="Bowl",
    expires_at=NOW,
)


def _event(kind: PaymentEventKind = PaymentEventKind.SUCCEEDED, name: str = "evt_1") -> PaymentEvent:
    return PaymentEvent(id=name, kind=kind, payment="pay_1", amount=Money(amount=100), at=NOW)


@pytest.mark.parametrize("off", [-CALLBACK_WINDOW_MS - 1, CALLBACK_WINDOW_MS + 1])
def test_a_signature_outside_of_the_window_is_refused(off: int) -> None:
    refused = rules.check_window(NOW + off, NOW)
    assert isinstance(refused, Refusal)
    assert refused.code is PaymentRefusal.CALLBACK_LATE
    assert rules.check_window(NOW + off // 2, NOW) is None


def test_an_event_counts_once_and_success_outweighs_being_closed() -> None:
    closed = rules.apply(OPEN, _event(PaymentEventKind.CLOSED))
    assert closed.state is PaymentState.CLOSED
    assert rules.apply(closed, _event()) is closed
    late = rules.apply(closed, _event(name="evt_2"))
    assert (late.state, late.paid_at, late.events) == (PaymentState.SUCCEEDED, NOW, ["evt_1", "evt_2"])
    assert rules.apply(late, _event(PaymentEventKind.CLOSED, "evt_3")).state is PaymentState.SUCCEEDED
    back = rules.send_back(late, "paid_twice", NOW)
    assert rules.apply(back, _event(name="evt_4")).state is PaymentState.REFUNDING


def test_tries_are_put_off_longer_and_longer() -> None:
    payment, pauses = OPEN, []
    for _ in range(7):
        payment = rules.later(payment, NOW)
        pauses.append(payment.next_try_at - NOW)
    assert pauses == [1_000, 5_000, 30_000, 120_000, 600_000, 600_000, 600_000]
