import random

import msgspec
import pytest

from commerce.orders import actions, conservation, rounds
from commerce.orders.rules import OrderRefusal
from commerce.orders.store import orders
from commerce.payments.rules import LAPSE_MS, PAUSES_MS, PaymentRefusal
from commerce.payments.store import payments
from infra.clock import now_ms
from infra.mongo import Database
from schemas.addresses import Address
from schemas.money import Money
from schemas.orders import Courier, Fulfilment, Order, OrderState
from schemas.payments import PaymentEventKind, PaymentState
from schemas.problems import CommonRefusal, Refused
from tests.commerce.orders.selling import Till, begin_to_pay, now, paid, pay, place
from tests.commerce.shop import Shop, at_once, buyer, open_shop


async def _overdue(shop: Shop, order: Order) -> None:
    """Let the order's time be over without waiting for it."""
    await orders.collection(shop.db).update_one({"_id": order.id}, {"$set": {"expires_at": 1}})


async def test_money_turns_reserved_units_into_sold_ones(db: Database) -> None:
    shop = await open_shop(db, units=5)
    order = await pay(shop, await place(shop, new=shop.order(2)))
    assert (order.state, order.paid_at is not None) == (OrderState.PAID, True)
    stock = await shop.stock()
    assert (stock.free, stock.reserved, stock.sold) == (3, 0, 2)
    assert (await payments.get(db, order.payment)).state is PaymentState.SUCCEEDED
    assert await conservation.check(db) == {}


async def test_asked_twice_the_page_is_the_same(db: Database) -> None:
    shop = await open_shop(db)
    order, till = await place(shop), Till()
    pages = await at_once(*(begin_to_pay(shop, order, till) for _ in range(5)))
    assert len({page.id for page in pages if not isinstance(page, BaseException)}) == 1
    assert await payments.collection(db).count({}) == 1


async def test_a_payment_opened_with_its_order_is_paid_without_another_step(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await place(shop, provider=till.name)
    payment = await begin_to_pay(shop, order, till)
    assert (payment.id, payment.order, payment.amount) == (order.payment, order.id, order.amount)
    assert await now(shop, order) == order
    after = await actions.apply_event(db, till.name, paid(payment))
    assert (after.state, after.payment) == (OrderState.PAID, payment.id)
    assert await payments.collection(db).count({}) == 1


async def test_a_payment_opened_with_its_order_is_for_its_buyer_in_its_time(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await place(shop, provider=till.name)
    with pytest.raises(Refused) as stranger:
        await actions.pay_order(db, {till.name: till}, buyer(2), order.id, return_url="")
    assert stranger.value.code is CommonRefusal.NOT_FOUND
    await _is_not_paid_late_or_cancelled(shop, order, till)


async def test_a_payment_whose_page_nobody_asked_for_is_given_up_after_its_time(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await place(shop, provider=till.name)
    states = []
    for expires_at in (now_ms() - LAPSE_MS + 60_000, now_ms() - LAPSE_MS):
        change = {"$set": {"expires_at": expires_at, "next_try_at": 0}}
        await payments.collection(db).update_one({"_id": order.payment}, change)
        await rounds.ask_providers(db, {till.name: till})
        states.append((await payments.get(db, order.payment)).state)
    assert states == [PaymentState.OPEN, PaymentState.CLOSED]
    after = await actions.apply_event(db, till.name, paid(await payments.get(db, order.payment)))
    assert after.state is OrderState.PAID  # success outweighs, whatever we gave up


async def test_only_the_buyer_pays_and_only_what_waits_for_it(db: Database) -> None:
    shop = await open_shop(db)
    order, till = await place(shop), Till()
    with pytest.raises(Refused) as stranger:
        await actions.pay_order(db, {"till": till}, buyer(2), order.id, return_url="")
    assert stranger.value.code is CommonRefusal.NOT_FOUND
    with pytest.raises(Refused) as nowhere:
        await actions.pay_order(db, {}, buyer(), order.id, return_url="")
    assert nowhere.value.code is PaymentRefusal.PAYMENT_UNAVAILABLE
    await _is_not_paid_late_or_cancelled(shop, order, till)
    assert await payments.collection(db).count({}) == 0


async def test_a_callback_told_ten_times_at_once_pays_once(db: Database) -> None:
    shop = await open_shop(db)
    order, till = await place(shop), Till()
    payment = await begin_to_pay(shop, order, till)
    event = paid(payment)
    await at_once(*(actions.apply_event(db, till.name, event) for _ in range(10)))
    await actions.apply_event(db, till.name, paid(payment))
    after = await now(shop, order)
    assert [step.state for step in after.steps] == [OrderState.PENDING_PAYMENT, OrderState.PAID]
    assert (await shop.stock()).sold == 1
    assert (await payments.get(db, payment.id)).state is PaymentState.SUCCEEDED


async def test_a_callback_about_another_amount_or_payment_changes_nothing(db: Database) -> None:
    shop = await open_shop(db)
    order, till = await place(shop), Till()
    payment = await begin_to_pay(shop, order, till)
    wrong = msgspec.structs.replace(paid(payment), amount=Money(amount=1))
    unknown = msgspec.structs.replace(paid(payment), payment="pay_none")
    for provider, event, code in (
        (till.name, wrong, PaymentRefusal.CALLBACK_MISMATCH),
        (till.name, unknown, PaymentRefusal.PAYMENT_UNKNOWN),
        ("other", paid(payment), PaymentRefusal.PAYMENT_UNKNOWN),
    ):
        with pytest.raises(Refused) as refused:
            await actions.apply_event(db, provider, event)
        assert refused.value.code is code
    assert (await now(shop, order)).state is OrderState.PENDING_PAYMENT
    assert (await payments.get(db, payment.id)) == payment


async def test_an_order_that_nobody_pays_gives_its_units_back(db: Database) -> None:
    shop = await open_shop(db, units=5)
    due, fresh = await place(shop, new=shop.order(2)), await place(shop)
    await _overdue(shop, due)
    assert await rounds.expire_overdue(db) == 1
    assert await rounds.expire_overdue(db) == 0
    assert ((await now(shop, due)).state, (await now(shop, fresh)).state) == (
        OrderState.EXPIRED,
        OrderState.PENDING_PAYMENT,
    )
    stock = await shop.stock()
    assert (stock.free, stock.reserved) == (4, 1)
    assert await conservation.check(db) == {}


async def test_an_order_in_time_can_not_be_expired(db: Database) -> None:
    shop = await open_shop(db)
    order = await place(shop)
    with pytest.raises(Refused) as refused:
        await actions.expire_order(db, order.id)
    assert refused.value.code is CommonRefusal.WRONG_STATE
    assert (await shop.stock()).reserved == 1


async def test_money_that_comes_after_expiry_goes_back_by_itself(db: Database) -> None:
    shop = await open_shop(db, units=1)
    order, till = await place(shop), Till()
    payment = await begin_to_pay(shop, order, till)
    await _overdue(shop, order)
    await rounds.expire_overdue(db)
    await place(shop, buyer(2))
    event = paid(payment)
    await actions.apply_event(db, till.name, event)
    assert (await now(shop, order)).state is OrderState.EXPIRED
    waiting = await payments.get(db, payment.id)
    assert (waiting.state, waiting.refund_reason) == (PaymentState.REFUNDING, "order_expired")
    assert await rounds.ask_providers(db, {till.name: till}) == 1
    await actions.apply_event(db, till.name, event)
    await rounds.ask_providers(db, {till.name: till})
    assert till.refunded == [payment.id]
    assert (await payments.get(db, payment.id)).state is PaymentState.REFUNDED
    assert (await now(shop, order)).state is OrderState.EXPIRED
    stock = await shop.stock()
    assert (stock.reserved, stock.sold) == (1, 0)


async def test_callback_against_expiry_has_one_winner_every_time(db: Database) -> None:
    shop, till = await open_shop(db, units=20), Till()
    placed = [await place(shop, buyer(n)) for n in range(20)]
    opened = {order.id: await begin_to_pay(shop, order, till) for order in placed}
    for order in placed:
        await _overdue(shop, order)
    calls = [actions.apply_event(db, till.name, paid(opened[order.id])) for order in placed]
    calls += [actions.expire_order(db, order.id) for order in placed]
    random.Random(7).shuffle(calls)
    await at_once(*calls)
    states = [(await now(shop, order)).state for order in placed]
    assert set(states) == {OrderState.PAID, OrderState.EXPIRED}
    for order, state in zip(placed, states, strict=True):
        expected = PaymentState.SUCCEEDED if state is OrderState.PAID else PaymentState.REFUNDING
        assert (await payments.get(db, opened[order.id].id)).state is expected
    stock = await shop.stock()
    assert (stock.sold, stock.reserved) == (states.count(OrderState.PAID), 0)
    assert await conservation.check(db) == {}


async def test_cancel_against_pay_has_one_winner_every_time(db: Database) -> None:
    shop, till = await open_shop(db, units=20), Till()
    placed = [await place(shop, buyer(n)) for n in range(20)]
    opened = {order.id: await begin_to_pay(shop, order, till) for order in placed}
    calls = [actions.apply_event(db, till.name, paid(opened[order.id])) for order in placed]
    calls += [actions.cancel_order(db, buyer(n), order.id) for n, order in enumerate(placed)]
    random.Random(11).shuffle(calls)
    await at_once(*calls)
    for order in placed:
        state = (await now(shop, order)).state
        money = (await payments.get(db, opened[order.id].id)).state
        assert (state, money) in {
            (OrderState.PAID, PaymentState.SUCCEEDED),
            (OrderState.CANCELLED, PaymentState.REFUNDING),
        }
    await rounds.ask_providers(db, {till.name: till})
    cancelled = await orders.collection(db).count({"state": OrderState.CANCELLED})
    assert (len(till.refunded), (await shop.stock()).sold) == (cancelled, 20 - cancelled)
    assert await conservation.check(db) == {}


async def test_an_order_paid_twice_keeps_one_payment_and_returns_the_other(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await place(shop)
    first = await begin_to_pay(shop, order, till)
    await actions.apply_event(db, till.name, paid(first, kind=PaymentEventKind.CLOSED))
    second = await begin_to_pay(shop, order, till)
    assert first.id != second.id
    await at_once(*(actions.apply_event(db, till.name, paid(one)) for one in (first, second)))
    after = await now(shop, order)
    kept, back = (first, second) if after.payment == first.id else (second, first)
    assert after.state is OrderState.PAID
    assert (await payments.get(db, kept.id)).state is PaymentState.SUCCEEDED
    assert (await payments.get(db, back.id)).refund_reason == "paid_twice"
    await rounds.ask_providers(db, {till.name: till})
    assert till.refunded == [back.id]
    assert (await now(shop, order)).state is OrderState.PAID


async def test_what_has_not_left_the_store_is_refunded_at_once(db: Database) -> None:
    shop, till = await open_shop(db, units=3), Till()
    order = await pay(shop, await place(shop), till)
    asked = await actions.refund_order(db, buyer(), order.id, "买错了")
    again = await actions.refund_order(db, buyer(), order.id, "买错了")
    assert (asked.state, again) == (OrderState.REFUNDING, asked)
    assert ((await shop.stock()).free, (await shop.stock()).sold) == (3, 0)
    await rounds.ask_providers(db, {till.name: till})
    await rounds.ask_providers(db, {till.name: till})
    assert till.refunded == [order.payment]
    assert (await now(shop, order)).state is OrderState.REFUNDED
    assert await conservation.check(db) == {}


async def test_what_was_shipped_is_refunded_when_the_staff_agrees(db: Database) -> None:
    shop, till = await open_shop(db, units=3), Till()
    parcel = Courier(address=Address(name="李雷", phone="13800000000", street="一号路 1 号"))
    new = msgspec.structs.replace(shop.order(), delivery=parcel)
    order = await pay(shop, await place(shop, new=new), till)
    await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.SHIP)
    asked = await actions.refund_order(db, buyer(), order.id, "有裂纹")
    assert (asked.state, asked.refund_asked and asked.refund_asked.reason) == (OrderState.SHIPPED, "有裂纹")
    waiting = await actions.business_orders(db, shop.operator, refund_asked=True)
    assert [one.id for one in waiting.items] == [order.id]
    agreed = await actions.refund_order(db, shop.operator, order.id)
    assert agreed.state is OrderState.REFUNDING
    await rounds.ask_providers(db, {till.name: till})
    assert (await now(shop, order)).state is OrderState.REFUNDED
    assert ((await shop.stock()).free, (await shop.stock()).sold) == (2, 1)
    assert await conservation.check(db) == {}
    actions_told = [doc["action"] for doc in await db.collection("audit").find({"target": order.id})]
    assert actions_told == ["orders.fulfil", "orders.refund"]


async def test_an_unpaid_order_has_nothing_to_refund_and_a_paid_one_is_not_cancelled(db: Database) -> None:
    shop = await open_shop(db)
    order = await place(shop)
    with pytest.raises(Refused) as nothing:
        await actions.refund_order(db, buyer(), order.id)
    assert nothing.value.code is CommonRefusal.WRONG_STATE
    await pay(shop, order)
    with pytest.raises(Refused) as too_late:
        await actions.cancel_order(db, buyer(), order.id)
    assert (too_late.value.code, too_late.value.data["got"]) == (CommonRefusal.WRONG_STATE, OrderState.PAID)
    assert (await shop.stock()).sold == 1


async def test_a_provider_that_is_away_is_asked_again_later(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await pay(shop, await place(shop), till)
    await actions.refund_order(db, buyer(), order.id)
    till.away = True
    before = now_ms()
    assert await rounds.ask_providers(db, {till.name: till}) == 0
    waiting = await payments.get(db, order.payment)
    assert (waiting.tries, waiting.state) == (1, PaymentState.REFUNDING)
    assert waiting.next_try_at >= before + PAUSES_MS[0]
    till.away = False
    await payments.collection(db).update_one({"_id": order.payment}, {"$set": {"next_try_at": 0}})
    assert await rounds.ask_providers(db, {till.name: till}) == 1
    assert (await now(shop, order)).state is OrderState.REFUNDED


async def test_a_lost_callback_is_asked_for(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await place(shop)
    payment = await begin_to_pay(shop, order, till)
    till.told[payment.id] = paid(payment)
    assert await rounds.ask_providers(db, {till.name: till}) == 0
    await payments.collection(db).update_one({"_id": payment.id}, {"$set": {"next_try_at": 0}})
    assert await rounds.ask_providers(db, {till.name: till}) == 1
    assert (await now(shop, order)).state is OrderState.PAID


async def test_money_on_its_way_when_the_order_was_cancelled_is_found_and_returned(db: Database) -> None:
    shop, till = await open_shop(db), Till()
    order = await place(shop)
    payment = await begin_to_pay(shop, order, till)
    await actions.cancel_order(db, buyer(), order.id)
    till.told[payment.id] = paid(payment)
    for _ in range(2):  # first the question, then the refund
        await payments.collection(db).update_one({"_id": payment.id}, {"$set": {"next_try_at": 0}})
        await rounds.ask_providers(db, {till.name: till})
    assert till.refunded == [payment.id]
    assert (await now(shop, order)).state is OrderState.CANCELLED


async def test_an_order_goes_its_way_step_by_step_and_only_the_staff_moves_it(db: Database) -> None:
    shop = await open_shop(db)
    order = await pay(shop, await place(shop))
    with pytest.raises(Refused):
        await actions.fulfil_order(db, buyer(), order.id, Fulfilment.SHIP)
    await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.SHIP)
    await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.COMPLETE)
    with pytest.raises(Refused) as refused:
        await actions.fulfil_order(db, shop.operator, order.id, Fulfilment.COMPLETE)
    assert refused.value.code is CommonRefusal.WRONG_STATE
    states = [step.state for step in (await now(shop, order)).steps]
    assert states == [OrderState.PENDING_PAYMENT, OrderState.PAID, OrderState.SHIPPED, OrderState.DONE]


async def _is_not_paid_late_or_cancelled(shop: Shop, order: Order, till: Till) -> None:
    await _overdue(shop, order)
    with pytest.raises(Refused) as late:
        await begin_to_pay(shop, order, till)
    assert late.value.code is OrderRefusal.PAYMENT_OVERDUE
    await actions.cancel_order(shop.db, buyer(), order.id)
    with pytest.raises(Refused) as over:
        await begin_to_pay(shop, order, till)
    assert over.value.code is CommonRefusal.WRONG_STATE
