"""The demo's payment provider, as its customer sees it: a client of `workers.pay_sandbox`."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from commerce.payments import rules
from commerce.payments.provider import ProviderAway
from commerce.payments.rules import PaymentRefusal
from commerce.payments.signing import Forged, KeyMissing, Signer, keep_signer, public_key, signed_at
from infra.clock import now_ms
from infra.lines import LineDown, Lines
from infra.settings import Settings
from schemas.base import Ms, Value
from schemas.money import Money
from schemas.payments import Payment, PaymentEvent
from schemas.problems import CommonRefusal, Refused

T = TypeVar("T")
NAME = "sandbox"
MERCHANT_KEY = "pay-merchant"
PROVIDER_KEY = "pay-sandbox"
TIMEOUT_S = 5.0
OK = 200


class PaymentAsked(Value, frozen=True, kw_only=True):
    """What the sandbox is told of a payment."""

    id: str
    title: str
    amount: Money
    expires_at: Ms
    return_url: str
    notify_url: str


class PaymentPage(Value, frozen=True, kw_only=True):
    """Where the buyer pays."""

    url: str


class PaymentFound(Value, frozen=True, kw_only=True):
    """What became of a payment."""

    event: PaymentEvent | None = None


class RefundAnswer(Value, frozen=True, kw_only=True):
    """Whether the money is back."""

    done: bool


class Sandbox:
    """A `PaymentProvider`."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lines = Lines(settings.pay_url, timeout_s=TIMEOUT_S)
        self._signer: Signer | None = None

    async def create(self, payment: Payment, return_url: str) -> str:
        """Announce a payment, give the address of its page."""
        asked = PaymentAsked(
            id=payment.id,
            title=payment.title,
            amount=payment.amount,
            expires_at=payment.expires_at,
            return_url=return_url,
            notify_url=f"{self._settings.callback_url}/v1/payments/callbacks/{NAME}",
        )
        return (await self._ask("POST", "/payments", PaymentPage, msgspec.json.encode(asked))).url

    def verify(self, path: str, headers: Mapping[str, str], body: bytes) -> PaymentEvent:
        """Read a callback that the sandbox has signed within the last five minutes."""
        try:
            key = public_key(self._settings.run_dir, PROVIDER_KEY)
            at = signed_at(key, "POST", path, body, headers)
        except (Forged, KeyMissing) as why:
            raise Refused(PaymentRefusal.CALLBACK_FORGED, detail=str(why)) from None
        if refusal := rules.check_window(at, now_ms()):
            raise Refused(refusal)
        try:
            return msgspec.json.decode(body, type=PaymentEvent)
        except msgspec.MsgspecError as error:
            raise Refused(CommonRefusal.MALFORMED, detail=str(error)) from None

    async def query(self, payment: Payment) -> PaymentEvent | None:
        """Ask what became of a payment."""
        return (await self._ask("GET", f"/payments/{payment.id}", PaymentFound)).event

    async def refund(self, payment: Payment) -> bool:
        """Ask for the money back."""
        return (await self._ask("POST", f"/payments/{payment.id}/refund", RefundAnswer)).done

    async def close(self) -> None:
        """Let go of connections."""
        self._lines.close()

    async def _ask(self, method: str, path: str, answer: type[T], body: bytes = b"") -> T:
        if self._signer is None:
            self._signer = keep_signer(self._settings.run_dir, MERCHANT_KEY)
        headers = {**self._signer.headers(method, path, body), "content-type": "application/json"}
        try:
            reply = await self._lines.request(method, path, body=body, headers=headers)
            if reply.status == OK:
                return msgspec.json.decode(reply.body, type=answer)
            why = f"answered {reply.status}"
        except (LineDown, msgspec.MsgspecError) as error:
            why = f"{type(error).__name__} {error}"
        raise ProviderAway(f"{method} {path}: {why}")
