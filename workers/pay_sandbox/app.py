"""The sandbox's HTTP: a signed API for the merchant, a page for the buyer."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from commerce.payments import rules
from commerce.payments.sandbox import MERCHANT_KEY, PaymentAsked, PaymentFound, PaymentPage, RefundAnswer
from commerce.payments.signing import Forged, KeyMissing, public_key, signed_at
from infra.clock import now_ms
from infra.problems import language
from infra.settings import Settings
from infra.telemetry import METRICS_CONTENT_TYPE, render_metrics
from schemas.payments import PaymentEventKind
from workers.pay_sandbox.ledger import AskedDifferently, Ledger, NotPaid
from workers.pay_sandbox.page import pay_page, unknown_page
from workers.pay_sandbox.teller import Teller

MAX_BODY = 64 * 1024
HEARD_WITHIN_S = 2.0
"""How long a buyer who has paid waits for the merchant to know, before being sent back."""
SAFE_PAGE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
CHOICES = {"pay": PaymentEventKind.SUCCEEDED, "cancel": PaymentEventKind.CLOSED}

Handler = Callable[[Request], Awaitable[Response]]


def create_app(settings: Settings, ledger: Ledger, teller: Teller) -> Starlette:
    """Make the app."""
    merchant, buyer = MerchantApi(settings, ledger), BuyerPages(ledger, teller)
    return Starlette(
        routes=[
            Route("/payments", merchant.announce, methods=["POST"]),
            Route("/payments/{payment}", merchant.tell, methods=["GET"]),
            Route("/payments/{payment}/refund", merchant.refund, methods=["POST"]),
            Route("/p/{payment}", buyer.show, methods=["GET"]),
            Route("/p/{payment}", buyer.choose, methods=["POST"]),
            Route("/healthz", _well, methods=["GET"]),
            Route("/readyz", _well, methods=["GET"]),
            Route("/metrics", _metrics, methods=["GET"]),
        ]
    )


class MerchantApi:
    """What the merchant may ask, each request signed with its key."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger

    async def announce(self, request: Request) -> Response:
        """Note a payment; the answer tells where the buyer pays."""
        body = await self._signed(request)
        if body is None:
            return _refuse(401, "not signed by the merchant")
        try:
            asked = msgspec.json.decode(body, type=PaymentAsked)
            self._ledger.announce(asked)
        except msgspec.MsgspecError as error:
            return _refuse(422, str(error))
        except AskedDifferently:
            return _refuse(409, "this payment was announced differently")
        return _answer(PaymentPage(url=f"{self._settings.pay_page_url}/p/{asked.id}"))

    async def tell(self, request: Request) -> Response:
        """Tell what became of a payment; one whose time is over is closed."""
        if await self._signed(request) is None:
            return _refuse(401, "not signed by the merchant")
        asked = self._ledger.asked(request.path_params["payment"])
        if asked is None:
            return _answer(PaymentFound())
        event = self._ledger.event_of(asked.id)
        if event is None and now_ms() >= asked.expires_at:
            event = self._ledger.settle(asked, PaymentEventKind.CLOSED, now_ms())
        return _answer(PaymentFound(event=event))

    async def refund(self, request: Request) -> Response:
        """Give the whole amount back."""
        if await self._signed(request) is None:
            return _refuse(401, "not signed by the merchant")
        try:
            self._ledger.refund(request.path_params["payment"], now_ms())
        except NotPaid:
            return _refuse(409, "this payment was not paid")
        return _answer(RefundAnswer(done=True))

    async def _signed(self, request: Request) -> bytes | None:
        """Give the body if the merchant has signed the request within the last minutes."""
        body = await _bounded_body(request)
        if body is None:
            return None
        try:
            key = public_key(self._settings.run_dir, MERCHANT_KEY)
            at = signed_at(key, request.method, request.url.path, body, request.headers)
        except (Forged, KeyMissing):
            return None
        return None if rules.check_window(at, now_ms()) else body


class BuyerPages:
    """What the buyer sees. Who knows a payment's id may pay it, as with any payment link."""

    def __init__(self, ledger: Ledger, teller: Teller) -> None:
        self._ledger = ledger
        self._teller = teller

    async def show(self, request: Request) -> Response:
        """Show a payment."""
        spoken = language(request.headers.get("accept-language", ""))
        asked = self._ledger.asked(request.path_params["payment"])
        if asked is None:
            return HTMLResponse(unknown_page(spoken), 404, SAFE_PAGE)
        event = self._ledger.event_of(asked.id)
        return HTMLResponse(pay_page(asked, event, now_ms(), spoken), headers=SAFE_PAGE)

    async def choose(self, request: Request) -> Response:
        """Pay or cancel, tell the merchant, and send the buyer back once it knows."""
        asked = self._ledger.asked(request.path_params["payment"])
        if asked is None:
            spoken = language(request.headers.get("accept-language", ""))
            return HTMLResponse(unknown_page(spoken), 404, SAFE_PAGE)
        form = parse_qs((await _bounded_body(request) or b"").decode(errors="replace"))
        choice = form.get("choice", [""])[0]
        if choice in CHOICES:
            event = self._ledger.settle(asked, CHOICES[choice], now_ms())
            self._teller.tell()
            await self._teller.heard(event.id, HEARD_WITHIN_S)
            return RedirectResponse(asked.return_url, 303)
        return RedirectResponse(request.url.path, 303)


async def _bounded_body(request: Request) -> bytes | None:
    """Read a body of at most `MAX_BODY` bytes; `None` when it is longer."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


async def _well(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _metrics(_: Request) -> Response:
    return Response(render_metrics(), media_type=METRICS_CONTENT_TYPE)


def _answer(value: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _refuse(status: int, reason: str) -> Response:
    return JSONResponse({"error": reason}, status)
