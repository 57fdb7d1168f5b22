import httpx
import msgspec
import pytest

from commerce.orders import conservation, rounds
from commerce.orders.store import orders
from commerce.payments.providers import providers_of
from commerce.payments.sandbox import MERCHANT_KEY, PROVIDER_KEY
from commerce.payments.signing import keep_signer
from commerce.payments.store import payments
from infra.clock import now_ms
from schemas.ids import new_id
from schemas.money import Money
from schemas.payments import Payment, PaymentEvent, PaymentEventKind, PaymentState
from tests.http import plain_http
from tests.web.api import ok, problem
from tests.workers.pay_sandbox.market import Market

CALLBACKS = "/v1/payments/callbacks/sandbox"


async def _ordered(market: Market, quantity: int = 1) -> tuple[str, str]:
    """Place an order and open its payment page; gives order id and page."""
    order = ok(await market.buyer.order(market.shop, quantity), 201)["id"]
    return order, await market.buyer.page(order)


async def _payment(market: Market, order: str) -> Payment:
    return await payments.get(market.db, (await market.kept(order)).payment)


async def _call_back(
    market: Market,
    event: PaymentEvent,
    *,
    key: str = PROVIDER_KEY,
    at: int | None = None,
    path: str = CALLBACKS,
) -> httpx.Response:
    """Call the shop back as somebody who has this key would."""
    body = msgspec.json.encode(event)
    folder = market.settings.run_dir if key == PROVIDER_KEY else market.settings.data
    headers = keep_signer(folder, key).headers("POST", path, body, at=at)
    return await market.buyer.http.post(CALLBACKS, content=body, headers=headers)


def _event(payment: Payment, **changes: object) -> PaymentEvent:
    event = PaymentEvent(
        id=new_id("evt"),
        kind=PaymentEventKind.SUCCEEDED,
        payment=payment.id,
        amount=payment.amount,
        at=now_ms(),
    )
    return msgspec.structs.replace(event, **changes)


async def test_an_order_is_paid_on_the_page_and_the_shop_knows_when_the_buyer_is_back(market: Market) -> None:
    order, page = await _ordered(market, 2)
    back = await market.buyer.choose(page, "pay")
    assert (back.status_code, back.headers["location"]) == (303, f"{market.settings.web_url}/#/orders")
    assert await market.buyer.state(order) == "paid"
    stock = await market.shop.stock()
    assert (stock.free, stock.reserved, stock.sold) == (8, 0, 2)
    assert await conservation.check(market.db) == {}


async def test_the_page_speaks_both_languages_and_offers_one_choice_each_way(market: Market) -> None:
    _, page = await _ordered(market, 2)
    async with plain_http() as browser:
        chinese = await browser.get(page, headers={"accept-language": "zh-CN"})
        english = await browser.get(page, headers={"accept-language": "en"})
    for shown, pay, cancel in ((chinese.text, "支付", "取消"), (english.text, "Pay", "Cancel")):
        assert shown.count("<button") == 2
        assert f">{pay}</button>" in shown
        assert f">{cancel}</button>" in shown
        assert "青瓷碗" in shown
        assert "¥<b>39</b>.80" in shown.replace('<p class="amount">', "")
    assert "default-src 'none'" in chinese.headers["content-security-policy"]


async def test_a_payment_called_off_leaves_the_order_to_be_paid_anew(market: Market) -> None:
    order, first = await _ordered(market)
    await market.buyer.choose(first, "cancel")
    assert (await _payment(market, order)).state is PaymentState.CLOSED
    assert await market.buyer.state(order) == "pending_payment"
    second = await market.buyer.page(order)
    assert second != first
    await market.buyer.choose(first, "pay")
    assert await market.buyer.state(order) == "pending_payment"
    await market.buyer.choose(second, "pay")
    assert await market.buyer.state(order) == "paid"


async def test_a_double_tap_on_pay_pays_once(market: Market) -> None:
    order, page = await _ordered(market)
    assert await market.buyer.page(order) == page
    for _ in range(3):
        await market.buyer.choose(page, "pay")
    kept = await market.kept(order)
    assert [step.state for step in kept.steps] == ["pending_payment", "paid"]
    assert (await market.shop.stock()).sold == 1


@pytest.mark.parametrize("how", ["another key", "body", "path", "unsigned"])
async def test_a_forged_callback_is_refused_and_nothing_happens(market: Market, how: str) -> None:
    order, _ = await _ordered(market)
    payment = await _payment(market, order)
    event = _event(payment)
    if how == "another key":
        answer = await _call_back(market, event, key="forger")
    elif how == "path":
        answer = await _call_back(market, event, path="/v1/payments/callbacks/other")
    else:
        body = msgspec.json.encode(event)
        signer = keep_signer(market.settings.run_dir, PROVIDER_KEY)
        headers = signer.headers("POST", CALLBACKS, body + b" ") if how == "body" else {}
        answer = await market.buyer.http.post(CALLBACKS, content=body, headers=headers)
    assert problem(answer) == (401, "callback_forged")
    assert (await _payment(market, order)) == payment
    assert (await market.kept(order)).state == "pending_payment"


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_callback_signed_long_ago_is_refused(market: Market, minutes: int) -> None:
    order, _ = await _ordered(market)
    event = _event(await _payment(market, order))
    answer = await _call_back(market, event, at=now_ms() + minutes * 60_000)
    assert problem(answer) == (401, "callback_late")
    assert await market.buyer.state(order) == "pending_payment"
    ok(await _call_back(market, event, at=now_ms() - 4 * 60_000))
    assert await market.buyer.state(order) == "paid"


async def test_a_callback_of_another_amount_or_payment_is_refused(market: Market) -> None:
    order, _ = await _ordered(market)
    payment = await _payment(market, order)
    less = await _call_back(market, _event(payment, amount=Money(amount=1)))
    unknown = await _call_back(market, msgspec.structs.replace(_event(payment), payment="pay_none"))
    nobody = await market.buyer.http.post("/v1/payments/callbacks/nobody", content=b"{}")
    assert problem(less) == (409, "callback_mismatch")
    assert problem(unknown) == (404, "payment_unknown")
    assert problem(nobody) == (404, "provider_unknown")
    assert await market.buyer.state(order) == "pending_payment"


async def test_a_callback_told_twice_is_answered_twice_and_counts_once(market: Market) -> None:
    order, _ = await _ordered(market)
    event = _event(await _payment(market, order))
    for _ in range(2):
        ok(await _call_back(market, event))
    assert len((await market.kept(order)).steps) == 2
    assert (await market.shop.stock()).sold == 1


async def test_money_for_an_expired_order_is_given_back_by_the_provider(market: Market) -> None:
    order, page = await _ordered(market)
    await orders.collection(market.db).update_one({"_id": order}, {"$set": {"expires_at": 1}})
    await rounds.expire_overdue(market.db)
    await market.buyer.choose(page, "pay")
    payment = await _payment(market, order)
    assert (payment.state, payment.refund_reason) == (PaymentState.REFUNDING, "order_expired")
    await rounds.ask_providers(market.db, providers_of(market.settings))
    assert (await _payment(market, order)).state is PaymentState.REFUNDED
    assert market.ledger.refunded(payment.id)
    assert await market.buyer.state(order) == "expired"
    assert (await market.shop.stock()).sold == 0


async def test_a_paid_order_is_refunded_by_the_provider_once(market: Market) -> None:
    order, page = await _ordered(market)
    await market.buyer.choose(page, "pay")
    ok(await market.buyer.ask("POST", f"/v1/orders/{order}/refund", {"reason": "买错了"}))
    assert await market.buyer.state(order) == "refunding"
    for _ in range(2):
        await rounds.ask_providers(market.db, providers_of(market.settings))
    assert await market.buyer.state(order) == "refunded"
    assert market.ledger.refunded((await market.kept(order)).payment)


async def test_the_provider_serves_its_merchant_only(market: Market) -> None:
    order, _ = await _ordered(market)
    payment = (await market.kept(order)).payment
    path = f"/payments/{payment}/refund"
    base = f"http://127.0.0.1:{market.settings.pay_port}"
    async with plain_http(base_url=base) as anybody:
        assert (await anybody.post(path)).status_code == 401
        old = keep_signer(market.settings.run_dir, MERCHANT_KEY).headers("POST", path, b"", at=1)
        assert (await anybody.post(path, headers=old)).status_code == 401
        signed = keep_signer(market.settings.run_dir, MERCHANT_KEY).headers("POST", path, b"")
        assert (await anybody.post(path, headers=signed)).status_code == 409
        assert (await anybody.get("/p/pay_none")).status_code == 404
    assert not market.ledger.refunded(payment)


async def test_without_the_demo_nobody_is_paid_unless_the_settings_say_so(market: Market) -> None:
    alone = msgspec.structs.replace(market.settings, demo=False)
    assert providers_of(alone) == {}
    assert list(providers_of(msgspec.structs.replace(alone, sandbox_payments=True))) == ["sandbox"]
